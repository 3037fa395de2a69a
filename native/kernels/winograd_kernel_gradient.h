// The gradient of a convolution with a 3×3 kernel and stride 1 with respect to its kernel, through Winograd's tiles.
#ifndef CAJAL_KERNELS_WINOGRAD_KERNEL_GRADIENT_H
#define CAJAL_KERNELS_WINOGRAD_KERNEL_GRADIENT_H

#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

//   dkernel[i, j, k, f] = sum over p, r, c of x[p, r + top + i, c + left + j, k] · dy[p, r, c, f]
struct WinogradKernelGradient {
  int size;        // of tiles, as `winograd_size` of winograd.h says
  const float* x;  // [pictures, height, width, channels]
  int64_t pictures, height, width, channels;
  int64_t top, left;
  const float* dy;  // [pictures, rows, columns, filters]
  int64_t rows, columns, filters;
  float* dkernel;  // [3, 3, channels, filters]
  // dy is the gradient of a pooling in windows of 2 × 2, see TileGrid: `dy` and `places` are [pictures, rows / 2,
  // columns / 2, filters]. Its sum over pictures, rows and columns is the gradient of the bias.
  bool is_pooled;
  const uint8_t* places;
  float* dbias;  // [filters]
};

// Bytes of scratch that `winograd_kernel_gradient` needs. Data pointers are not read.
size_t winograd_kernel_gradient_scratch(const WinogradKernelGradient& gradient, int threads);

void winograd_kernel_gradient(const WinogradKernelGradient& gradient, uint8_t* scratch, Parallel* parallel);

}  // namespace cajal::CAJAL_ISA

#endif
