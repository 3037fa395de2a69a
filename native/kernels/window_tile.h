// The inner loop of a convolution that is pooled at once: a register tile of windows of 2 × 2 sums × up to two vectors of
// filters. Sums are those of tile.h to the bit; only the largest of each window leaves the registers, and its place.
#ifndef CAJAL_KERNELS_WINDOW_TILE_H
#define CAJAL_KERNELS_WINDOW_TILE_H

#include "pool_window.h"
#include "tile.h"

namespace cajal::CAJAL_ISA {

constexpr int kTileWindows = kTileRows / 4;

// k runs over `segments` stretches of `length` steps, which are neighbours. Floats are the unit of all distances.
struct WindowTile {
  const float* a;             // the first window's corner
  const int64_t* a_segments;  // where each stretch starts, from `a`
  int64_t a_column;           // from column to column
  int64_t a_row;              // from a window's upper row to its lower one
  const float* b;             // read in whole vectors
  int64_t b_segment;
  int64_t b_step;
  float* y;
  uint8_t* places;
  int64_t pitch;  // of y and places, from window to window
  int64_t segments;
  int64_t length;
  const float* bias;  // null for none; as wide as the tile
  int columns;        // how many columns to store, 1 … width of the tile
  bool relu;
};

using WindowTileFunction = void (*)(const WindowTile& tile);

namespace tiles {

// The first `count` numbers from 0 to 255, as bytes.
CAJAL_NOINLINE void store_partial_as_bytes(uint8_t* to, vi v, int count) {
  uint8_t bytes[kLanes];
  store_as_bytes(bytes, v);
  for (int i = 0; i < count; i++) to[i] = bytes[i];
}

template <int N>
CAJAL_INLINE void store_window(const WindowTile& t, int64_t at, const vf (&best)[N], const vi (&place)[N]) {
  const int last = t.columns - (N - 1) * kLanes;
  CAJAL_UNROLL
  for (int j = 0; j < N; j++) {
    if (j + 1 < N || last == kLanes) {
      store(t.y + at + j * kLanes, best[j]);
      store_as_bytes(t.places + at + j * kLanes, place[j]);
    } else {
      store_partial(t.y + at + j * kLanes, best[j], last);
      store_partial_as_bytes(t.places + at + j * kLanes, place[j], last);
    }
  }
}

// Windows with NaN, which are few. `sums` is [4 * W][N] vectors.
template <int W, int N, bool kIsRelu>
CAJAL_NOINLINE void pool_with_nan(const WindowTile& t, const float* sums) {
  CAJAL_NO_UNROLL
  for (int w = 0; w < W; w++) {
    vf best[N];
    vi place[N];
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) {
      const float* window = sums + (4 * w * N + j) * kLanes;
      best[j] = load(window);
      place[j] = broadcast(0);
      CAJAL_UNROLL
      for (int i = 1; i < 4; i++) {
        const vf value = load(window + i * N * kLanes);
        const vi is_larger = wins(value, best[j]);
        best[j] = select(is_larger, value, best[j]);
        place[j] = select(is_larger, broadcast(i), place[j]);
      }
      place[j] = passing_place<kIsRelu>(best[j], place[j]);
      if (kIsRelu) best[j] = relu(best[j]);
    }
    store_window<N>(t, w * t.pitch, best, place);
  }
}

template <int W, int N, bool kIsRelu>
CAJAL_INLINE void finish_windows(const WindowTile& t, vf (&sum)[4 * W][N]) {
  if (t.bias) {
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) {
      const vf bias = load(t.bias + j * kLanes);
      CAJAL_UNROLL
      for (int i = 0; i < 4 * W; i++) sum[i][j] += bias;
    }
  }
  vf total = zero();  // NaN where one of the sums is
  CAJAL_UNROLL
  for (int w = 0; w < W; w++) {
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) {
      total += (sum[4 * w][j] + sum[4 * w + 1][j]) + (sum[4 * w + 2][j] + sum[4 * w + 3][j]);
    }
  }
  if (__builtin_expect(any(total != total), 0)) {
    float sums[4 * W * N * kLanes];
    CAJAL_UNROLL
    for (int i = 0; i < 4 * W; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) store(sums + (i * N + j) * kLanes, sum[i][j]);
    }
    return pool_with_nan<W, N, kIsRelu>(t, sums);
  }
  CAJAL_UNROLL
  for (int w = 0; w < W; w++) {
    vf best[N];
    vi place[N];
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) {
      const vf a = sum[4 * w][j], b = sum[4 * w + 1][j], c = sum[4 * w + 2][j], d = sum[4 * w + 3][j];
      const vf upper = maximum(b, a), lower = maximum(d, c);
      const vi is_b = b > a, is_d = d > c;
      best[j] = maximum(lower, upper);
      place[j] = passing_place<kIsRelu>(best[j], select(lower > upper, 2 - is_d, -is_b));
      if (kIsRelu) best[j] = relu(best[j]);  // the largest of ReLUs is the ReLU of the largest
    }
    store_window<N>(t, w * t.pitch, best, place);
  }
}

