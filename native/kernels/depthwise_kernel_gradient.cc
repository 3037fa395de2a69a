// The gradient of a depthwise convolution with respect to its kernel.
//   dkernel[i, j, c] = sum over pictures and places of x[r · stride + i · dilation − top, …, c] · dy[r, …, c]
// Rows of dy are cut into chunks by shapes only; each chunk sums into a kernel of its own, and those are added in order.
#include "../include/ops.h"
#include "depthwise.h"
#include "partial_sums.h"

namespace cajal::CAJAL_ISA {
namespace {

constexpr int64_t kMostChunks = 16;

struct Work {
  const float* x;   // [pictures, height, width, channels]
  const float* dy;  // [pictures, rows, columns, channels]
  float* dkernel;   // [kernel_rows, kernel_columns, channels]
  int64_t pictures, height, width, channels, rows, columns, kernel_rows, kernel_columns, kernel_floats;
  int64_t multiplier;
  Conv2dKernelGradientAttributes attributes;
  int64_t chunks;
  float* partials;  // [chunks, kernel_floats]; dkernel itself where there is one chunk
  float* repeated;  // x with each channel as often as it has filters; null where that is once
  size_t bytes;
};

Work prepare(const Invocation& invocation) {
  Work w = {};
  const int64_t* x = invocation.inputs[0].sizes;
  const int64_t* dy = invocation.inputs[1].sizes;
  w.attributes = *reinterpret_cast<const Conv2dKernelGradientAttributes*>(invocation.attributes);
  w.x = reinterpret_cast<const float*>(invocation.inputs[0].data);
  w.dy = reinterpret_cast<const float*>(invocation.inputs[1].data);
  w.dkernel = reinterpret_cast<float*>(invocation.outputs[0].data);
  w.pictures = x[0];
  w.height = x[1];
  w.width = x[2];
  w.channels = dy[3];
  w.multiplier = dy[3] / x[3];
  w.rows = dy[1];
  w.columns = dy[2];
  w.kernel_rows = w.attributes.kernel_height;
  w.kernel_columns = w.attributes.kernel_width;
  w.kernel_floats = w.kernel_rows * w.kernel_columns * w.channels;
  w.chunks = larger(1, smaller(kMostChunks, w.pictures * w.rows));
  ScratchCutter cutter(invocation.scratch);
  w.partials = w.chunks > 1 ? cutter.take<float>(w.chunks * w.kernel_floats) : w.dkernel;
  if (w.multiplier > 1) w.repeated = cutter.take<float>(w.pictures * w.height * w.width * w.channels);
  w.bytes = cutter.bytes();
  return w;
}

// Places of one row of dy, with the rows of x that it meets.
struct Strip {
  const float* x;  // at column 0
  int64_t x_row;
  int64_t rows;  // taps
  int64_t channels, step;
  const float* dy;
  float* sums;  // of the first of those taps
  int64_t sums_row;
};

template <bool kIsWhole>
CAJAL_INLINE vf read(const float* from, int count) {
  return kIsWhole ? load(from) : load_partial(from, count);
}

template <bool kIsWhole>
CAJAL_INLINE void add_to(float* to, vf value, int count) {
  if (kIsWhole) store(to, load(to) + value);
  else store_partial(to, load_partial(to, count) + value, count);
}

// What one vector of channels at W columns adds. With kTaps, to so many neighbouring taps with this step; else to those
// that are given.
template <int W, int kTaps, int kStep, bool kIsWhole>
CAJAL_INLINE void add_taps(const Strip& s, const float* x, const float* dy, float* sums, const Phase& taps,
                           int64_t channel) {
  const int count = kIsWhole ? kLanes : static_cast<int>(s.channels - channel);
  const int64_t channels = s.channels;
  vf gradient[W];
  CAJAL_UNROLL
  for (int i = 0; i < W; i++) gradient[i] = read<kIsWhole>(dy + channel + i * channels, count);
  x += channel;
  sums += channel;
  CAJAL_NO_UNROLL
  for (int64_t row = 0; row < s.rows; row++, x += s.x_row, sums += s.sums_row) {
    if constexpr (kTaps > 0) {
      constexpr int kPlaces = (W - 1) * kStep + kTaps;
      vf sum[kTaps];
      CAJAL_UNROLL
      for (int j = 0; j < kTaps; j++) sum[j] = zero();
      const float* from[(kPlaces + 3) / 4];
      CAJAL_UNROLL
      for (int p = 0; p < (kPlaces + 3) / 4; p++) from[p] = x + 4 * p * channels;
      CAJAL_UNROLL
      for (int p = 0; p < kPlaces; p++) {
        const vf value = read<kIsWhole>(from[p / 4] + p % 4 * channels, count);
        CAJAL_UNROLL
        for (int j = 0; j < kTaps; j++) {
          const int distance = p - j;
          if (distance >= 0 && distance % kStep == 0 && distance / kStep < W) {
            sum[j] = fma(value, gradient[distance / kStep], sum[j]);
          }
        }
      }
      CAJAL_UNROLL
      for (int j = 0; j < kTaps; j++) add_to<kIsWhole>(sums + j * channels, sum[j], count);
    } else {
      const int64_t step = s.step * channels;
      for (int64_t j = 0; j < taps.count; j++) {
        const float* from = x + j * taps.place_step * channels;
        vf sum = zero();
        CAJAL_UNROLL
        for (int i = 0; i < W; i++) sum = fma(read<kIsWhole>(from + i * step, count), gradient[i], sum);
        add_to<kIsWhole>(sums + j * channels, sum, count);
      }
    }
  }
}

template <int W, int kTaps, int kStep>
CAJAL_NOINLINE void add_columns(const Strip& s, const Phase& taps, int64_t column) {
  const float* x = s.x + (column * s.step + taps.place) * s.channels;
  const float* dy = s.dy + column * s.channels;
  float* sums = s.sums + taps.first * s.channels;
  int64_t channel = 0;
  for (; channel + kLanes <= s.channels; channel += kLanes) {
    add_taps<W, kTaps, kStep, true>(s, x, dy, sums, taps, channel);
  }
  if (channel < s.channels) add_taps<W, kTaps, kStep, false>(s, x, dy, sums, taps, channel);
}

template <int kTaps, int kStep>
void add_interior(const Strip& s, const Phase& taps, int64_t column, int64_t end) {
  for (; column + kDepthwiseColumns <= end; column += kDepthwiseColumns) {
    add_columns<kDepthwiseColumns, kTaps, kStep>(s, taps, column);
  }
  for (; column + 2 <= end; column += 2) add_columns<2, kTaps, kStep>(s, taps, column);
  if (column < end) add_columns<1, kTaps, kStep>(s, taps, column);
}

// Adds what row `number` of all pictures' dy contributes.
void add_row(const Work& w, int64_t number, float* sums) {
  const auto& a = w.attributes;
  const int64_t picture = number / w.rows, row = number % w.rows, step = a.stride_width;
  const Phase rows = taps_inside({w.kernel_rows, 0, 1, -a.padding_top, a.dilation_height}, row * a.stride_height, w.height);
  const Phase taps = {w.kernel_columns, 0, 1, -a.padding_left, a.dilation_width};
  Strip s = {};
  s.x = w.x + (picture * w.height + rows.place) * w.width * w.channels;
  s.x_row = rows.place_step * w.width * w.channels;
  s.rows = rows.count;
  s.channels = w.channels;
  s.step = step;
  s.dy = w.dy + number * w.columns * w.channels;
  s.sums = sums + rows.first * w.kernel_columns * w.channels;
  s.sums_row = w.kernel_columns * w.channels;
  const Interior inside = find_interior(taps, step, w.width, w.columns);
  const auto add_edge = [&](int64_t column, int64_t end) {
    for (; column < end; column++) {
      Phase near = taps_inside(taps, column * step, w.width);
      near.place -= column * step;
      add_columns<1, 0, 0>(s, near, column);
    }
  };
  add_edge(0, inside.first);
  const bool is_three = taps.count == 3 && taps.place_step == 1;
  if (is_three && step == 1) add_interior<3, 1>(s, taps, inside.first, inside.end);
  else if (is_three && step == 2) add_interior<3, 2>(s, taps, inside.first, inside.end);
  else add_interior<0, 0>(s, taps, inside.first, inside.end);
  add_edge(inside.end, w.columns);
}

}  // namespace

size_t depthwise_kernel_gradient_scratch(const Invocation& invocation) { return prepare(invocation).bytes; }

int depthwise_kernel_gradient(const Invocation& invocation) {
  Work work = prepare(invocation);
  if (work.repeated) {
    const int64_t pixels = work.pictures * work.height * work.width;
    repeat_channels(work.x, pixels, work.channels / work.multiplier, work.multiplier, work.repeated, invocation.parallel);
    work.x = work.repeated;
  }
  const int64_t rows = work.pictures * work.rows;
  parallel_for(invocation.parallel, work.chunks, [&](int64_t chunk, int) {
    float* sums = work.partials + chunk * work.kernel_floats;
    clear_floats(sums, work.kernel_floats);
    const int64_t end = (chunk + 1) * rows / work.chunks;
    for (int64_t row = chunk * rows / work.chunks; row < end; row++) add_row(work, row, sums);
  });
  if (work.chunks > 1) {
    add_partials(work.partials, work.chunks, work.kernel_floats, work.dkernel, invocation.parallel);
  }
  return 0;
}

}  // namespace cajal::CAJAL_ISA
