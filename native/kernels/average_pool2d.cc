// Average pooling and its gradient: places outside the picture do not count.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "taps.h"

namespace cajal::CAJAL_ISA {

int average_pool2d(const Invocation& invocation);
size_t average_pool2d_scratch(const Invocation& invocation);
int average_pool2d_gradient(const Invocation& invocation);
size_t average_pool2d_gradient_scratch(const Invocation& invocation);

namespace {

// The windows along one axis.
struct Axis {
  int64_t length, places;  // of the picture, and windows
  int32_t pool, stride, padding;

  int64_t most_weights() const { return places * smaller(pool, length); }
};

void fill_taps(const Axis& axis, Taps& taps) {
  int32_t offset = 0;
  for (int32_t place = 0; place < axis.places; place++) {
    const int32_t start = place * axis.stride - axis.padding;
    const auto first = static_cast<int32_t>(larger(0, start));
    const auto end = static_cast<int32_t>(smaller(axis.length, start + axis.pool));
    taps.first[place] = first;
    taps.offsets[place] = offset;
    for (int32_t index = first; index < end; index++) taps.weights[offset++] = 1.0f / static_cast<float>(end - first);
  }
  taps.offsets[axis.places] = offset;
}

struct Axes {
  Axis rows, columns;
};

Axes axes_of(const Invocation& invocation, const Tensor& pictures, const Tensor& pooled) {
  // The gradient's attributes begin with those of the pooling.
  const auto& a = *reinterpret_cast<const AveragePool2dAttributes*>(invocation.attributes);
  return {{pictures.sizes[1], pooled.sizes[1], a.pool_height, a.stride_height, a.padding_top},
          {pictures.sizes[2], pooled.sizes[2], a.pool_width, a.stride_width, a.padding_left}};
}

}  // namespace

size_t average_pool2d_scratch(const Invocation& invocation) {
  const Axes axes = axes_of(invocation, invocation.inputs[0], invocation.outputs[0]);
  ScratchCutter cutter(nullptr);
  take_taps(cutter, axes.rows.places, axes.rows.most_weights());
  take_taps(cutter, axes.columns.places, axes.columns.most_weights());
  return cutter.bytes();
}

int average_pool2d(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const Axes axes = axes_of(invocation, x, y);
  ScratchCutter cutter(invocation.scratch);
  Taps rows = take_taps(cutter, axes.rows.places, axes.rows.most_weights());
  Taps columns = take_taps(cutter, axes.columns.places, axes.columns.most_weights());
  fill_taps(axes.rows, rows);
  fill_taps(axes.columns, columns);
  weigh_pictures(invocation.parallel, x, y, rows, columns);
  return kCajalOk;
}

namespace {

Taps take_turned(ScratchCutter& cutter, const Axis& axis, bool fills) {
  Taps taps = take_taps(cutter, axis.places, axis.most_weights());
  Taps turned = take_taps(cutter, axis.length, axis.most_weights());
  if (!fills) return turned;
  fill_taps(axis, taps);
  turn_taps(taps, turned);
  return turned;
}

}  // namespace

size_t average_pool2d_gradient_scratch(const Invocation& invocation) {
  const Axes axes = axes_of(invocation, invocation.outputs[0], invocation.inputs[0]);
  ScratchCutter cutter(nullptr);
  take_turned(cutter, axes.rows, false);
  take_turned(cutter, axes.columns, false);
  return cutter.bytes();
}

int average_pool2d_gradient(const Invocation& invocation) {
  const Tensor &dy = invocation.inputs[0], &dx = invocation.outputs[0];
  const Axes axes = axes_of(invocation, dx, dy);
  ScratchCutter cutter(invocation.scratch);
  const Taps rows = take_turned(cutter, axes.rows, true), columns = take_turned(cutter, axes.columns, true);
  weigh_pictures(invocation.parallel, dy, dx, rows, columns);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
