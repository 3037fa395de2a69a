// Pictures of which each pixel is read at a place of its own.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "sample.h"

namespace cajal::CAJAL_ISA {

int displace(const Invocation& invocation);
size_t displace_scratch(const Invocation& invocation);

size_t displace_scratch(const Invocation&) { return 0; }

int displace(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto& a = *reinterpret_cast<const DisplaceAttributes*>(invocation.attributes);
  const auto* offsets = reinterpret_cast<const float*>(invocation.inputs[1].data);
  const int64_t height = y.sizes[1], width = y.sizes[2];
  const auto places = [&](int64_t example, int64_t row) {
    const float* of_row = offsets + (example * height + row) * width * 2;
    return [=](int64_t column, int count, vf& rows, vf& columns) {
      vf down = zero(), right = zero();
      if (count == kLanes) load_pairs(of_row + 2 * column, down, right);
      for (int index = 0; count < kLanes && index < count; index++) {
        down[index] = of_row[2 * (column + index)];
        right[index] = of_row[2 * (column + index) + 1];
      }
      rows = broadcast(static_cast<float>(row)) + down;
      columns = to_float(iota() + static_cast<int32_t>(column)) + right;
    };
  };
  sample_any(invocation.parallel, x, y, {a.interpolation, a.fill_mode, a.fill_value}, places);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
