// Sums over a window that slides over pictures: what a convolution and its input gradient have in common.
//   target[p, r, c, f] = sum over taps (i, j) and k of
//       source[p, r · step_height + tap_row + i · tap_row_step, c · step_width + tap_column + j · tap_column_step, k]
//       · weights[i, j, k, f]
// Source places outside the picture count as zero. The sum goes in the order i, j, k.
#ifndef CAJAL_KERNELS_CORRELATE_H
#define CAJAL_KERNELS_CORRELATE_H

#include "panels.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

// Where the largest of each window of 2 × 2 places goes, and its place there: [pictures, rows / 2, columns / 2, filters].
struct PooledTarget {
  float* y;
  uint8_t* places;
};

// Places of one picture's target, in scratch while they are read: [rows, columns, filters].
struct Band {
  const float* values;
  int64_t picture;
  int64_t first_row, rows;
  int64_t first_column, columns;
  int64_t first_filter, filters;
};

struct Correlation {
  const float* source;  // [pictures, height, width, source_pixel]
  int64_t pictures;
  int64_t height;
  int64_t width;
  int64_t channels;      // that are read, the first
  int64_t source_pixel;  // floats from pixel to pixel: more where others than these channels are there

  float* target;
  int64_t rows;  // of the target that are computed, and their distances in floats
  int64_t columns;
  int64_t filters;
  int64_t target_picture;
  int64_t target_row;
  int64_t target_pixel;

  int64_t step_height;
  int64_t step_width;

  int64_t row_taps;  // none at all makes a target of zeros
  int64_t tap_row;
  int64_t tap_row_step;
  int64_t column_taps;
  int64_t tap_column;
  int64_t tap_column_step;

  const float* panels;  // weights [row_taps · column_taps · channels, filters] in panels
  bool is_unpacked;     // `panels` is the matrix itself, whose filters are a multiple of kTileColumns
  const float* bias;    // null, or panel_count(filters) · kTileColumns floats
  bool relu;

  // Given, there is no target: each band is handed over while it is near. Bands are cut at multiples of the units, of
  // which rows and columns are multiples too.
  void (*read_band)(const void* reader, const Band& band);
  const void* reader;
  int64_t row_unit;
  int64_t column_unit;

  // With `is_pooled`, there is no target either: units are 2, taps of a row are neighbours, and only the largest of each
  // window is kept.
  bool is_pooled;
  PooledTarget pooled;
};

// Bytes of scratch that `correlate` needs. Data pointers are not read.
size_t correlate_scratch(const Correlation& correlation, int threads);

void correlate(const Correlation& correlation, uint8_t* scratch, Parallel* parallel);

}  // namespace cajal::CAJAL_ISA

#endif
