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
  const auto places = [&](int64_t example, int64_t row, int64_t column, int count, float* rows, float* columns) {
    const float* of_pixel = offsets + ((example * height + row) * width + column) * 2;
    for (int index = 0; index < count; index++) {
      rows[index] = static_cast<float>(row) + of_pixel[2 * index];
      columns[index] = static_cast<float>(column + index) + of_pixel[2 * index + 1];
    }
    for (int64_t index = count; index < round_up(count, kLanes); index++) rows[index] = columns[index] = 0;
  };
  sample_any(invocation.parallel, x, y, {a.interpolation, a.fill_mode, a.fill_value}, places);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
