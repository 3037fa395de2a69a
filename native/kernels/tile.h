// The one inner loop of convolutions and matrix products: a register tile of `rows` × up to two vectors of columns,
//   c[i][j] = sum over k of a(i, k) · b[k][j].
// Each element of c has one accumulator that goes over k in order, so its bits do not depend on the tile's height, nor
// on where its row lies in a tile. Stopping at some k, storing and resuming (`accumulate`) changes no bit either.
#ifndef CAJAL_KERNELS_TILE_H
#define CAJAL_KERNELS_TILE_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

// Vectors side by side in a tile; a panel of packed weights is this wide.
constexpr int kTileVectors = 2;
constexpr int kTileColumns = kTileVectors * kLanes;

#if defined(__AVX512F__)
constexpr int kTileRows = 12;  // 24 accumulators + 2 of b + 1 of a, of 32 registers
#elif defined(__AVX2__) && defined(__FMA__)
constexpr int kTileRows = 6;  // 12 accumulators + 2 + 1 of 16 registers
#elif defined(__ARM_NEON) && defined(__aarch64__)
constexpr int kTileRows = 8;  // 16 accumulators + 2 + 1 of 32 registers
#else
constexpr int kTileRows = 4;  // 8 accumulators + 2 + 1 + a product; engines of WebAssembly spill beyond 8
#endif

// k runs over `segments` stretches of `length` steps. Floats are the unit of all distances.
struct Tile {
  const float* a;
  const int64_t* a_segments;  // where each stretch starts, from `a`
  int64_t a_row;              // from row to row, when rows are strided; otherwise rows are neighbours
  int64_t a_step;             // from k to k, when rows are neighbours; otherwise steps are neighbours
  const float* b;             // read in whole vectors
  int64_t b_segment;
  int64_t b_step;
  float* c;
  int64_t c_row;
  int64_t segments;
  int64_t length;
  const float* bias;  // null for none; added after the last step, kTileColumns floats wide
  int columns;        // how many columns to store, 1 … width of the tile
  bool accumulate;    // start from what c holds
  bool relu;
  bool streams;        // c is larger than the caches: see store_streaming

  // Memory to ask for in advance, a cache line with each k; null for none. A strip moves it by `ahead_part` from tile
  // to tile, for `ahead_parts` tiles.
  const float* ahead;
  int64_t ahead_step;
  int64_t ahead_part;
  int64_t ahead_parts;
};

enum class Rows { kStrided, kNeighbours };

using TileFunction = void (*)(const Tile& tile);

namespace tiles {

template <int M, int N>
CAJAL_INLINE void start(const Tile& t, vf (&sum)[M][N]) {
  if (!t.accumulate) {
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) sum[i][j] = zero();
    }
  } else if (t.columns == N * kLanes) {
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) sum[i][j] = load(t.c + i * t.c_row + j * kLanes);
    }
  } else {
    const int last = t.columns - (N - 1) * kLanes;
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j + 1 < N; j++) sum[i][j] = load(t.c + i * t.c_row + j * kLanes);
      sum[i][N - 1] = load_partial(t.c + i * t.c_row + (N - 1) * kLanes, last);
    }
  }
}

template <int M, int N>
CAJAL_INLINE void finish(const Tile& t, vf (&sum)[M][N]) {
  if (t.bias) {
    CAJAL_UNROLL
    for (int j = 0; j < N; j++) {
      const vf bias = load(t.bias + j * kLanes);
      CAJAL_UNROLL
      for (int i = 0; i < M; i++) sum[i][j] += bias;
    }
  }
  if (t.relu) {
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) sum[i][j] = relu(sum[i][j]);
    }
  }
  if (t.streams && t.columns == N * kLanes) {
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) store_streaming(t.c + i * t.c_row + j * kLanes, sum[i][j]);
    }
  } else if (t.columns == N * kLanes) {
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) store(t.c + i * t.c_row + j * kLanes, sum[i][j]);
    }
  } else {
    const int last = t.columns - (N - 1) * kLanes;
    CAJAL_UNROLL
    for (int i = 0; i < M; i++) {
      CAJAL_UNROLL
      for (int j = 0; j + 1 < N; j++) store(t.c + i * t.c_row + j * kLanes, sum[i][j]);
      store_partial(t.c + i * t.c_row + (N - 1) * kLanes, sum[i][N - 1], last);
    }
  }
}

