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

// Distances between points get a cache line more than they need: powers of two would meet in one set of the cache.
constexpr int64_t kGap = 16;

// A grid of tiles over pictures [pictures, height, width, channels], whose first tile reads from (top, left) on.
struct TileGrid {
  const float* pictures;
  int64_t height, width, channels;
  int64_t top, left;  // negative: zeros around the picture
  int64_t tile_rows, tile_columns;

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
  copy_rows(picture, grid.height, grid.width, grid.channels, y, kRows, x, kRows, copy);
  return {copy, kRows * grid.channels};
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
  CAJAL_UNROLL
  for (int i = 0; i < kTo; i++) {
    vf v[kTo];
    Transform::run(columns[i], v);
    CAJAL_UNROLL
    for (int j = 0; j < kTo; j++) store(to + (i * kTo + j) * pitch, v[j]);
  }
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

// Source tiles to `to`, [points][tiles][channels rounded up to vectors].
template <int kSize>
CAJAL_NOINLINE void transform_input(const TileGrid& grid, int64_t first, int64_t count, float* to, int64_t pitch,
                                    float* copy) {
  const int64_t row = round_up(grid.channels, kLanes);
  const auto place = [=](int64_t tile, int64_t c) { return to + tile * row + c; };
  transform_tiles<kSize, InputTransform<kSize>>(grid, first, count, pitch, copy, place);
}

}  // namespace cajal::CAJAL_ISA

#endif
