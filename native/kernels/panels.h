// Packing of a matrix b[k][n] into panels: for each stretch of kTileColumns columns, all k, kTileColumns floats each
// (the last panel is one vector wide where that is enough), zeros where columns end. A tile then reads b in one stream.
#ifndef CAJAL_KERNELS_PANELS_H
#define CAJAL_KERNELS_PANELS_H

#include "parallel_for.h"
#include "tile.h"

namespace cajal::CAJAL_ISA {

CAJAL_INLINE int64_t panel_count(int64_t n) { return (n + kTileColumns - 1) / kTileColumns; }

// Columns of panel number `panel` and the floats from k to k in it.
CAJAL_INLINE int panel_columns(int64_t panel, int64_t n) {
  const int64_t left = n - panel * kTileColumns;
  return static_cast<int>(left < kTileColumns ? left : kTileColumns);
}
CAJAL_INLINE int panel_width(int columns) { return columns <= kLanes ? kLanes : kTileColumns; }

// Floats of all panels.
CAJAL_INLINE int64_t panel_floats(int64_t k, int64_t n) { return panel_count(n) * kTileColumns * k; }

// `steps` rows of b into a panel. `from` is b[first k][first column of the panel]; a row of b is `pitch` floats.
CAJAL_INLINE void pack_rows(const float* from, int64_t pitch, int64_t steps, int columns, float* to) {
  const int width = panel_width(columns);
  if (columns == width) {
    for (int64_t k = 0; k < steps; k++) {
      for (int j = 0; j < width; j += kLanes) store(to + k * width + j, load(from + k * pitch + j));
    }
    return;
  }
  const int whole = columns / kLanes * kLanes;
  for (int64_t k = 0; k < steps; k++) {
    for (int j = 0; j < whole; j += kLanes) store(to + k * width + j, load(from + k * pitch + j));
    for (int j = whole; j < width; j += kLanes) {
      store(to + k * width + j, load_partial(from + k * pitch + j, j < columns ? columns - j : 0));
    }
  }
}

// The same from the transposed matrix: `from` is its element [first column of the panel][first k].
CAJAL_INLINE void pack_columns(const float* from, int64_t pitch, int64_t steps, int columns, float* to) {
  const int width = panel_width(columns);
  int64_t k = 0;
  for (; k + 4 <= steps; k += 4) {
    int j = 0;
    for (; j + 4 <= columns; j += 4) transpose_4x4(from + j * pitch + k, pitch, to + k * width + j, width);
    for (; j < columns; j++) {
      for (int i = 0; i < 4; i++) to[(k + i) * width + j] = from[j * pitch + k + i];
    }
    for (; j < width; j++) {
      for (int i = 0; i < 4; i++) to[(k + i) * width + j] = 0;
    }
  }
  for (; k < steps; k++) {
    for (int j = 0; j < columns; j++) to[k * width + j] = from[j * pitch + k];
    for (int j = columns; j < width; j++) to[k * width + j] = 0;
  }
}

// All panels of b [steps, n], whose rows are `pitch` floats.
CAJAL_INLINE void pack_panels(const float* b, int64_t pitch, int64_t steps, int64_t n, float* panels,
                              Parallel* parallel) {
  constexpr int64_t kSteps = 512;  // of a panel in one tile of work
  const int64_t stretches = ceil_divide(steps, kSteps);
  parallel_for(parallel, panel_count(n) * stretches, [&](int64_t tile, int) {
    const int64_t panel = tile / stretches, first = tile % stretches * kSteps;
    const int columns = panel_columns(panel, n);
    pack_rows(b + first * pitch + panel * kTileColumns, pitch, smaller(kSteps, steps - first), columns,
              panels + panel * kTileColumns * steps + first * panel_width(columns));
  });
}

}  // namespace cajal::CAJAL_ISA

#endif
