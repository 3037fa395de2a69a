// Affine and projective transforms of pictures; src/ops/affine-transform.ts has the formula. What a row adds to a place is summed
// in double, so that a place is off by the rounding of one multiply-add.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "sample.h"

namespace cajal::CAJAL_ISA {

int affine_transform(const Invocation& invocation);
size_t affine_transform_scratch(const Invocation& invocation);

size_t affine_transform_scratch(const Invocation&) { return 0; }

int affine_transform(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto& a = *reinterpret_cast<const AffineTransformAttributes*>(invocation.attributes);
  const auto* transforms = reinterpret_cast<const float*>(invocation.inputs[1].data);
  const auto places = [&](int64_t example, int64_t row) {
    const float* t = transforms + 8 * example;
    const auto start = [&](int first, double rest) {
      return broadcast(static_cast<float>(static_cast<double>(t[first + 1]) * static_cast<double>(row) + rest));
    };
    const vf from_row = start(3, t[5]), from_column = start(0, t[2]), from_k = start(6, 1.0);
    const bool is_affine = t[6] == 0 && t[7] == 0;
    return [=](int64_t column, int, vf& rows, vf& columns) {
      const vf at = to_float(iota() + static_cast<int32_t>(column));
      rows = fma(broadcast(t[3]), at, from_row);
      columns = fma(broadcast(t[0]), at, from_column);
      if (is_affine) return;
      const vf k = fma(broadcast(t[6]), at, from_k);
      rows = rows / k;
      columns = columns / k;
    };
  };
  sample_any(invocation.parallel, x, y, {a.interpolation, a.fill_mode, a.fill_value}, places);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
