// The gradient of a convolution with respect to its pictures. Pixels of x whose coordinates leave the same rest when
// divided by the strides meet the same taps of the kernel, so each such phase is a correlation of dy with a part of the
// flipped kernel; with stride 1 there is one phase.
//   dx[h, w, k] = sum over taps i, j and f of dy[(h + top − i · dilation) / stride, …, f] · kernel[i, j, k, f]
// over the taps for which the division leaves no rest.
#include "../include/ops.h"
#include "correlate.h"
#include "depthwise.h"
#include "phase.h"
#include "winograd.h"

namespace cajal::CAJAL_ISA {
namespace {

struct Work {
  Correlation correlation;  // of the phase
  Phase rows;
  Phase columns;
  float* panels;
  uint8_t* rest;
  size_t bytes;
};

// For the channels of the first group, where there are several.
Work prepare(const Invocation& invocation, int64_t row_rest, int64_t column_rest) {
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  const int64_t* dy = invocation.inputs[0].sizes;
  const int64_t* kernel = invocation.inputs[1].sizes;
  const int64_t* dx = invocation.outputs[0].sizes;
  const int64_t stride_height = attributes.stride_height, stride_width = attributes.stride_width;
  Work work = {};
  work.rows = find_phase(row_rest, stride_height, attributes.padding_top, attributes.dilation_height, kernel[0]);
  work.columns = find_phase(column_rest, stride_width, attributes.padding_left, attributes.dilation_width, kernel[1]);
  Correlation& x = work.correlation;
  x.source = reinterpret_cast<const float*>(invocation.inputs[0].data);
  x.pictures = dy[0];
  x.height = dy[1];
  x.width = dy[2];
  x.channels = dy[3] / attributes.groups;
  x.source_pixel = dy[3];
  x.rows = dx[1] > row_rest ? ceil_divide(dx[1] - row_rest, stride_height) : 0;
  x.columns = dx[2] > column_rest ? ceil_divide(dx[2] - column_rest, stride_width) : 0;
  x.filters = dx[3] / attributes.groups;
  x.target_picture = dx[1] * dx[2] * dx[3];
  x.target_row = stride_height * dx[2] * dx[3];
  x.target_pixel = stride_width * dx[3];
  x.step_height = x.step_width = 1;
  const bool has_taps = work.rows.count > 0 && work.columns.count > 0;
  x.row_taps = has_taps ? work.rows.count : 0;
  x.tap_row = work.rows.place;
  x.tap_row_step = work.rows.place_step;
  x.column_taps = has_taps ? work.columns.count : 0;
  x.tap_column = work.columns.place;
  x.tap_column_step = work.columns.place_step;

  ScratchCutter cutter(invocation.scratch);
  work.panels = cutter.take<float>(panel_floats(x.row_taps * x.column_taps * x.channels, x.filters));
  work.rest = cutter.rest();
  work.bytes = cutter.bytes();
  if (x.rows > 0 && x.columns > 0) work.bytes += correlate_scratch(x, invocation.parallel->threads);
  return work;
}

// Packs the phase's taps of a group's part of kernel [rows, columns, k, f], transposed: a panel's columns are k, its steps
// taps and f.
void pack_taps(const Invocation& invocation, const Work& work, int64_t group) {
  const Correlation& x = work.correlation;
  const float* kernel = reinterpret_cast<const float*>(invocation.inputs[1].data) + group * x.channels;
  const int64_t kernel_columns = invocation.inputs[1].sizes[1], pitch = invocation.inputs[1].sizes[3];
  const int64_t taps = x.row_taps * x.column_taps, steps = taps * x.channels;
  parallel_for(invocation.parallel, panel_count(x.filters) * taps, [&](int64_t tile, int) {
    const int64_t panel = tile / taps, tap = tile % taps;
    const int64_t i = work.rows.first + tap / x.column_taps * work.rows.tap_step;
    const int64_t j = work.columns.first + tap % x.column_taps * work.columns.tap_step;
    const int columns = panel_columns(panel, x.filters);
    const float* from = kernel + ((i * kernel_columns + j) * x.filters + panel * kTileColumns) * pitch;
    pack_columns(from, pitch, x.channels, columns,
                 work.panels + panel * kTileColumns * steps + tap * x.channels * panel_width(columns));
  });
}

// Of size 0 where sums in order are faster.
WinogradCorrelation make_winograd(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  if (attributes.groups != 1) return {};
  return winograd_input_gradient(invocation);
}

bool is_depthwise(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  return has_depthwise_groups(attributes.groups, invocation.outputs[0].sizes[3]);
}

}  // namespace

size_t conv2d_input_gradient_scratch(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_input_gradient_scratch(invocation);
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) return winograd_correlate_scratch(winograd, invocation.parallel->threads);
  size_t bytes = 0;
  for (int64_t row = 0; row < attributes.stride_height; row++) {
    for (int64_t column = 0; column < attributes.stride_width; column++) {
      const size_t next = prepare(invocation, row, column).bytes;
      if (next > bytes) bytes = next;
    }
  }
  return bytes;
}

int conv2d_input_gradient(const Invocation& invocation) {
  if (is_depthwise(invocation)) return depthwise_input_gradient(invocation);
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  const WinogradCorrelation winograd = make_winograd(invocation);
  if (winograd.size != 0) {
    winograd_correlate(winograd, invocation.scratch, invocation.parallel);
    return 0;
  }
  for (int64_t row = 0; row < attributes.stride_height; row++) {
    for (int64_t column = 0; column < attributes.stride_width; column++) {
      Work work = prepare(invocation, row, column);
      if (work.correlation.rows <= 0 || work.correlation.columns <= 0) continue;
      work.correlation.panels = work.panels;
      work.correlation.target = reinterpret_cast<float*>(invocation.outputs[0].data) +
                                (row * invocation.outputs[0].sizes[2] + column) * invocation.outputs[0].sizes[3];
      for (int64_t group = 0; group < attributes.groups; group++) {
        pack_taps(invocation, work, group);
        correlate(work.correlation, work.rest, invocation.parallel);
        work.correlation.source += work.correlation.channels;
        work.correlation.target += work.correlation.filters;
      }
    }
  }
  return 0;
}

}  // namespace cajal::CAJAL_ISA