template <int M, int N, Rows kRows>
CAJAL_NOINLINE void run(const Tile& t) {
  vf sum[M][N];
  start<M, N>(t, sum);
  const int64_t a_row = t.a_row, a_step = kRows == Rows::kStrided ? 1 : t.a_step, b_step = t.b_step;
  const int64_t ahead_step = t.ahead_step;
  const float* ahead = t.ahead ? t.ahead : t.b;
  CAJAL_NO_UNROLL
  for (int64_t segment = 0; segment < t.segments; segment++) {
    const float* b = t.b + segment * t.b_segment;
    const float* a = t.a + t.a_segments[segment];
    // A pointer per four rows: base, one, two and three strides are what x86 addresses without more registers.
    const float* rows[(M + 3) / 4];
    CAJAL_UNROLL
    for (int i = 0; i < (M + 3) / 4; i++) rows[i] = a + 4 * i * (kRows == Rows::kStrided ? a_row : 1);
    CAJAL_NO_UNROLL
    for (int64_t k = t.length; k > 0; k--) {
      prefetch(ahead);
      ahead += ahead_step;
      vf right[N];
      CAJAL_UNROLL
      for (int j = 0; j < N; j++) right[j] = load(b + j * kLanes);
      CAJAL_UNROLL
      for (int i = 0; i < M; i++) {
        const vf left = broadcast(rows[i / 4][(i % 4) * (kRows == Rows::kStrided ? a_row : 1)]);
        CAJAL_UNROLL
        for (int j = 0; j < N; j++) sum[i][j] = fma(left, right[j], sum[i][j]);
      }
      CAJAL_UNROLL
      for (int i = 0; i < (M + 3) / 4; i++) rows[i] += a_step;
      b += b_step;
    }
  }
  finish<M, N>(t, sum);
}

template <Rows kRows, int N>
CAJAL_INLINE TileFunction choose(int rows) {
  switch (rows) {
    case 1:
      return run<1, N, kRows>;
    case 2:
      return run<2, N, kRows>;
    case 3:
      return run<3, N, kRows>;
    case 4:
      return run<4, N, kRows>;
#if !defined(__wasm__)
    case 5:
      if constexpr (kTileRows >= 5) return run<5, N, kRows>;
      break;
    case 6:
      if constexpr (kTileRows >= 6) return run<6, N, kRows>;
      break;
    case 7:
      if constexpr (kTileRows >= 7) return run<7, N, kRows>;
      break;
    case 8:
      if constexpr (kTileRows >= 8) return run<8, N, kRows>;
      break;
    case 9:
      if constexpr (kTileRows >= 9) return run<9, N, kRows>;
      break;
    case 10:
      if constexpr (kTileRows >= 10) return run<10, N, kRows>;
      break;
    case 11:
      if constexpr (kTileRows >= 11) return run<11, N, kRows>;
      break;
    case 12:
      if constexpr (kTileRows >= 12) return run<12, N, kRows>;
      break;
#endif
  }
  return nullptr;
}

}  // namespace tiles

// Runs a strip of any number of rows, cut into tiles of nearly equal heights: full ones with a short rest would leave
// the multipliers waiting for too few accumulators. `tile.a` and `tile.c` are the strip's first row. `before` is called
// before each tile.
template <Rows kRows, typename Before>
CAJAL_INLINE void run_strip(Tile tile, int64_t rows, const Before& before) {
  if (rows <= 0) return;
  const int64_t parts = (rows + kTileRows - 1) / kTileRows, height = rows / parts, taller = rows % parts;
  const bool is_narrow = tile.columns <= kLanes;
  const auto pick = [is_narrow](int64_t m) {
    return is_narrow ? tiles::choose<kRows, 1>(static_cast<int>(m)) : tiles::choose<kRows, 2>(static_cast<int>(m));
  };
  const TileFunction tall = pick(taller ? height + 1 : height), low = pick(height);
  const int64_t a_row = kRows == Rows::kStrided ? tile.a_row : 1;
  for (int64_t part = 0; part < parts; part++) {
    const int64_t m = part < taller ? height + 1 : height;
    before();
    (part < taller ? tall : low)(tile);
    tile.a += m * a_row;
    tile.c += m * tile.c_row;
    tile.ahead += tile.ahead_part;
    if (part + 1 >= tile.ahead_parts) {
      tile.ahead = nullptr;
      tile.ahead_step = tile.ahead_part = 0;
    }
  }
}

template <Rows kRows>
CAJAL_INLINE void run_strip(const Tile& tile, int64_t rows) {
  run_strip<kRows>(tile, rows, [] {});
}

}  // namespace cajal::CAJAL_ISA

#endif
