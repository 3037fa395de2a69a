// Pictures cut into tiles for Winograd's algorithm, and brought from pixels to points. Tiles are numbered row by row
// through all pictures; a tile makes kSize × kSize pixels of a result and reads two rows and columns more, so that
// neighbouring tiles overlap. What a tile becomes depends on its pixels alone, never on its block.
#ifndef CAJAL_KERNELS_WINOGRAD_POINTS_H
#define CAJAL_KERNELS_WINOGRAD_POINTS_H

#include "parallel_for.h"
#include "picture_rows.h"
#include "winograd_tiles.h"

namespace cajal::CAJAL_ISA {

// Tiles that a worker transforms at a time where all share a block.
constexpr int64_t kSharedTiles = 4;

// Tiles of a block that all share, of which each has so many transformed floats: enough that going through the kernel or
// its gradient once more pays, and no more than scratch allows.
constexpr int64_t shared_block(int64_t tile_floats) {
  constexpr int64_t kFloats = 1536 * 1024, kMostFloats = 3200 * 1024, kEnoughTiles = 84;
  return larger(kFloats, smaller(kMostFloats, kEnoughTiles * tile_floats)) / tile_floats;
}

// Distances between points get a cache line more than they need: powers of two would meet in one set of the cache.
constexpr int64_t kGap = 16;

// A grid of tiles over pictures [pictures, height, width, channels], whose first tile reads from (top, left) on.
struct TileGrid {
  const float* pictures;
  int64_t height, width, channels;
  int64_t top, left;  // negative: zeros around the picture
  int64_t tile_rows, tile_columns;
  // The pictures are what arrives at the pooled values of windows of 2 × 2 pixels, and tiles are cut from the gradient of
  // that pooling, which nobody writes out: each number stands in its window at its place, all others are 0.
  bool is_pooled;
  const uint8_t* places;

