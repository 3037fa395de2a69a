// A convolution as a Correlation, with its weights and bias laid out for it: what the kernels that convolve have in
// common. Attributes of their ops begin with those of conv2d but the groups, which are 1 where there are none.
#ifndef CAJAL_KERNELS_DIRECT_CONV2D_H
#define CAJAL_KERNELS_DIRECT_CONV2D_H

#include "../include/ops.h"
#include "correlate.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {

struct DirectConv2d {
  Correlation correlation;  // its target is the caller's to set
  float* panels;            // null: the kernel itself is one panel
  float* bias;              // null: none
};

// The convolution for `rows` × `columns` places of each picture. With more than one group, of the first. Takes scratch for
// the weights, not for `correlate`.
CAJAL_INLINE DirectConv2d prepare_direct(const Invocation& invocation, int64_t rows, int64_t columns, int64_t groups,
                                         ScratchCutter* cutter) {
  const auto& attributes = *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
  const int64_t* input = invocation.inputs[0].sizes;
  const int64_t* kernel = invocation.inputs[1].sizes;
  DirectConv2d work = {};
  Correlation& x = work.correlation;
  x.source = reinterpret_cast<const float*>(invocation.inputs[0].data);
  x.pictures = input[0];
  x.height = input[1];
  x.width = input[2];
  x.channels = kernel[2];
  x.source_pixel = input[3];
  x.rows = rows;
  x.columns = columns;
  x.filters = kernel[3] / groups;
  x.step_height = attributes.stride_height;
  x.step_width = attributes.stride_width;
  x.row_taps = kernel[0];
  x.tap_row = -attributes.padding_top;
  x.tap_row_step = attributes.dilation_height;
  x.column_taps = kernel[1];
  x.tap_column = -attributes.padding_left;
  x.tap_column_step = attributes.dilation_width;
  x.relu = attributes.activation != 0;
  const bool is_one_panel = groups == 1 && (x.filters == kTileColumns || x.filters == kLanes);
  if (!is_one_panel) work.panels = cutter->take<float>(panel_floats(kernel[0] * kernel[1] * kernel[2], x.filters));
  if (invocation.input_count > 2) work.bias = cutter->take<float>(panel_count(x.filters) * kTileColumns);
  return work;
}

// Brings weights and bias into the order in which they are read: those of a group, for whose channels `source` is set too.
CAJAL_INLINE void lay_out_weights(const Invocation& invocation, int64_t group, DirectConv2d* work) {
  constexpr int64_t kFewPixels = 64;
  Correlation& x = work->correlation;
  const int64_t filters = invocation.inputs[1].sizes[3], first = group * x.filters;
  const float* kernel = reinterpret_cast<const float*>(invocation.inputs[1].data) + first;
  x.source = reinterpret_cast<const float*>(invocation.inputs[0].data) + group * x.channels;
  x.panels = kernel;
  // A few pixels, as in the last layers for one picture, do not pay for packing.
  x.is_unpacked = x.filters == filters && x.filters % kTileColumns == 0 && x.pictures * x.rows * x.columns <= kFewPixels;
  if (work->panels && !x.is_unpacked) {
    const int64_t steps = x.row_taps * x.column_taps * x.channels;
    pack_panels(kernel, filters, steps, x.filters, work->panels, invocation.parallel);
    x.panels = work->panels;
  }
  if (work->bias) {
    clear_floats(work->bias, panel_count(x.filters) * kTileColumns);
    copy_floats(reinterpret_cast<const float*>(invocation.inputs[2].data) + first, work->bias, x.filters);
    x.bias = work->bias;
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
