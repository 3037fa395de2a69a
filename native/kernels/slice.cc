// A part of an array, and an array within a larger one, with a value around it.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "box.h"

namespace cajal::CAJAL_ISA {

int slice(const Invocation& invocation);
size_t slice_scratch(const Invocation& invocation);
int pad(const Invocation& invocation);
size_t pad_scratch(const Invocation& invocation);

size_t slice_scratch(const Invocation&) { return 0; }

int slice(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const int32_t* start = reinterpret_cast<const SliceAttributes*>(invocation.attributes)->start;
  const Strides whole(x), part(y);
  const auto* from = reinterpret_cast<const float*>(x.data);
  Box box;
  for (int axis = 0; axis < y.rank; axis++) {
    from += start[axis] * whole.of[axis];
    box.add(y.sizes[axis], whole.of[axis], part.of[axis]);
  }
  copy_box(invocation.parallel, box, from, reinterpret_cast<float*>(y.data));
  return kCajalOk;
}

namespace {

// An array within a larger one. Axes that are filled wholly are merged with the one before them, so that a row is as long as
// can be.
struct Frame {
  int axes = 0;  // before the rows
  int64_t sizes[6], starts[6], wholes[6], strides[6];
  int64_t row, row_start, row_whole;
};

Frame frame_of(const Tensor& x, const Tensor& y, const int32_t* start) {
  Frame frame = {};
  frame.row = frame.row_whole = 1;
  int axis = x.rank - 1;
  for (bool is_whole = true; axis >= 0 && is_whole; axis--) {
    is_whole = x.sizes[axis] == y.sizes[axis];
    frame.row_start = start[axis] * frame.row;
    frame.row *= x.sizes[axis];
    frame.row_whole *= y.sizes[axis];
  }
  const Strides strides(x);
  frame.axes = axis + 1;
  for (; axis >= 0; axis--) {
    frame.sizes[axis] = x.sizes[axis];
    frame.wholes[axis] = y.sizes[axis];
    frame.starts[axis] = start[axis];
    frame.strides[axis] = strides.of[axis];
  }
  return frame;
}

}  // namespace

size_t pad_scratch(const Invocation&) { return 0; }

int pad(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto& attributes = *reinterpret_cast<const PadAttributes*>(invocation.attributes);
  const Frame frame = frame_of(x, y, attributes.start);
  const auto* from = reinterpret_cast<const float*>(x.data);
  auto* to = reinterpret_cast<float*>(y.data);
  int64_t rows = 1;
  for (int axis = 0; axis < frame.axes; axis++) rows *= frame.wholes[axis];
  const int64_t tile_rows = larger(1, kMovedFloats / frame.row_whole);
  parallel_for(invocation.parallel, ceil_divide(rows, tile_rows), [&](int64_t tile, int) {
    const int64_t last = smaller(rows, (tile + 1) * tile_rows);
    for (int64_t row = tile * tile_rows; row < last; row++) {
      int64_t rest = row, source = 0;
      bool is_inside = true;
      for (int axis = frame.axes - 1; axis >= 0; axis--) {
        const int64_t place = rest % frame.wholes[axis] - frame.starts[axis];
        rest /= frame.wholes[axis];
        is_inside = is_inside && place >= 0 && place < frame.sizes[axis];
        source += place * frame.strides[axis];
      }
      float* target = to + row * frame.row_whole;
      if (!is_inside) {
        fill_run(target, frame.row_whole, attributes.value);
        continue;
      }
      fill_run(target, frame.row_start, attributes.value);
      copy_run<false>(from + source, target + frame.row_start, frame.row);
      const int64_t end = frame.row_start + frame.row;
      fill_run(target + end, frame.row_whole - end, attributes.value);
    }
  });
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