  int64_t tiles_of_picture() const { return tile_rows * tile_columns; }
};

// A patch of a picture, in it or copied with zeros around it.
struct Patch {
  const float* start;
  int64_t row;  // floats from row to row
};

template <int kRows>
CAJAL_INLINE Patch find_patch(const TileGrid& grid, int64_t tile, int64_t step, float* copy) {
  const int64_t in_picture = tile % grid.tiles_of_picture();
  const float* picture = grid.pictures + tile / grid.tiles_of_picture() * grid.height * grid.width * grid.channels;
  const int64_t y = grid.top + in_picture / grid.tile_columns * step;
  const int64_t x = grid.left + in_picture % grid.tile_columns * step;
  if (y >= 0 && x >= 0 && y + kRows <= grid.height && x + kRows <= grid.width) {
    return {picture + (y * grid.width + x) * grid.channels, grid.width * grid.channels};
  }
  copy_rows(picture, grid.height, grid.width, grid.channels, grid.channels, y, kRows, x, kRows, copy);
  return {copy, kRows * grid.channels};
}

// A patch of windows and their places.
struct PooledPatch {
  const float* start;
  const uint8_t* places;
  int64_t row;
};

template <int kRows>
CAJAL_INLINE PooledPatch find_pooled_patch(const TileGrid& grid, int64_t tile, int64_t step, float* copy) {
  const int64_t in_picture = tile % grid.tiles_of_picture(), channels = grid.channels;
  const int64_t picture = tile / grid.tiles_of_picture() * grid.height * grid.width * channels;
  // Shifted right, negative numbers are rounded down too.
  const int64_t y = (grid.top + in_picture / grid.tile_columns * step) >> 1;
  const int64_t x = (grid.left + in_picture % grid.tile_columns * step) >> 1;
  const int64_t first = picture + (y * grid.width + x) * channels;
  if (y >= 0 && x >= 0 && y + kRows <= grid.height && x + kRows <= grid.width) {
    return {grid.pictures + first, grid.places + first, grid.width * channels};
  }
  copy_rows(grid.pictures + picture, grid.height, grid.width, channels, channels, y, kRows, x, kRows, copy);
  auto* places = reinterpret_cast<uint8_t*>(copy + kRows * kRows * channels);
  for (int64_t row = 0; row < kRows; row++) {
    for (int64_t column = 0; column < kRows; column++) {
      // Where there is no window its number is 0, so that any place will do.
      if (y + row < 0 || y + row >= grid.height || x + column < 0 || x + column >= grid.width) continue;
      const uint8_t* from = grid.places + first + (row * grid.width + column) * channels;
      uint8_t* to = places + (row * kRows + column) * channels;
      for (int64_t channel = 0; channel < channels; channel++) to[channel] = from[channel];
    }
  }
  return {copy, places, kRows * channels};
}

// Floats of a copied patch.
template <int kSize>
constexpr int64_t patch_floats(int64_t channels) {
  return round_up(Winograd<kSize>::kPoints * Winograd<kSize>::kPoints * channels, kLanes);
}

// What both axes of a patch go through: the source of a convolution, and the gradient of its result.
template <int kSize>
struct InputTransform {
  static constexpr int kFrom = Winograd<kSize>::kPoints;
  static constexpr int kTo = Winograd<kSize>::kPoints;
  CAJAL_INLINE void run(const vf (&from)[kFrom], vf (&to)[kTo]) { Winograd<kSize>::input(from, to); }
};
template <int kSize>
struct SpreadTransform {
  static constexpr int kFrom = kSize;
  static constexpr int kTo = Winograd<kSize>::kPoints;
  CAJAL_INLINE void run(const vf (&from)[kFrom], vf (&to)[kTo]) { Winograd<kSize>::spread(from, to); }
};

// The second half of a transform: what was done to columns is done to rows.
template <typename Transform>
CAJAL_INLINE void transform_rows(const vf (&columns)[Transform::kTo][Transform::kFrom], float* to, int64_t pitch) {
  constexpr int kTo = Transform::kTo;
  CAJAL_UNROLL
  for (int i = 0; i < kTo; i++) {
    vf v[kTo];
    Transform::run(columns[i], v);
    CAJAL_UNROLL
    for (int j = 0; j < kTo; j++) store(to + (i * kTo + j) * pitch, v[j]);
  }
}

template <typename Transform, bool kIsPartial>
CAJAL_INLINE void transform_vector(const Patch& patch, int64_t channels, int count, float* to, int64_t pitch) {
  constexpr int kFrom = Transform::kFrom, kTo = Transform::kTo;
  vf columns[kTo][kFrom];
  CAJAL_UNROLL
  for (int j = 0; j < kFrom; j++) {
    vf d[kFrom], v[kTo];
    CAJAL_UNROLL
    for (int i = 0; i < kFrom; i++) {
      const float* from = patch.start + i * patch.row + j * channels;
      d[i] = kIsPartial ? load_partial(from, count) : load(from);
    }
    Transform::run(d, v);
    CAJAL_UNROLL
    for (int i = 0; i < kTo; i++) columns[i][j] = v[i];
  }
  transform_rows<Transform>(columns, to, pitch);
}

// Windows side by side that a patch of so many pixels meets; where it begins in the middle of one, it ends there too.
constexpr int windows_across(int pixels, bool is_odd) { return (pixels + 1 + is_odd) / 2; }

// Bytes of a vector of places of which `count` are there.
CAJAL_INLINE vi load_places(const uint8_t* from, int count) {
  uint8_t bytes[kLanes] = {};
  for (int i = 0; i < count; i++) bytes[i] = from[i];
  return load_bytes_as_integers(bytes);
}

template <typename Transform, bool kIsOdd, bool kIsPartial>
CAJAL_INLINE void transform_pooled_vector(const PooledPatch& patch, int64_t channels, int count, float* to,
                                          int64_t pitch) {
  constexpr int kFrom = Transform::kFrom, kTo = Transform::kTo, kWindows = windows_across(kFrom, kIsOdd);
  vf columns[kTo][kFrom];
  CAJAL_UNROLL
  for (int across = 0; across < kWindows; across++) {
    vf dy[kWindows];
    vi places[kWindows];
    CAJAL_UNROLL
    for (int down = 0; down < kWindows; down++) {
      const int64_t at = down * patch.row + across * channels;
      dy[down] = kIsPartial ? load_partial(patch.start + at, count) : load(patch.start + at);
      places[down] = kIsPartial ? load_places(patch.places + at, count) : load_bytes_as_integers(patch.places + at);
    }
    CAJAL_UNROLL
    for (int side = 0; side < 2; side++) {
      const int j = 2 * across + side - kIsOdd;
      if (j < 0 || j >= kFrom) continue;
      vf d[kFrom], v[kTo];
      CAJAL_UNROLL
      for (int i = 0; i < kFrom; i++) {
        const int down = (i + kIsOdd) / 2, place = (i + kIsOdd) % 2 * 2 + side;
        d[i] = select(places[down] == place, dy[down], zero());
      }
      Transform::run(d, v);
      CAJAL_UNROLL
      for (int i = 0; i < kTo; i++) columns[i][j] = v[i];
    }
  }
  transform_rows<Transform>(columns, to, pitch);
}

// Transforms tiles first … first + count - 1. Tile number t of them and channel c go to place(t, c), for each point
// `pitch` floats further; zeros fill the last vector of channels.
template <int kSize, typename Transform, typename Place>
CAJAL_INLINE void transform_tiles(const TileGrid& grid, int64_t first, int64_t count, int64_t pitch, float* copy,
                                  const Place& place) {
  const int64_t whole = grid.channels / kLanes * kLanes;
  for (int64_t tile = 0; tile < count; tile++) {
    Patch patch = find_patch<Transform::kFrom>(grid, first + tile, kSize, copy);
    for (int64_t c = 0; c < whole; c += kLanes, patch.start += kLanes) {
      transform_vector<Transform, false>(patch, grid.channels, kLanes, place(tile, c), pitch);
    }
    if (whole < grid.channels) {
      const int rest = static_cast<int>(grid.channels - whole);
      transform_vector<Transform, true>(patch, grid.channels, rest, place(tile, whole), pitch);
    }
  }
}

// The same for tiles of a pooling's gradient, whose top and left are odd or even numbers.
template <int kSize, typename Transform, bool kIsOdd, typename Place>
CAJAL_INLINE void transform_pooled_tiles(const TileGrid& grid, int64_t first, int64_t count, int64_t pitch, float* copy,
                                         const Place& place) {
  constexpr int kWindows = windows_across(Transform::kFrom, kIsOdd);
  const int64_t whole = grid.channels / kLanes * kLanes;
  for (int64_t tile = 0; tile < count; tile++) {
    PooledPatch patch = find_pooled_patch<kWindows>(grid, first + tile, kSize, copy);
    for (int64_t c = 0; c < whole; c += kLanes, patch.start += kLanes, patch.places += kLanes) {
      transform_pooled_vector<Transform, kIsOdd, false>(patch, grid.channels, kLanes, place(tile, c), pitch);
    }
    if (whole < grid.channels) {
      const int rest = static_cast<int>(grid.channels - whole);
      transform_pooled_vector<Transform, kIsOdd, true>(patch, grid.channels, rest, place(tile, whole), pitch);
    }
  }
}

// Source tiles to `to`, [points][tiles][channels rounded up to vectors].
template <int kSize>
CAJAL_NOINLINE void transform_input(const TileGrid& grid, int64_t first, int64_t count, float* to, int64_t pitch,
                                    float* copy) {
  const int64_t row = round_up(grid.channels, kLanes);
  const auto place = [=](int64_t tile, int64_t c) { return to + tile * row + c; };
  transform_tiles<kSize, InputTransform<kSize>>(grid, first, count, pitch, copy, place);
}
template <int kSize, bool kIsOdd>
CAJAL_NOINLINE void transform_pooled_input(const TileGrid& grid, int64_t first, int64_t count, float* to,
                                           int64_t pitch, float* copy) {
  const int64_t row = round_up(grid.channels, kLanes);
  const auto place = [=](int64_t tile, int64_t c) { return to + tile * row + c; };
  transform_pooled_tiles<kSize, InputTransform<kSize>, kIsOdd>(grid, first, count, pitch, copy, place);
}

}  // namespace cajal::CAJAL_ISA

#endif
