// Copies a box of numbers out of an array into another: neighbours along each axis lie a stride apart on either side.
#ifndef CAJAL_KERNELS_BOX_H
#define CAJAL_KERNELS_BOX_H

#include "../runtime/kernel.h"
#include "../simd/vec.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// Axes from the first to the last; strides count floats. Axes of size 1 are left out, and an axis along which both sides
// step on as along the one behind it is merged with that.
struct Box {
  int axes = 0;
  int64_t sizes[6], from_strides[6], to_strides[6];

  void add(int64_t size, int64_t from_stride, int64_t to_stride) {
    if (size == 1) return;
    const int last = axes - 1;
    if (last >= 0 && from_strides[last] == size * from_stride && to_strides[last] == size * to_stride) {
      sizes[last] *= size;
      from_strides[last] = from_stride;
      to_strides[last] = to_stride;
      return;
    }
    sizes[axes] = size;
    from_strides[axes] = from_stride;
    to_strides[axes++] = to_stride;
  }
};

// The distance between neighbours along each axis of an array without gaps.
struct Strides {
  int64_t of[6];
  explicit Strides(const Tensor& tensor) {
    int64_t stride = 1;
    for (int axis = tensor.rank - 1; axis >= 0; axis--) {
      of[axis] = stride;
      stride *= tensor.sizes[axis];
    }
  }
};

constexpr int64_t kMovedFloats = 1 << 14;        // of a parallel tile, about
constexpr int64_t kFloatsPastCaches = 1 << 22;   // arrays of this size are written past the caches

template <bool kStreams>
CAJAL_INLINE void copy_run(const float* from, float* to, int64_t count) {
  int64_t index = 0;
  for (; index + kLanes <= count; index += kLanes) {
    if (kStreams) store_streaming(to + index, load(from + index));
    else store(to + index, load(from + index));
  }
  const int rest = static_cast<int>(count - index);
  if (rest > 0) store_partial(to + index, load_partial(from + index, rest), rest);
}

CAJAL_INLINE void fill_run(float* to, int64_t count, float value) {
  int64_t index = 0;
  for (; index + kLanes <= count; index += kLanes) store(to + index, broadcast(value));
  for (; index < count; index++) to[index] = value;
}

// Rows first … last - 1 of the box, or the part of each from `run_first` on, for `run` numbers.
template <bool kStreams>
void copy_rows(const Box& box, const float* from, float* to, int64_t first, int64_t last, int64_t run_first, int64_t run) {
  const int inner = box.axes - 1;
  const int64_t from_step = inner < 0 ? 1 : box.from_strides[inner], to_step = inner < 0 ? 1 : box.to_strides[inner];
  int64_t place[6];
  int64_t rest = first;
  from += run_first * from_step;
  to += run_first * to_step;
  for (int axis = inner - 1; axis >= 0; axis--) {
    place[axis] = rest % box.sizes[axis];
    rest /= box.sizes[axis];
    from += place[axis] * box.from_strides[axis];
    to += place[axis] * box.to_strides[axis];
  }
  for (int64_t row = first; row < last; row++) {
    if (from_step == 1 && to_step == 1) {
      copy_run<kStreams>(from, to, run);
    } else {
      for (int64_t index = 0; index < run; index++) to[index * to_step] = from[index * from_step];
    }
    for (int axis = inner - 1; axis >= 0; axis--) {
      from += box.from_strides[axis];
      to += box.to_strides[axis];
      if (++place[axis] < box.sizes[axis]) break;
      from -= box.sizes[axis] * box.from_strides[axis];
      to -= box.sizes[axis] * box.to_strides[axis];
      place[axis] = 0;
    }
  }
  if (kStreams) finish_streaming();
}

CAJAL_INLINE void copy_box(Parallel* parallel, const Box& box, const float* from, float* to) {
  const int64_t run = box.axes == 0 ? 1 : box.sizes[box.axes - 1];
  int64_t rows = 1;
  for (int axis = 0; axis + 1 < box.axes; axis++) rows *= box.sizes[axis];
  const int64_t pieces = ceil_divide(run, 2 * kMovedFloats), piece = ceil_divide(run, pieces);
  const int64_t tile_rows = pieces > 1 ? 1 : larger(1, kMovedFloats / run);
  const bool streams = rows * run > kFloatsPastCaches;
  parallel_for(parallel, ceil_divide(rows, tile_rows) * pieces, [&](int64_t tile, int) {
    const int64_t first = tile / pieces * tile_rows, last = smaller(rows, first + tile_rows);
    const int64_t run_first = tile % pieces * piece, count = smaller(piece, run - run_first);
    if (streams) copy_rows<true>(box, from, to, first, last, run_first, count);
    else copy_rows<false>(box, from, to, first, last, run_first, count);
  });
}

}  // namespace cajal::CAJAL_ISA

#endif
