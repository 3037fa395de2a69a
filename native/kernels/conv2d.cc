// Convolution: y = activation(x ∗ kernel + bias).
#include "depthwise.h"
#include "direct_conv2d.h"
#include "winograd.h"

namespace cajal::CAJAL_ISA {
namespace {

const Conv2dAttributes& attributes_of(const Invocation& invocation) {
  return *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
}

DirectConv2d prepare(const Invocation& invocation, ScratchCutter* cutter) {
  const int64_t* output = invocation.outputs[0].sizes;
  DirectConv2d work = prepare_direct(invocation, output[1], output[2], attributes_of(invocation).groups, cutter);
  Correlation& x = work.correlation;
  x.target_picture = output[1] * output[2] * output[3];
  x.target_row = output[2] * output[3];
  x.target_pixel = output[3];
  const bool is_pointwise = x.row_taps == 1 && x.column_taps == 1 && x.rows == x.height && x.columns == x.width &&
                            x.step_height == 1 && x.step_width == 1 && x.tap_row == 0 && x.tap_column == 0;
  if (is_pointwise) {  // every pixel by itself: one long row, which is cut best
    x.columns = x.width = x.pictures * x.height * x.width;
    x.rows = x.height = x.pictures = 1;
  }
  return work;
}

// Of size 0 where sums in order are faster.
WinogradCorrelation make_winograd(const Invocation& invocation) {
  const int64_t* output = invocation.outputs[0].sizes;
  if (attributes_of(invocation).groups != 1) return {};
  return winograd_convolution(invocation, output[1], output[2]);
}

bool is_depthwise(const Invocation& invocation) {
  return has_depthwise_groups(attributes_of(invocation).groups, invocation.inputs[0].sizes[3]);
}

}  // namespace

size_t conv2d_scratch(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_conv2d_scratch(invocation);
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) return winograd_correlate_scratch(winograd, invocation.parallel->threads);
  ScratchCutter cutter(nullptr);
  const DirectConv2d work = prepare(invocation, &cutter);
  return cutter.bytes() + correlate_scratch(work.correlation, invocation.parallel->threads);
}

int conv2d(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_conv2d(invocation);
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) {
    winograd_correlate(winograd, invocation.scratch, invocation.parallel);
    return 0;
  }
  ScratchCutter cutter(invocation.scratch);
  DirectConv2d work = prepare(invocation, &cutter);
  for (int64_t group = 0; group < attributes_of(invocation).groups; group++) {
    work.correlation.target = reinterpret_cast<float*>(invocation.outputs[0].data) + group * work.correlation.filters;
    lay_out_weights(invocation, group, &work);
    correlate(work.correlation, cutter.rest(), invocation.parallel);
  }
  return 0;
}

}  // namespace cajal::CAJAL_ISA
