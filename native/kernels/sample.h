// Reads pictures at places that are no pixels; src/ops/sampling.ts has the rule. A group of places as wide as a vector is
// rounded together. Where all pixels around a place lie inside the picture, they are read as they lie; elsewhere each of them is
// looked up by the fill mode.
#ifndef CAJAL_KERNELS_SAMPLE_H
#define CAJAL_KERNELS_SAMPLE_H

#include "../simd/four.h"
#include "continued.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

enum SampleInterpolation : int32_t { kSampleNearest, kSampleBilinear };

struct Sampling {
  int32_t interpolation, fill_mode;
  float fill_value;
};

template <typename T>
struct Picture {
  const T* data;
  int32_t height, width, channels;
};

// Places that are sampled together, and numbers of a parallel tile, about.
constexpr int kPlaces = 64;
constexpr int64_t kSampledFloats = 1 << 13;
constexpr float kFarthest = 4194304.0f;

// The first pixels of the neighbours of a place, or null where the fill value stands for them.
template <typename T>
struct Corners {
  const T* pixels[2][2];
};

template <typename T>
CAJAL_INLINE Corners<T> corners_of(const Picture<T>& picture, int32_t mode, int32_t top, int32_t left) {
  Corners<T> corners;
  for (int i = 0; i < 2; i++) {
    const int32_t row = continued(top + i, picture.height, mode);
    for (int j = 0; j < 2; j++) {
      const int32_t column = continued(left + j, picture.width, mode);
      corners.pixels[i][j] =
          row < 0 || column < 0
              ? nullptr
              : picture.data + (static_cast<int64_t>(row) * picture.width + column) * picture.channels;
    }
  }
  return corners;
}

CAJAL_INLINE void fill_pixel(float value, int32_t channels, float* to) {
  for (int32_t channel = 0; channel < channels; channel++) to[channel] = value;
}

template <typename T>
CAJAL_NOINLINE void sample_outside(const Picture<T>& picture, const Sampling& sampling, int32_t top, int32_t left, float fy,
                                   float fx, float* to) {
  if (sampling.interpolation == kSampleNearest) {
    const int32_t row = continued(top, picture.height, sampling.fill_mode);
    const int32_t column = continued(left, picture.width, sampling.fill_mode);
    if (row < 0 || column < 0) return fill_pixel(sampling.fill_value, picture.channels, to);
    const T* from = picture.data + (static_cast<int64_t>(row) * picture.width + column) * picture.channels;
    for (int32_t channel = 0; channel < picture.channels; channel++) to[channel] = static_cast<float>(from[channel]);
    return;
  }
  const Corners<T> corners = corners_of(picture, sampling.fill_mode, top, left);
  for (int32_t channel = 0; channel < picture.channels; channel++) {
    float p[2][2];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        const T* pixel = corners.pixels[i][j];
        p[i][j] = pixel ? static_cast<float>(pixel[channel]) : sampling.fill_value;
      }
    }
    const float above = fma(fx, p[0][1] - p[0][0], p[0][0]), below = fma(fx, p[1][1] - p[1][0], p[1][0]);
    to[channel] = fma(fy, below - above, above);
  }
}

CAJAL_INLINE Four between(Four first, Four second, float share) { return fma(four(share), second - first, first); }

// A pixel of which all four neighbours lie inside, the first of them at `from`. `is_last`: nothing may be written behind it.
template <int kChannels, typename T>
CAJAL_INLINE void sample_inside(const T* from, int64_t pitch, int32_t channels, float fy, float fx, bool is_last, float* to) {
  if (kChannels == 3) {
    // Loads of four numbers that end, or begin, with the three of a pixel stay within its row.
    const Four above = between(load_four(from), last_three(from + 2), fx);
    const Four below = between(load_four(from + pitch), last_three(from + pitch + 2), fx);
    const Four value = between(above, below, fy);
    if (!is_last) return store_four(to, value);
    for (int channel = 0; channel < 3; channel++) to[channel] = value[channel];
    return;
  }
  int32_t channel = 0;
  for (; channel + 4 <= channels; channel += 4) {
    const T* at = from + channel;
    const Four above = between(load_four(at), load_four(at + channels), fx);
    const Four below = between(load_four(at + pitch), load_four(at + pitch + channels), fx);
    store_four(to + channel, between(above, below, fy));
  }
  for (; channel < channels; channel++) {
    const T* at = from + channel;
    const float p00 = static_cast<float>(at[0]), p01 = static_cast<float>(at[channels]);
    const float p10 = static_cast<float>(at[pitch]), p11 = static_cast<float>(at[pitch + channels]);
    const float above = fma(fx, p01 - p00, p00), below = fma(fx, p11 - p10, p10);
    to[channel] = fma(fy, below - above, above);
  }
}

