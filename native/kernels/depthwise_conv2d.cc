// Depthwise convolution and its input gradient, which is one too: of dy, phase by phase (phase.h), with the taps in opposite
// order. Rows of the target are shared out to the threads.
#include "../include/ops.h"
#include "depthwise.h"

namespace cajal::CAJAL_ISA {
namespace {

// Floats of the target in one tile of work.
constexpr int64_t kTileFloats = 16 * 1024;
// A larger target is written past the caches.
constexpr int64_t kStreamedFloats = 6 * 1024 * 1024;

//   y[column] = activation(bias + sum over rows i and taps j of
//       x[i · x_row + (column · step + taps.place + j · taps.place_step) · channels]
//       · weights[i · weights_row + (taps.first + j · taps.tap_step) · channels])
// for each channel of `columns` columns.
struct Strip {
  const float* x;  // at column 0
  int64_t x_row;
  int64_t width;
  int64_t channels;
  int64_t rows;  // taps
  const float* weights;
  int64_t weights_row;
  Phase taps;
  int64_t step;
  float* y;
  int64_t y_pixel;
  int64_t columns;
  const float* bias;  // null: none
  bool relu;
  bool streams;
};

template <bool kIsWhole>
CAJAL_INLINE vf read(const float* from, int count) {
  return kIsWhole ? load(from) : load_partial(from, count);
}

// One vector of channels at W columns. With kTaps, so many neighbouring taps and this step; else those that are given.
template <int W, int kTaps, int kStep, bool kIsWhole>
CAJAL_INLINE void add_taps(const Strip& s, const float* x, const float* weights, const Phase& taps, int64_t channel,
                           float* y) {
  const int count = kIsWhole ? kLanes : static_cast<int>(s.channels - channel);
  const int64_t channels = s.channels, weights_step = taps.tap_step * channels;
  vf sum[W];
  CAJAL_UNROLL
  for (int i = 0; i < W; i++) sum[i] = zero();
  CAJAL_NO_UNROLL
  for (int64_t row = 0; row < s.rows; row++, x += s.x_row, weights += s.weights_row) {
    if constexpr (kTaps > 0) {
      constexpr int kPlaces = (W - 1) * kStep + kTaps;
      vf weight[kTaps];
      CAJAL_UNROLL
      for (int j = 0; j < kTaps; j++) weight[j] = read<kIsWhole>(weights + channel + j * weights_step, count);
      // A pointer per four places: see tile.h.
      const float* from[(kPlaces + 3) / 4];
      CAJAL_UNROLL
      for (int p = 0; p < (kPlaces + 3) / 4; p++) from[p] = x + channel + 4 * p * channels;
      CAJAL_UNROLL
      for (int p = 0; p < kPlaces; p++) {
        const vf value = read<kIsWhole>(from[p / 4] + p % 4 * channels, count);
        CAJAL_UNROLL
        for (int j = 0; j < kTaps; j++) {
          const int distance = p - j;
          if (distance >= 0 && distance % kStep == 0 && distance / kStep < W) {
            sum[distance / kStep] = fma(value, weight[j], sum[distance / kStep]);
          }
        }
      }
    } else {
      const int64_t step = s.step * channels;
      for (int64_t j = 0; j < taps.count; j++) {
        const vf weight = read<kIsWhole>(weights + channel + j * weights_step, count);
        const float* from = x + channel + j * taps.place_step * channels;
        CAJAL_UNROLL
        for (int i = 0; i < W; i++) sum[i] = fma(read<kIsWhole>(from + i * step, count), weight, sum[i]);
      }
    }
  }
  if (s.bias) {
    const vf bias = read<kIsWhole>(s.bias + channel, count);
    CAJAL_UNROLL
    for (int i = 0; i < W; i++) sum[i] += bias;
  }
  if (s.relu) {
    CAJAL_UNROLL
    for (int i = 0; i < W; i++) sum[i] = relu(sum[i]);
  }
  y += channel;
  CAJAL_UNROLL
  for (int i = 0; i < W; i++) {
    if (!kIsWhole) store_partial(y + i * s.y_pixel, sum[i], count);
    else if (s.streams) store_streaming(y + i * s.y_pixel, sum[i]);
    else store(y + i * s.y_pixel, sum[i]);
  }
}

// W columns from `column` on, all channels.
template <int W, int kTaps, int kStep>
CAJAL_NOINLINE void run_columns(const Strip& s, const Phase& taps, int64_t column) {
  const float* x = s.x + (column * s.step + taps.place) * s.channels;
  const float* weights = s.weights + taps.first * s.channels;
  float* y = s.y + column * s.y_pixel;
  int64_t channel = 0;
  for (; channel + kLanes <= s.channels; channel += kLanes) {
    add_taps<W, kTaps, kStep, true>(s, x, weights, taps, channel, y);
  }
  if (channel < s.channels) add_taps<W, kTaps, kStep, false>(s, x, weights, taps, channel, y);
}

template <int kTaps, int kStep>
void run_interior(const Strip& s, int64_t column, int64_t end) {
  constexpr int kMost = kDepthwiseColumns;
  for (; column + kMost <= end; column += kMost) run_columns<kMost, kTaps, kStep>(s, s.taps, column);
  if constexpr (kMost > 4) {
    if (column + 4 <= end) {
      run_columns<4, kTaps, kStep>(s, s.taps, column);
      column += 4;
    }
  }
  if (column + 2 <= end) {
    run_columns<2, kTaps, kStep>(s, s.taps, column);
    column += 2;
  }
  if (column < end) run_columns<1, kTaps, kStep>(s, s.taps, column);
}

void run_strip(const Strip& s) {
  const Interior inside = find_interior(s.taps, s.step, s.width, s.columns);
  const auto run_edge = [&](int64_t column, int64_t end) {
    for (; column < end; column++) {
      Phase taps = taps_inside(s.taps, column * s.step, s.width);
      taps.place -= column * s.step;
      run_columns<1, 0, 0>(s, taps, column);
    }
  };
  run_edge(0, inside.first);
  const bool is_three = s.taps.count == 3 && s.taps.place_step == 1;
  if (is_three && s.step == 1) run_interior<3, 1>(s, inside.first, inside.end);
  else if (is_three && s.step == 2) run_interior<3, 2>(s, inside.first, inside.end);
  else run_interior<0, 0>(s, inside.first, inside.end);
  run_edge(inside.end, s.columns);
}

// Steps of the source (1 in a gradient) and of the target (1 in a convolution) between places of one phase.
struct Axis {
  bool is_gradient;
  int64_t stride, padding, dilation, taps;

