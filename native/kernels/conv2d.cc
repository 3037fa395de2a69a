// Convolution: y = activation(x ∗ kernel + bias).
#include "../include/ops.h"
#include "correlate.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kFewPixels = 64;

struct Work {
  Correlation correlation;
  float* panels;  // null: the kernel itself is one panel
  float* bias;    // null: none
  uint8_t* rest;
  size_t bytes;
};

Work prepare(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
  const int64_t* input = invocation.inputs[0].sizes;
  const int64_t* kernel = invocation.inputs[1].sizes;
  const int64_t* output = invocation.outputs[0].sizes;
  Work work = {};
  Correlation& x = work.correlation;
  x.source = reinterpret_cast<const float*>(invocation.inputs[0].data);
  x.pictures = input[0];
  x.height = input[1];
  x.width = input[2];
  x.channels = input[3];
  x.target = reinterpret_cast<float*>(invocation.outputs[0].data);
  x.rows = output[1];
  x.columns = output[2];
  x.filters = output[3];
  x.target_picture = output[1] * output[2] * output[3];
  x.target_row = output[2] * output[3];
  x.target_pixel = output[3];
  x.step_height = attributes.stride_height;
  x.step_width = attributes.stride_width;
  x.row_taps = kernel[0];
  x.tap_row = -attributes.padding_top;
  x.tap_row_step = attributes.dilation_height;
  x.column_taps = kernel[1];
  x.tap_column = -attributes.padding_left;
  x.tap_column_step = attributes.dilation_width;
  x.relu = attributes.activation != 0;
  const bool is_pointwise = kernel[0] == 1 && kernel[1] == 1 && x.rows == x.height && x.columns == x.width &&
                            x.step_height == 1 && x.step_width == 1 && x.tap_row == 0 && x.tap_column == 0;
  if (is_pointwise) {  // every pixel by itself: one long row, which is cut best
    x.columns = x.width = x.pictures * x.height * x.width;
    x.rows = x.height = x.pictures = 1;
  }

  ScratchCutter cutter(invocation.scratch);
  const int64_t steps = kernel[0] * kernel[1] * kernel[2];
  const bool is_one_panel = x.filters == kTileColumns || x.filters == kLanes;
  if (!is_one_panel) work.panels = cutter.take<float>(panel_floats(steps, x.filters));
  if (invocation.input_count > 2) work.bias = cutter.take<float>(panel_count(x.filters) * kTileColumns);
  work.rest = cutter.rest();
  work.bytes = cutter.bytes() + correlate_scratch(x, invocation.parallel->threads);
  return work;
}

}  // namespace

size_t conv2d_scratch(const Invocation& invocation) { return prepare(invocation).bytes; }

int conv2d(const Invocation& invocation) {
  Work work = prepare(invocation);
  Correlation& x = work.correlation;
  const float* kernel = reinterpret_cast<const float*>(invocation.inputs[1].data);
  x.panels = kernel;
  // A few pixels, as in the last layers for one picture, do not pay for packing.
  x.is_unpacked = x.filters % kTileColumns == 0 && x.pictures * x.rows * x.columns <= kFewPixels;
  if (work.panels && !x.is_unpacked) {
    const int64_t steps = x.row_taps * x.column_taps * x.channels;
    pack_panels(kernel, x.filters, steps, x.filters, work.panels, invocation.parallel);
    x.panels = work.panels;
  }
  if (work.bias) {
    clear_floats(work.bias, panel_count(x.filters) * kTileColumns);
    copy_floats(reinterpret_cast<const float*>(invocation.inputs[2].data), work.bias, x.filters);
    x.bias = work.bias;
  }
  correlate(x, work.rest, invocation.parallel);
  return 0;
}

}  // namespace cajal::CAJAL_ISA
