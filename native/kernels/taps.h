// Pictures as weighted sums over windows of other pictures, where a weight is that of the row times that of the column: what
// average pooling, resizing and their gradients are. The weights along each axis stand in tables.
#ifndef CAJAL_KERNELS_TAPS_H
#define CAJAL_KERNELS_TAPS_H

#include "../runtime/kernel.h"
#include "../simd/vec.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// For each place of an axis of y: the first place of x that counts, and the weights of that one and those behind it.
struct Taps {
  int32_t* first;
  int32_t* offsets;  // into weights, one more than places
  float* weights;
  int64_t places;

  int32_t count(int64_t place) const { return offsets[place + 1] - offsets[place]; }
  int32_t end(int64_t place) const { return first[place] + count(place); }
};

CAJAL_INLINE Taps take_taps(ScratchCutter& cutter, int64_t places, int64_t most_weights) {
  Taps taps;
  taps.first = cutter.take<int32_t>(places);
  taps.offsets = cutter.take<int32_t>(places + 1);
  taps.weights = cutter.take<float>(most_weights);
  taps.places = places;
  return taps;
}

// What each place of x counts for: the same weights by the places of x. Windows must step on along the axis.
CAJAL_INLINE void turn_taps(const Taps& taps, Taps& turned) {
  int32_t first = 0, offset = 0;
  for (int32_t place = 0; place < turned.places; place++) {
    while (first < taps.places && taps.end(first) <= place) first++;
    turned.first[place] = first;
    turned.offsets[place] = offset;
    for (int32_t i = first; i < taps.places && taps.first[i] <= place; i++) {
      turned.weights[offset++] = taps.weights[taps.offsets[i] + place - taps.first[i]];
    }
  }
  turned.offsets[turned.places] = offset;
}

// A window of x with its weights.
struct Window {
  const float* x;  // its corner
  int64_t row_floats, channels;
  const float *row_weights, *column_weights;
  int rows, columns;
};

// kVectors vectors of channels, or the first `count` of one.
template <int kVectors, bool kIsPart>
CAJAL_INLINE void weigh_channels(const Window& window, int64_t channel, int count, float* y) {
  vf sums[kVectors] = {};
  const float* row_x = window.x + channel;
  for (int row = 0; row < window.rows; row++, row_x += window.row_floats) {
    const float* x = row_x;
    for (int column = 0; column < window.columns; column++, x += window.channels) {
      const vf weight = broadcast(window.row_weights[row] * window.column_weights[column]);
      CAJAL_UNROLL
      for (int v = 0; v < kVectors; v++) {
        const vf value = kIsPart ? load_partial(x, count) : load(x + v * kLanes);
        sums[v] = fma(value, weight, sums[v]);
      }
    }
  }
  CAJAL_UNROLL
  for (int v = 0; v < kVectors; v++) {
    if (kIsPart) store_partial(y + channel, sums[v], count);
    else store(y + channel + v * kLanes, sums[v]);
  }
}

CAJAL_INLINE void weigh_window(const Window& window, float* y) {
  int64_t channel = 0;
  for (; channel + 4 * kLanes <= window.channels; channel += 4 * kLanes) weigh_channels<4, false>(window, channel, 0, y);
  for (; channel + kLanes <= window.channels; channel += kLanes) weigh_channels<1, false>(window, channel, 0, y);
  const int rest = static_cast<int>(window.channels - channel);
  if (rest > 0) weigh_channels<1, true>(window, channel, rest, y);
}

constexpr int64_t kWeighedFloats = 1 << 14;  // that a parallel tile writes, about

// y [pictures, rows.places, columns.places, channels] from x.
CAJAL_INLINE void weigh_pictures(Parallel* parallel, const Tensor& x, const Tensor& y, const Taps& rows, const Taps& columns) {
  const int64_t channels = x.sizes[3], row_floats = x.sizes[2] * channels, picture_floats = x.sizes[1] * row_floats;
  const auto* from = reinterpret_cast<const float*>(x.data);
  auto* to = reinterpret_cast<float*>(y.data);
  const int64_t tile_rows = larger(1, kWeighedFloats / (columns.places * channels));
  const int64_t tiles_per_picture = ceil_divide(rows.places, tile_rows);
  parallel_for(parallel, x.sizes[0] * tiles_per_picture, [&](int64_t tile, int) {
    const int64_t picture = tile / tiles_per_picture, first = tile % tiles_per_picture * tile_rows;
    const int64_t last = smaller(rows.places, first + tile_rows);
    float* target = to + (picture * rows.places + first) * columns.places * channels;
    Window window;
    window.row_floats = row_floats;
    window.channels = channels;
    for (int64_t row = first; row < last; row++) {
      const float* row_from = from + picture * picture_floats + rows.first[row] * row_floats;
      window.row_weights = rows.weights + rows.offsets[row];
      window.rows = rows.count(row);
      for (int64_t column = 0; column < columns.places; column++, target += channels) {
        window.x = row_from + columns.first[column] * channels;
        window.column_weights = columns.weights + columns.offsets[column];
        window.columns = columns.count(column);
        weigh_window(window, target);
      }
    }
  });
}

}  // namespace cajal::CAJAL_ISA

#endif
