// Pictures as bytes.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "bytes.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

int to_bytes(const Invocation& invocation);
size_t to_bytes_scratch(const Invocation& invocation);

size_t to_bytes_scratch(const Invocation&) { return 0; }

namespace {

constexpr int64_t kNumbers = 1 << 14;  // of a parallel tile

}  // namespace

int to_bytes(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  int64_t count = 1;
  for (int axis = 0; axis < 6; axis++) count *= x.sizes[axis];
  const auto* from = reinterpret_cast<const float*>(x.data);
  parallel_for(invocation.parallel, ceil_divide(count, kNumbers), [&](int64_t tile, int) {
    int64_t index = tile * kNumbers;
    const int64_t end = smaller(count, index + kNumbers);
    for (; index + kLanes <= end; index += kLanes) store_as_bytes(y.data + index, byte_of(load(from + index)));
    if (index == end) return;
    const vi rest = byte_of(load_partial(from + index, static_cast<int>(end - index)));
    int32_t numbers[kLanes];
    store(numbers, rest);
    for (int lane = 0; index < end; index++, lane++) y.data[index] = static_cast<uint8_t>(numbers[lane]);
  });
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
