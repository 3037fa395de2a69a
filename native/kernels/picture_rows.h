// A stretch of a picture's rows with zeros around it, so that windows which reach over the edge read plain memory.
#ifndef CAJAL_KERNELS_PICTURE_ROWS_H
#define CAJAL_KERNELS_PICTURE_ROWS_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

CAJAL_INLINE void copy_floats(const float* from, float* to, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, load(from + i));
  const int rest = static_cast<int>(count - i);
  if (rest > 0) store_partial(to + i, load_partial(from + i, rest), rest);
}

CAJAL_INLINE void clear_floats(float* to, int64_t count) {
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, zero());
  if (i < count) store_partial(to + i, zero(), static_cast<int>(count - i));
}

// The first `channels` of `count` pixels, which lie `pixel` floats apart.
CAJAL_INLINE void copy_pixels(const float* from, int64_t pixel, int64_t channels, float* to, int64_t count) {
  if (pixel == channels) return copy_floats(from, to, count * channels);
  for (; count > 0; count--, from += pixel, to += channels) copy_floats(from, to, channels);
}

// Copies rows first_row … first_row + rows - 1 and columns first_column … first_column + columns - 1 of `picture`
// [height, width, pixel], of which the first `channels`, to `to` [rows, columns, channels]; places outside the picture
// become zeros.
CAJAL_INLINE void copy_rows(const float* picture, int64_t height, int64_t width, int64_t pixel, int64_t channels,
                            int64_t first_row, int64_t rows, int64_t first_column, int64_t columns, float* to) {
  const int64_t from = first_column < 0 ? 0 : first_column;
  const int64_t end = first_column + columns < width ? first_column + columns : width;
  const int64_t inside = end > from ? end - from : 0;
  const int64_t before = inside ? from - first_column : columns;
  for (int64_t row = 0; row < rows; row++, to += columns * channels) {
    const int64_t y = first_row + row;
    if (y < 0 || y >= height || !inside) {
      clear_floats(to, columns * channels);
      continue;
    }
    clear_floats(to, before * channels);
    copy_pixels(picture + (y * width + from) * pixel, pixel, channels, to + before * channels, inside);
    clear_floats(to + (before + inside) * channels, (columns - before - inside) * channels);
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
