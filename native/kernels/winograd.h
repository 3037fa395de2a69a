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
};

// Bytes of scratch that `winograd_correlate` needs. Data pointers are not read.
size_t winograd_correlate_scratch(const WinogradCorrelation& correlation, int threads);

void winograd_correlate(const WinogradCorrelation& correlation, uint8_t* scratch, Parallel* parallel);

}  // namespace cajal::CAJAL_ISA

#endif