// One k: `b` is its row of weights.
template <int W, int N>
CAJAL_INLINE void add_products(const float* upper, const float* lower, int64_t a_column, const float* b,
                               vf (&sum)[4 * W][N]) {
  vf right[N];
  CAJAL_UNROLL
  for (int j = 0; j < N; j++) right[j] = load(b + j * kLanes);
  CAJAL_UNROLL
  for (int i = 0; i < 4 * W; i++) {
    const float* row = i / 2 % 2 == 0 ? upper : lower;  // indexing the expression itself is miscompiled by GCC 12
    const vf left = broadcast(row[(i / 4 * 2 + i % 2) * a_column]);
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) sum[i][j] = fma(left, right[j], sum[i][j]);
  }
}

// `kColumn` and `kLength` are a_column and length where the compiler knows them, else 0.
template <int W, int N, int kColumn, int kLength>
CAJAL_NOINLINE void run_windows(const WindowTile& t) {
  vf sum[4 * W][N];
  CAJAL_UNROLL
  for (int i = 0; i < 4 * W; i++) {
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) sum[i][j] = zero();
  }
  const int64_t a_column = kColumn > 0 ? kColumn : t.a_column, b_step = t.b_step;
  CAJAL_NO_UNROLL
  for (int64_t segment = 0; segment < t.segments; segment++) {
    const float* b = t.b + segment * t.b_segment;
    const float* upper = t.a + t.a_segments[segment];
    const float* lower = upper + t.a_row;
    if constexpr (kLength > 0) {
      CAJAL_NO_UNROLL
      for (int k = 0; k < kLength; k += kColumn) {
        // Else compilers keep what neighbouring windows share in registers that they lack.
        CAJAL_FORGET(upper);
        CAJAL_FORGET(lower);
        CAJAL_UNROLL
        for (int channel = 0; channel < kColumn; channel++) {
          add_products<W, N>(upper + channel, lower + channel, a_column, b + channel * N * kLanes, sum);
        }
        upper += kColumn;
        lower += kColumn;
        b += kColumn * N * kLanes;
      }
    } else {
      CAJAL_NO_UNROLL
      for (int64_t k = 0; k < t.length; k++) add_products<W, N>(upper + k, lower + k, a_column, b + k * b_step, sum);
    }
  }
  if (t.relu) finish_windows<W, N, true>(t, sum);
  else finish_windows<W, N, false>(t, sum);
}

template <int W, int N>
CAJAL_INLINE WindowTileFunction choose_by_length(const WindowTile& t) {
  if (t.a_column == 1 && t.length == 3 && t.b_step == N * kLanes) return run_windows<W, N, 1, 3>;
  if (t.a_column == 3 && t.length == 9 && t.b_step == N * kLanes) return run_windows<W, N, 3, 9>;
  return run_windows<W, N, 0, 0>;
}

template <int N>
CAJAL_INLINE WindowTileFunction choose_windows(const WindowTile& t, int64_t windows) {
  if constexpr (kTileWindows >= 3) {
    if (windows == 3) return choose_by_length<3, N>(t);
  }
  if constexpr (kTileWindows >= 2) {
    if (windows == 2) return choose_by_length<2, N>(t);
  }
  return choose_by_length<1, N>(t);
}

}  // namespace tiles

// Runs a row of windows, cut into tiles of nearly equal widths.
CAJAL_INLINE void run_windows(WindowTile tile, int64_t windows) {
  if (windows <= 0) return;
  const int64_t parts = (windows + kTileWindows - 1) / kTileWindows, width = windows / parts, wider = windows % parts;
  const auto pick = [&](int64_t count) {
    return tile.columns <= kLanes ? tiles::choose_windows<1>(tile, count) : tiles::choose_windows<2>(tile, count);
  };
  const WindowTileFunction wide = pick(wider ? width + 1 : width), narrow = pick(width);
  for (int64_t part = 0; part < parts; part++) {
    const int64_t count = part < wider ? width + 1 : width;
    (part < wider ? wide : narrow)(tile);
    tile.a += 2 * count * tile.a_column;
    tile.y += count * tile.pitch;
    tile.places += count * tile.pitch;
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