// The place's whole number at or below it, for `bilinear`, or nearest to it.
CAJAL_INLINE vf whole_of(vf place, bool is_nearest) {
  const vf below = round_down(place);
  if (!is_nearest) return below;
  const vf rest = place - below;
  const vi is_above = rest > broadcast(0.5f), is_half = rest == broadcast(0.5f), is_positive = place >= zero();
  const vi is_up = is_above | (is_half & is_positive);
  return select(is_up, below + 1.0f, below);
}

// Samples `count` places, at most kPlaces; behind the last one the arrays may hold anything, up to a whole vector.
template <int kChannels, typename T>
void sample_places(const Picture<T>& picture, const Sampling& sampling, const float* rows, const float* columns, int count,
                   float* to) {
  const bool is_nearest = sampling.interpolation == kSampleNearest;
  const int64_t pitch = static_cast<int64_t>(picture.width) * picture.channels;
  // A whole number w is inside from 0 on to the last one of which all neighbours are.
  const int32_t reach = is_nearest ? 0 : 1;
  int32_t top[kLanes], left[kLanes], inside[kLanes], near[kLanes];
  float fy[kLanes], fx[kLanes];
  for (int first = 0; first < count; first += kLanes) {
    const vf row = load(rows + first), column = load(columns + first);
    const vi is_near = (absolute(row) < broadcast(kFarthest)) & (absolute(column) < broadcast(kFarthest));
    const vf at_row = select(is_near, row, zero()), at_column = select(is_near, column, zero());
    const vf whole_row = whole_of(at_row, is_nearest), whole_column = whole_of(at_column, is_nearest);
    const vi i = truncate(whole_row), j = truncate(whole_column);
    const vi is_inside = is_near & (i >= 0) & (i < picture.height - reach) & (j >= 0) & (j < picture.width - reach);
    store(top, i);
    store(left, j);
    store(fy, at_row - whole_row);
    store(fx, at_column - whole_column);
    store(inside, is_inside);
    store(near, is_near);
    const int lanes = count - first < kLanes ? count - first : kLanes;
    for (int lane = 0; lane < lanes; lane++) {
      float* target = to + static_cast<int64_t>(first + lane) * picture.channels;
      if (inside[lane]) {
        const T* from = picture.data + top[lane] * pitch + static_cast<int64_t>(left[lane]) * picture.channels;
        if (is_nearest) {
          for (int32_t channel = 0; channel < picture.channels; channel++) target[channel] = static_cast<float>(from[channel]);
        } else {
          const bool is_last = first + lane + 1 == count;
          sample_inside<kChannels>(from, pitch, picture.channels, fy[lane], fx[lane], is_last, target);
        }
      } else if (near[lane]) {
        sample_outside(picture, sampling, top[lane], left[lane], fy[lane], fx[lane], target);
      } else {
        fill_pixel(sampling.fill_value, picture.channels, target);
      }
    }
  }
}

// Fills every picture of y from the picture of x of the same number. places(example, row, column, count, rows, columns) says
// where `count` pixels of a row are read, in whole vectors.
template <typename T, typename Places>
void sample_pictures(Parallel* parallel, const Tensor& x, const Tensor& y, const Sampling& sampling, const Places& places) {
  const int64_t height = y.sizes[1], width = y.sizes[2], channels = y.sizes[3];
  const int64_t x_size = x.sizes[1] * x.sizes[2] * channels;
  const int64_t tile_rows = larger(1, kSampledFloats / (width * channels)), tiles = ceil_divide(height, tile_rows);
  parallel_for(parallel, y.sizes[0] * tiles, [&](int64_t tile, int) {
    const int64_t example = tile / tiles, first_row = tile % tiles * tile_rows;
    const Picture<T> picture = {reinterpret_cast<const T*>(x.data) + example * x_size, static_cast<int32_t>(x.sizes[1]),
                                static_cast<int32_t>(x.sizes[2]), static_cast<int32_t>(channels)};
    float rows[kPlaces], columns[kPlaces];
    for (int64_t row = first_row; row < smaller(height, first_row + tile_rows); row++) {
      float* to = reinterpret_cast<float*>(y.data) + (example * height + row) * width * channels;
      for (int64_t column = 0; column < width; column += kPlaces) {
        const int count = static_cast<int>(smaller(kPlaces, width - column));
        places(example, row, column, count, rows, columns);
        if (channels == 3) sample_places<3>(picture, sampling, rows, columns, count, to + column * channels);
        else sample_places<0>(picture, sampling, rows, columns, count, to + column * channels);
      }
    }
  });
}

template <typename Places>
CAJAL_INLINE void sample_any(Parallel* parallel, const Tensor& x, const Tensor& y, const Sampling& sampling,
                             const Places& places) {
  if (x.dtype == kUint8) sample_pictures<uint8_t>(parallel, x, y, sampling, places);
  else sample_pictures<float>(parallel, x, y, sampling, places);
}

}  // namespace cajal::CAJAL_ISA

#endif
