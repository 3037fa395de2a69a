// The gradient of a pooled convolution with respect to its pictures. Winograd's tiles read what arrives at the pooled
// values as the pooling's gradient; where they are not faster, that is written out first.
#include "../include/ops.h"
#include "dy_rows.h"
#include "winograd.h"

namespace cajal::CAJAL_ISA {

int conv2d_input_gradient(const Invocation& invocation);
size_t conv2d_input_gradient_scratch(const Invocation& invocation);

namespace {

const Conv2dMaxPool2dInputGradientAttributes& attributes_of(const Invocation& invocation) {
  return *reinterpret_cast<const Conv2dMaxPool2dInputGradientAttributes*>(invocation.attributes);
}

// Of size 0 where tiles do not pay or cannot be cut.
WinogradCorrelation make_winograd(const Invocation& invocation) {
  WinogradCorrelation w = winograd_input_gradient(invocation);
  if (!has_winograd_pooling(attributes_of(invocation)) || (w.top - w.left) % 2 != 0) return {};
  w.is_pooled = true;
  w.source_places = invocation.inputs[2].data;
  return w;
}

// dy, kernel and the scratch behind dy, for conv2d_input_gradient.
struct WrittenOut {
  Tensor inputs[2];
  Conv2dInputGradientAttributes attributes;
  Invocation invocation;
  size_t bytes;
};

void prepare(const Invocation& invocation, WrittenOut* out) {
  const auto& attributes = attributes_of(invocation);
  Tensor& dy = out->inputs[0];
  dy = invocation.inputs[0];
  dy.sizes[1] *= attributes.pool_height;
  dy.sizes[2] *= attributes.pool_width;
  out->inputs[1] = invocation.inputs[1];
  ScratchCutter cutter(invocation.scratch);
  dy.data = reinterpret_cast<uint8_t*>(cutter.take<float>(dy.sizes[0] * dy.sizes[1] * dy.sizes[2] * dy.sizes[3]));
  out->bytes = cutter.bytes();
  out->invocation = invocation;
  out->invocation.inputs = out->inputs;
  out->invocation.input_count = 2;
  out->attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  out->attributes.groups = 1;
  out->invocation.attributes = reinterpret_cast<const int32_t*>(&out->attributes);
  out->invocation.scratch = cutter.rest();
}

// Writes out the gradient of the pooling.
void spread(const Invocation& invocation, const Tensor& to) {
  const int64_t* pooled = invocation.inputs[0].sizes;
  const int64_t rows = to.sizes[1], windows = pooled[2], filters = pooled[3];
  const int64_t pool_height = attributes_of(invocation).pool_height, pool_width = attributes_of(invocation).pool_width;
  const auto* dy = reinterpret_cast<const float*>(invocation.inputs[0].data);
  parallel_for(invocation.parallel, pooled[0] * rows, [&](int64_t row, int) {
    const int64_t first = row / pool_height * windows * filters;
    const int first_place = static_cast<int>(row % pool_height * pool_width), width = static_cast<int>(filters);
    float* target = reinterpret_cast<float*>(to.data) + row * windows * pool_width * filters;
    for (int64_t window = 0; window < windows; window++) {
      const int64_t at = first + window * filters;
      spread_window(dy + at, invocation.inputs[2].data + at, first_place, pool_width, width, width,
                    target + window * pool_width * filters);
    }
  });
}

}  // namespace

size_t conv2d_max_pool2d_input_gradient_scratch(const Invocation& invocation) {
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) return winograd_correlate_scratch(winograd, invocation.parallel->threads);
  WrittenOut out;
  prepare(invocation, &out);
  return out.bytes + conv2d_input_gradient_scratch(out.invocation);
}

int conv2d_max_pool2d_input_gradient(const Invocation& invocation) {
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) {
    winograd_correlate(winograd, invocation.scratch, invocation.parallel);
    return 0;
  }
  WrittenOut out;
  prepare(invocation, &out);
  spread(invocation, out.inputs[0]);
  return conv2d_input_gradient(out.invocation);
}

}  // namespace cajal::CAJAL_ISA
