// Convolutions with 3×3 kernels and stride 1 through Winograd's transformed tiles: what a convolution and its input
// gradient have in common. Which sizes pay is decided by the shape of one picture and the instruction set only.
#ifndef CAJAL_KERNELS_WINOGRAD_H
#define CAJAL_KERNELS_WINOGRAD_H

#include "../include/ops.h"
#include "panels.h"

namespace cajal::CAJAL_ISA {

// True for 3×3 kernels, stride 1 and dilation 1. Attributes begin with those of conv2d.
CAJAL_INLINE bool has_winograd_kernel(const Invocation& invocation, int64_t kernel_rows, int64_t kernel_columns) {
  const auto& a = *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
  return kernel_rows == 3 && kernel_columns == 3 && a.stride_height == 1 && a.stride_width == 1 &&
         a.dilation_height == 1 && a.dilation_width == 1;
}

// True for poolings that tiles can take in. Attributes are those of an op that joins a convolution and its pooling.
template <typename Attributes>
CAJAL_INLINE bool has_winograd_pooling(const Attributes& a) {
  return a.pool_height == 2 && a.pool_width == 2;
}

// The size of tiles (2 or 4) with which Winograd's algorithm is faster than sums in order; 0: none is. Rows and columns
// are those of the result that tiles are cut from.
int winograd_size(int64_t rows, int64_t columns, int64_t channels, int64_t filters);

//   target[p, r, c, f] = sum over i, j = 0 … 2 and k of source[p, r + top + i, c + left + j, k] · weights[i, j, k, f]
struct WinogradCorrelation {
  int size;             // of tiles, 2 or 4; 0: see above
  const float* source;  // [pictures, height, width, channels]
  int64_t pictures, height, width, channels;
  int64_t top, left;
  float* target;  // [pictures, rows, columns, filters]
  int64_t rows, columns, filters;
  const float* kernel;  // [3, 3, channels, filters]
  bool is_turned;       // the kernel is [3, 3, filters, channels], and the taps come in opposite order
  const float* bias;    // null, or as many floats as filters
  bool relu;
  // The target is pooled in windows of 2 × 2: target and places are [pictures, rows / 2, columns / 2, filters].
  bool pools;
  uint8_t* places;
  // The source is the gradient of such a pooling, see TileGrid; height and width count windows. Top and left are both odd
  // or both even.
  bool is_pooled;
  const uint8_t* source_places;
};

// The convolution of an op in one group, whose attributes begin with conv2d's but these, for `rows` × `columns` of its
// result. Of size 0 where sums in order are faster.
CAJAL_INLINE WinogradCorrelation winograd_convolution(const Invocation& invocation, int64_t rows, int64_t columns) {
  const auto& attributes = *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
  const int64_t* input = invocation.inputs[0].sizes;
  const int64_t* kernel = invocation.inputs[1].sizes;
  WinogradCorrelation w = {};
  if (!has_winograd_kernel(invocation, kernel[0], kernel[1])) return w;
  w.size = winograd_size(input[1] + attributes.padding_top + attributes.padding_bottom - 2,
                         input[2] + attributes.padding_left + attributes.padding_right - 2, input[3], kernel[3]);
  w.source = reinterpret_cast<const float*>(invocation.inputs[0].data);
  w.pictures = input[0];
  w.height = input[1];
  w.width = input[2];
  w.channels = input[3];
  w.top = -attributes.padding_top;
  w.left = -attributes.padding_left;
  w.target = reinterpret_cast<float*>(invocation.outputs[0].data);
  w.rows = rows;
  w.columns = columns;
  w.filters = kernel[3];
  w.kernel = reinterpret_cast<const float*>(invocation.inputs[1].data);
  w.bias = invocation.input_count > 2 ? reinterpret_cast<const float*>(invocation.inputs[2].data) : nullptr;
  w.relu = attributes.activation != 0;
  return w;
}

// The input gradient of an op in one group, whose attributes begin with conv2d_input_gradient's but these. With stride 1 and
// a 3×3 kernel it is a convolution of dy, with two more rows and columns of zeros around it than x had to spare, with the
// turned kernel. Of size 0 where sums in order are faster.
CAJAL_INLINE WinogradCorrelation winograd_input_gradient(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  const int64_t* dy = invocation.inputs[0].sizes;
  const int64_t* kernel = invocation.inputs[1].sizes;
  const int64_t* dx = invocation.outputs[0].sizes;
  WinogradCorrelation w = {};
  if (!has_winograd_kernel(invocation, kernel[0], kernel[1])) return w;
  w.size = winograd_size(dx[1], dx[2], dy[3], dx[3]);
  w.source = reinterpret_cast<const float*>(invocation.inputs[0].data);
  w.pictures = dy[0];
  w.height = dy[1];
  w.width = dy[2];
  w.channels = dy[3];
  w.top = attributes.padding_top - 2;
  w.left = attributes.padding_left - 2;
  w.target = reinterpret_cast<float*>(invocation.outputs[0].data);
  w.rows = dx[1];
  w.columns = dx[2];
  w.filters = dx[3];
  w.kernel = reinterpret_cast<const float*>(invocation.inputs[1].data);
  w.is_turned = true;
  return w;
}

// Bytes of scratch that `winograd_correlate` needs. Data pointers are not read.
size_t winograd_correlate_scratch(const WinogradCorrelation& correlation, int threads);

void winograd_correlate(const WinogradCorrelation& correlation, uint8_t* scratch, Parallel* parallel);

}  // namespace cajal::CAJAL_ISA

#endif
