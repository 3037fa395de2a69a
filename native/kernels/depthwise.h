// Convolutions in which each channel meets kernel taps of its own (depthwise): what their three directions have in common.
// Vectors go along channels; some neighbouring columns share a load of the weights, and of the source where windows
// overlap. Taps outside the picture are left out.
#ifndef CAJAL_KERNELS_DEPTHWISE_H
#define CAJAL_KERNELS_DEPTHWISE_H

#include "parallel_for.h"
#include "phase.h"
#include "picture_rows.h"

namespace cajal::CAJAL_ISA {

// Columns whose sums are kept in registers.
#if (defined(__AVX2__) && defined(__FMA__)) || (defined(__ARM_NEON) && defined(__aarch64__))
constexpr int kDepthwiseColumns = 8;
#else
constexpr int kDepthwiseColumns = 4;
#endif

// True for groups of one channel each, with any number of filters.
CAJAL_INLINE bool has_depthwise_groups(int64_t groups, int64_t channels) { return groups > 1 && groups == channels; }

// Columns 0 … columns - 1 of an axis whose taps all fall on places 0 … size - 1: `first` up to, not including, `end`. A
// column reads place `column · step + taps.place + i · taps.place_step`.
struct Interior {
  int64_t first, end;
};

CAJAL_INLINE Interior find_interior(const Phase& taps, int64_t step, int64_t size, int64_t columns) {
  if (taps.count == 0) return {0, columns};
  const int64_t first = taps.place < 0 ? ceil_divide(-taps.place, step) : 0;
  const int64_t room = size - 1 - taps.place - (taps.count - 1) * taps.place_step;
  const int64_t end = room < 0 ? 0 : smaller(columns, room / step + 1);
  return first < end ? Interior{first, end} : Interior{columns, columns};
}

// Each channel `multiplier` times: [pixels, channels] to [pixels, channels · multiplier].
CAJAL_INLINE void repeat_channels(const float* from, int64_t pixels, int64_t channels, int64_t multiplier, float* to,
                                  Parallel* parallel) {
  constexpr int64_t kPixels = 64;
  parallel_for(parallel, ceil_divide(pixels, kPixels), [&](int64_t tile, int) {
    const int64_t end = smaller(pixels, (tile + 1) * kPixels) * channels;
    for (int64_t i = tile * kPixels * channels; i < end; i++) {
      for (int64_t j = 0; j < multiplier; j++) to[i * multiplier + j] = from[i];
    }
  });
}

// The sum of each `multiplier` neighbours: [pixels, channels · multiplier] to [pixels, channels].
CAJAL_INLINE void add_neighbours(const float* from, int64_t pixels, int64_t channels, int64_t multiplier, float* to,
                                 Parallel* parallel) {
  constexpr int64_t kPixels = 64;
  parallel_for(parallel, ceil_divide(pixels, kPixels), [&](int64_t tile, int) {
    const int64_t end = smaller(pixels, (tile + 1) * kPixels) * channels;
    for (int64_t i = tile * kPixels * channels; i < end; i++) {
      float sum = 0;
      for (int64_t j = 0; j < multiplier; j++) sum += from[i * multiplier + j];
      to[i] = sum;
    }
  });
}

// In depthwise_conv2d.cc: the convolution and its input gradient. In depthwise_kernel_gradient.cc: the third direction.
size_t depthwise_conv2d_scratch(const Invocation& invocation);
int depthwise_conv2d(const Invocation& invocation);
size_t depthwise_input_gradient_scratch(const Invocation& invocation);
int depthwise_input_gradient(const Invocation& invocation);
size_t depthwise_kernel_gradient_scratch(const Invocation& invocation);
int depthwise_kernel_gradient(const Invocation& invocation);

}  // namespace cajal::CAJAL_ISA

#endif
