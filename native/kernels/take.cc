// Examples picked by their numbers.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "box.h"

namespace cajal::CAJAL_ISA {

int take(const Invocation& invocation);
size_t take_scratch(const Invocation& invocation);

size_t take_scratch(const Invocation&) { return 0; }

namespace {

CAJAL_INLINE void copy_example(const uint8_t* from, uint8_t* to, int64_t count) {
  int64_t index = 0;
  for (; index + kLanes <= count; index += kLanes) {
    *reinterpret_cast<lanes::UnalignedBytes*>(to + index) = *reinterpret_cast<const lanes::UnalignedBytes*>(from + index);
  }
  for (; index < count; index++) to[index] = from[index];
}

CAJAL_INLINE void copy_example(const float* from, float* to, int64_t count) { copy_run<false>(from, to, count); }

template <typename T>
void take_examples(Parallel* parallel, const Tensor& x, const int32_t* indices, const Tensor& y) {
  int64_t size = 1;
  for (int axis = 1; axis < 6; axis++) size *= y.sizes[axis];
  const auto* from = reinterpret_cast<const T*>(x.data);
  auto* to = reinterpret_cast<T*>(y.data);
  const int64_t pieces = ceil_divide(size, 2 * kMovedFloats);
  const int64_t examples = pieces > 1 ? 1 : larger(1, kMovedFloats / size);  // of a tile
  parallel_for(parallel, ceil_divide(y.sizes[0], examples) * pieces, [&](int64_t tile, int) {
    const int64_t first = tile % pieces * 2 * kMovedFloats, count = smaller(2 * kMovedFloats, size - first);
    const int64_t begin = tile / pieces * examples, end = smaller(y.sizes[0], begin + examples);
    for (int64_t example = begin; example < end; example++) {
      const int64_t chosen = smaller(larger(indices[example], 0), x.sizes[0] - 1);
      copy_example(from + chosen * size + first, to + example * size + first, count);
    }
  });
}

}  // namespace

int take(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto* indices = reinterpret_cast<const int32_t*>(invocation.inputs[1].data);
  if (x.dtype == kUint8) take_examples<uint8_t>(invocation.parallel, x, indices, y);
  else take_examples<float>(invocation.parallel, x, indices, y);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
