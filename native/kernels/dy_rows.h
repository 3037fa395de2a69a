// Where the rows of dy come from that a kernel gradient sums over: from memory, or from the gradient of a max pooling
// with windows side by side, which is written out only in the panels that are about to be read.
#ifndef CAJAL_KERNELS_DY_ROWS_H
#define CAJAL_KERNELS_DY_ROWS_H

#include "panels.h"
#include "picture_rows.h"
#include "pool_window.h"

namespace cajal::CAJAL_ISA {

struct DyRows {
  const float* dy;  // [pictures, rows, columns, filters], or what arrives at the pooled values
  int64_t rows, columns, filters;

  int64_t pool_height, pool_width;  // 0: dy lies in memory
  int64_t pooled_rows, pooled_columns;
  const uint8_t* places;  // in its window, of each pooled value; kNoPlace where nothing passes
};

// One window's part of a row of a panel: each number goes to its place, all others are 0.
CAJAL_INLINE void spread_window(const float* dy, const uint8_t* places, int first_place, int64_t pool_width, int filters,
                                int width, float* to) {
  for (int64_t column = 0; column < pool_width; column++, to += width) {
    const int place = first_place + static_cast<int>(column);
    int filter = 0;
    for (; filter + kLanes <= filters; filter += kLanes) {
      store(to + filter, select(load_bytes_as_integers(places + filter) == place, load(dy + filter), zero()));
    }
    for (; filter < filters; filter++) to[filter] = places[filter] == place ? dy[filter] : 0;
    for (; filter < width; filter++) to[filter] = 0;
  }
}

// The same for two columns and a panel of `kVectors` whole vectors.
template <int kVectors>
CAJAL_INLINE void spread_pairs(const float* dy, const uint8_t* places, int64_t pitch, int first_place, int64_t windows,
                               float* to) {
  const vi left = broadcast(first_place), right = broadcast(first_place + 1);
  for (; windows > 0; windows--, dy += pitch, places += pitch, to += 2 * kVectors * kLanes) {
    CAJAL_UNROLL
    for (int vector = 0; vector < kVectors; vector++) {
      const vf passed = load(dy + vector * kLanes);
      const vi place = load_bytes_as_integers(places + vector * kLanes);
      store(to + vector * kLanes, select(place == left, passed, zero()));
      store(to + (kVectors + vector) * kLanes, select(place == right, passed, zero()));
    }
  }
}

// One row of a panel.
CAJAL_INLINE void spread_row(const DyRows& from, int64_t picture, int64_t row, int64_t first_filter, int filters,
                             float* to) {
  const int width = panel_width(filters);
  const int64_t pooled_row = row / from.pool_height, windows = from.pooled_columns, pool_width = from.pool_width;
  if (pooled_row >= from.pooled_rows) return clear_floats(to, from.columns * width);
  const int first_place = static_cast<int>(row % from.pool_height * pool_width);
  const int64_t pitch = from.filters, at = (picture * from.pooled_rows + pooled_row) * windows * pitch + first_filter;
  const float* dy = from.dy + at;
  const uint8_t* places = from.places + at;
  if (pool_width == 2 && filters == kTileColumns) {
    spread_pairs<kTileVectors>(dy, places, pitch, first_place, windows, to);
  } else if (pool_width == 2 && filters == kLanes) {
    spread_pairs<1>(dy, places, pitch, first_place, windows, to);
  } else {
    for (int64_t window = 0; window < windows; window++) {
      spread_window(dy + window * pitch, places + window * pitch, first_place, pool_width, filters, width,
                    to + window * pool_width * width);
    }
  }
  const int64_t spread = windows * pool_width;
  clear_floats(to + spread * width, (from.columns - spread) * width);
}

// Rows of one picture, or all rows of several, as a panel of filters [pictures, rows, columns, panel_width(filters)].
CAJAL_INLINE void pack_dy(const DyRows& from, int64_t first_picture, int64_t pictures, int64_t first_row, int64_t rows,
                          int64_t first_filter, int filters, float* to) {
  if (from.pool_height == 0) {
    const int64_t first_place = (first_picture * from.rows + first_row) * from.columns;
    pack_rows(from.dy + first_place * from.filters + first_filter, from.filters, pictures * rows * from.columns, filters,
              to);
    return;
  }
  for (int64_t picture = first_picture; picture < first_picture + pictures; picture++) {
    for (int64_t row = first_row; row < first_row + rows; row++, to += from.columns * panel_width(filters)) {
      spread_row(from, picture, row, first_filter, filters, to);
    }
  }
}

// sums[filter] += what passes at `windows` neighbouring windows, which have `pitch` filters each.
CAJAL_INLINE void add_passing(const float* dy, const uint8_t* places, int64_t pitch, int64_t windows, int filters,
                              float* sums) {
  int filter = 0;
  for (; filter + kLanes <= filters; filter += kLanes) {
    vf even = load(sums + filter), odd = zero();
    const auto passing = [&](int64_t window) {
      const int64_t at = window * pitch + filter;
      return select(load_bytes_as_integers(places + at) == kNoPlace, zero(), load(dy + at));
    };
    int64_t window = 0;
    for (; window + 2 <= windows; window += 2) {
      even += passing(window);
      odd += passing(window + 1);
    }
    if (window < windows) even += passing(window);
    store(sums + filter, even + odd);
  }
  for (; filter < filters; filter++) {
    for (int64_t at = filter; at < windows * pitch; at += pitch) {
      if (places[at] != kNoPlace) sums[filter] += dy[at];
    }
  }
}

// The same for rows of one picture, or all rows of several. A window counts where its first row does.
CAJAL_INLINE void add_passing(const DyRows& from, int64_t first_picture, int64_t pictures, int64_t first_row,
                              int64_t rows, int64_t first_filter, int filters, float* sums) {
  const int64_t first = ceil_divide(first_row, from.pool_height);
  const int64_t last = smaller(ceil_divide(first_row + rows, from.pool_height), from.pooled_rows);
  if (first >= last) return;
  const int64_t windows = (last - first) * from.pooled_columns;
  for (int64_t picture = first_picture; picture < first_picture + pictures; picture++) {
    const int64_t at = (picture * from.pooled_rows + first) * from.pooled_columns * from.filters + first_filter;
    add_passing(from.dy + at, from.places + at, from.filters, windows, filters, sums);
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