  int64_t phases() const { return is_gradient ? stride : 1; }
  int64_t step() const { return is_gradient ? 1 : stride; }
  Phase phase(int64_t rest) const {
    if (is_gradient) return find_phase(rest, stride, padding, dilation, taps);
    return {taps, 0, 1, -padding, dilation};
  }
};

struct Work {
  const float* source;  // [pictures, height, width, channels]
  int64_t pictures, height, width, channels;
  float* target;  // [pictures, rows, columns, channels]
  int64_t rows, columns;
  const float* kernel;  // [vertical.taps, horizontal.taps, channels]
  Axis vertical, horizontal;
  const float* bias;
  bool relu;
};

void run(const Work& w, Parallel* parallel) {
  const int64_t row_floats = w.columns * w.channels, all_rows = w.pictures * w.rows;
  const int64_t tile_rows = larger(1, kTileFloats / larger(1, row_floats));
  const bool streams = all_rows * row_floats > kStreamedFloats;
  parallel_for(parallel, ceil_divide(all_rows, tile_rows), [&](int64_t tile, int) {
    const int64_t end = smaller(all_rows, (tile + 1) * tile_rows);
    for (int64_t number = tile * tile_rows; number < end; number++) {
      const int64_t picture = number / w.rows, row = number % w.rows;
      const int64_t origin = row / w.vertical.phases() * w.vertical.step();
      const Phase rows = taps_inside(w.vertical.phase(row % w.vertical.phases()), origin, w.height);
      Strip s = {};
      s.x = w.source + (picture * w.height + rows.place) * w.width * w.channels;
      s.x_row = rows.place_step * w.width * w.channels;
      s.width = w.width;
      s.channels = w.channels;
      s.rows = rows.count;
      s.weights = w.kernel + rows.first * w.horizontal.taps * w.channels;
      s.weights_row = rows.tap_step * w.horizontal.taps * w.channels;
      s.step = w.horizontal.step();
      s.y_pixel = w.horizontal.phases() * w.channels;
      s.bias = w.bias;
      s.relu = w.relu;
      s.streams = streams;
      for (int64_t rest = 0; rest < w.horizontal.phases() && rest < w.columns; rest++) {
        s.taps = w.horizontal.phase(rest);
        s.y = w.target + number * row_floats + rest * w.channels;
        s.columns = ceil_divide(w.columns - rest, w.horizontal.phases());
        run_strip(s);
      }
    }
    if (streams) finish_streaming();
  });
}

// Filters of each channel, and floats of the pictures that belong to them.
int64_t multiplier_of(const Tensor& picture, const Tensor& kernel) { return kernel.sizes[3] / picture.sizes[3]; }
int64_t pixels_of(const Tensor& picture) { return picture.sizes[0] * picture.sizes[1] * picture.sizes[2]; }

template <typename Attributes>
Work prepare(const Tensor& source, const Tensor& kernel, const Tensor& target, const Attributes& a, bool is_gradient) {
  Work w = {};
  w.source = reinterpret_cast<const float*>(source.data);
  w.pictures = source.sizes[0];
  w.height = source.sizes[1];
  w.width = source.sizes[2];
  w.channels = kernel.sizes[3];
  w.target = reinterpret_cast<float*>(target.data);
  w.rows = target.sizes[1];
  w.columns = target.sizes[2];
  w.kernel = reinterpret_cast<const float*>(kernel.data);
  w.vertical = {is_gradient, a.stride_height, a.padding_top, a.dilation_height, kernel.sizes[0]};
  w.horizontal = {is_gradient, a.stride_width, a.padding_left, a.dilation_width, kernel.sizes[1]};
  return w;
}

// Floats of a picture with each channel as often as it has filters; 0 where that is once.
int64_t repeated_floats(const Tensor& picture, const Tensor& kernel) {
  return multiplier_of(picture, kernel) == 1 ? 0 : pixels_of(picture) * kernel.sizes[3];
}

}  // namespace

size_t depthwise_conv2d_scratch(const Invocation& invocation) {
  return static_cast<size_t>(repeated_floats(invocation.inputs[0], invocation.inputs[1])) * sizeof(float);
}

int depthwise_conv2d(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dAttributes*>(invocation.attributes);
  const Tensor& x = invocation.inputs[0];
  const Tensor& kernel = invocation.inputs[1];
  Work work = prepare(x, kernel, invocation.outputs[0], attributes, false);
  if (invocation.input_count > 2) work.bias = reinterpret_cast<const float*>(invocation.inputs[2].data);
  work.relu = attributes.activation != 0;
  if (repeated_floats(x, kernel) > 0) {
    auto* repeated = reinterpret_cast<float*>(invocation.scratch);
    repeat_channels(work.source, pixels_of(x), x.sizes[3], multiplier_of(x, kernel), repeated, invocation.parallel);
    work.source = repeated;
  }
  run(work, invocation.parallel);
  return 0;
}

size_t depthwise_input_gradient_scratch(const Invocation& invocation) {
  return static_cast<size_t>(repeated_floats(invocation.outputs[0], invocation.inputs[1])) * sizeof(float);
}

int depthwise_input_gradient(const Invocation& invocation) {
  const auto& attributes = *reinterpret_cast<const Conv2dInputGradientAttributes*>(invocation.attributes);
  const Tensor& dx = invocation.outputs[0];
  const Tensor& kernel = invocation.inputs[1];
  Work work = prepare(invocation.inputs[0], kernel, dx, attributes, true);
  if (repeated_floats(dx, kernel) == 0) {
    run(work, invocation.parallel);
    return 0;
  }
  float* result = work.target;
  work.target = reinterpret_cast<float*>(invocation.scratch);
  run(work, invocation.parallel);
  add_neighbours(work.target, pixels_of(dx), dx.sizes[3], multiplier_of(dx, kernel), result, invocation.parallel);
  return 0;
}

}  // namespace cajal::CAJAL_ISA
