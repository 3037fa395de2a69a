// Reads pictures at places that are no pixels; src/ops/sampling.ts has the rule. As many places of a row as a vector has lanes
// are found together. Colours in bytes are computed together too, a vector for each channel; of other pictures each pixel has
// its channels in a vector. Both do the same sums in the same order.
#ifndef CAJAL_KERNELS_SAMPLE_H
#define CAJAL_KERNELS_SAMPLE_H

#include "../simd/four.h"
#include "../simd/interleaved.h"
#include "bytes.h"
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

namespace lanes {
typedef uint64_t UnalignedLong __attribute__((aligned(1), may_alias));
typedef uint64_t Pair __attribute__((aligned(4), may_alias));
typedef int32_t UnalignedInt __attribute__((aligned(1), may_alias));
}  // namespace lanes

CAJAL_INLINE uint64_t load_long(const uint8_t* from) { return *reinterpret_cast<const lanes::UnalignedLong*>(from); }
CAJAL_INLINE int32_t load_word(const uint8_t* from) { return *reinterpret_cast<const lanes::UnalignedInt*>(from); }

constexpr int64_t kSampledNumbers = 1 << 13;  // of a parallel tile, about
constexpr float kFarthest = 4194304.0f;

// Where each lane reads: the numbers of the four pixels around its place, −1 where the fill value stands, and how far the place
// is from the first of them. Only the first counts where places are rounded.
struct Neighbours {
  vi pixels[2][2];
  vf fy, fx;
  bool is_inside;  // all pixels of all lanes are the picture's own, side by side
};

// The place's whole number at or below it, for `bilinear`, or nearest to it.
CAJAL_INLINE vf whole_of(vf place, bool is_nearest) {
  const vf below = round_down(place);
  if (!is_nearest) return below;
  const vf rest = place - below;
  const vi is_above = rest > broadcast(0.5f), is_half = rest == broadcast(0.5f), is_positive = place >= zero();
  const vi is_up = is_above | (is_half & is_positive);
  return select(is_up, below + 1.0f, below);
}

template <bool kNearest>
CAJAL_INLINE Neighbours neighbours_at(vf row, vf column, int32_t height, int32_t width, int32_t fill_mode) {
  constexpr int32_t kReach = kNearest ? 0 : 1;
  Neighbours found;
  const vi is_near = (absolute(row) < broadcast(kFarthest)) & (absolute(column) < broadcast(kFarthest));
  const vf at_row = select(is_near, row, zero()), at_column = select(is_near, column, zero());
  const vf whole_row = whole_of(at_row, kNearest), whole_column = whole_of(at_column, kNearest);
  const vi i = truncate(whole_row), j = truncate(whole_column);
  const vi is_inside = is_near & (i >= 0) & (i < height - kReach) & (j >= 0) & (j < width - kReach);
  found.fy = at_row - whole_row;
  found.fx = at_column - whole_column;
  found.is_inside = !any(~is_inside);
  if (found.is_inside) {
    found.pixels[0][0] = i * width + j;
    return found;
  }
  CAJAL_UNROLL
  for (int32_t down = 0; down <= kReach; down++) {
    const vi of_row = continued(i + down, height, fill_mode);
    CAJAL_UNROLL
    for (int32_t right = 0; right <= kReach; right++) {
      const vi of_column = continued(j + right, width, fill_mode);
      const vi is_pixel = is_near & (of_row >= 0) & (of_column >= 0);
      found.pixels[down][right] = select(is_pixel, of_row * width + of_column, broadcast(-1));
    }
  }
  return found;
}

CAJAL_INLINE vf channel_of(vi word, int byte) { return to_float((word >> (8 * byte)) & 0xff); }

CAJAL_INLINE void store_colors(float* to, vf red, vf green, vf blue) { store_triples(to, red, green, blue); }
CAJAL_INLINE void store_colors(uint8_t* to, vf red, vf green, vf blue) {
  store_low_triples(to, byte_of(red) | byte_of(green) << 8 | byte_of(blue) << 16);
}

// Colours in bytes around as many places as there are lanes, as they were read. Some groups are read before the first of them
// is computed, because memory that was written number by number cannot be loaded as a vector at once.
struct ColorGroup {
  int32_t words[4 * kLanes];
  Neighbours at;
};

constexpr int kColorGroups = 64 / kLanes;

template <bool kNearest>
CAJAL_INLINE void read_colors(const Picture<uint8_t>& picture, ColorGroup& group) {
  int32_t offsets[4][kLanes];
  const Neighbours& at = group.at;
  if (at.is_inside && !kNearest) {
    // Eight bytes that begin with the two pixels above stay in the picture, and so do those that end with the two below.
    const uint8_t* below = picture.data + picture.width * 3 - 2;
    auto* words = reinterpret_cast<lanes::Pair*>(group.words);
    store(offsets[0], at.pixels[0][0] * 3);
    CAJAL_UNROLL
    for (int lane = 0; lane < kLanes; lane++) {
      const int64_t offset = offsets[0][lane];
      words[lane] = load_long(picture.data + offset);
      words[kLanes + lane] = load_long(below + offset);
    }
    return;
  }
  constexpr int kCorners = kNearest ? 1 : 4;
  for (int corner = 0; corner < kCorners; corner++) {
    // Words end with the pixel; with the first one, they begin.
    const vi pixel = at.pixels[corner / 2][corner % 2];
    store(offsets[corner], select(pixel <= 0, pixel & 0, pixel * 3 - 1));
    for (int lane = 0; lane < kLanes; lane++) {
      group.words[corner * kLanes + lane] = load_word(picture.data + offsets[corner][lane]);
    }
  }
}

template <bool kNearest, typename To>
CAJAL_INLINE void blend_colors(const ColorGroup& group, float fill_value, To* to) {
  const Neighbours& at = group.at;
  vf value[3];
  const auto blend = [&](vf p00, vf p01, vf p10, vf p11) {
    const vf above = fma(at.fx, p01 - p00, p00), below = fma(at.fx, p11 - p10, p10);
    return fma(at.fy, below - above, above);
  };
  if (at.is_inside && !kNearest) {
    vi above[2], below[2];
    load_pairs(group.words, above[0], above[1]);
    load_pairs(group.words + 2 * kLanes, below[0], below[1]);
    const auto byte = [](const vi* words, int place) { return to_float((words[place / 4] >> (place % 4 * 8)) & 0xff); };
    CAJAL_UNROLL
    for (int channel = 0; channel < 3; channel++) {
      value[channel] = blend(byte(above, channel), byte(above, channel + 3), byte(below, channel + 2), byte(below, channel + 5));
    }
    return store_colors(to, value[0], value[1], value[2]);
  }
  constexpr int kCorners = kNearest ? 1 : 4;
  vi words[4];
  CAJAL_UNROLL
  for (int corner = 0; corner < kCorners; corner++) {
    const vi word = load(group.words + corner * kLanes);
    words[corner] = select(at.pixels[corner / 2][corner % 2] <= 0, word, word >> 8);
  }
  CAJAL_UNROLL
  for (int channel = 0; channel < 3; channel++) {
    const auto number = [&](int corner) {
      const vf byte = to_float((words[corner] >> (8 * channel)) & 0xff);
      return select(at.pixels[corner / 2][corner % 2] >= 0, byte, broadcast(fill_value));
    };
    if constexpr (kNearest) value[channel] = number(0);
    else value[channel] = blend(number(0), number(1), number(2), number(3));
  }
  store_colors(to, value[0], value[1], value[2]);
}

CAJAL_INLINE void store_number(float* to, float value) { *to = value; }
CAJAL_INLINE void store_number(uint8_t* to, float value) { *to = byte_of(value); }

CAJAL_INLINE Four between(Four first, Four second, float share) { return fma(four(share), second - first, first); }

// A pixel of which all four neighbours lie inside, the first of them at `from`. `is_last`: nothing may be written behind it.
template <int kChannels, typename T, typename To>
CAJAL_INLINE void sample_inside(const T* from, int64_t pitch, int32_t channels, float fy, float fx, bool is_last, To* to) {
  if (kChannels == 3) {
    // Loads of four numbers that end, or begin, with the three of a pixel stay within its row.
    const Four above = between(load_four(from), last_three(from + 2), fx);
    const Four below = between(load_four(from + pitch), last_three(from + pitch + 2), fx);
    const Four value = between(above, below, fy);
    if (!is_last) return store_four(to, value);
    for (int channel = 0; channel < 3; channel++) store_number(to + channel, value[channel]);
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
    store_number(to + channel, fma(fy, below - above, above));
  }
}

// `count` places, one after the other. `is_end`: nothing may be written behind the last one.
template <int kChannels, bool kNearest, typename T, typename To>
CAJAL_INLINE void sample_each(const Picture<T>& picture, const Neighbours& at, float fill_value, int count, bool is_end, To* to) {
  const int64_t channels = kChannels == 3 ? 3 : picture.channels, pitch = picture.width * channels;
  int32_t pixels[2][2][kLanes];
  float fy[kLanes], fx[kLanes];
  store(fy, at.fy);
  store(fx, at.fx);
  store(pixels[0][0], at.pixels[0][0]);
  if (at.is_inside && !kNearest) {
    for (int lane = 0; lane < count; lane++) {
      const bool is_last = is_end && lane + 1 == count;
      sample_inside<kChannels>(picture.data + pixels[0][0][lane] * channels, pitch, picture.channels, fy[lane], fx[lane], is_last,
                               to + lane * channels);
    }
    return;
  }
  for (int corner = 1; corner < (kNearest ? 1 : 4); corner++) store(pixels[corner / 2][corner % 2], at.pixels[corner / 2][corner % 2]);
  for (int lane = 0; lane < count; lane++) {
    for (int64_t channel = 0; channel < channels; channel++) {
      const auto number = [&](int down, int right) {
        const int64_t pixel = pixels[down][right][lane];
        return pixel < 0 ? fill_value : static_cast<float>(picture.data[pixel * channels + channel]);
      };
      float value = number(0, 0);
      if (!kNearest) {
        const float above = fma(fx[lane], number(0, 1) - value, value);
        const float below = fma(fx[lane], number(1, 1) - number(1, 0), number(1, 0));
        value = fma(fy[lane], below - above, above);
      }
      store_number(to + lane * channels + channel, value);
    }
  }
}

// A row of `width` pixels, read at the places that at(column, count, rows, columns) gives.
template <bool kNearest, typename To, typename Places>
CAJAL_INLINE void sample_color_row(const Picture<uint8_t>& picture, const Sampling& sampling, const Places& places, int64_t width,
                                   To* to) {
  ColorGroup groups[kColorGroups];
  for (int64_t first = 0; first < width; first += kColorGroups * kLanes) {
    // The last pixels are sampled together with some before them, again to the same bits.
    const auto column_of = [&](int64_t group) { return smaller(first + group * kLanes, width - kLanes); };
    const int64_t count = smaller(kColorGroups, ceil_divide(width - first, kLanes));
    for (int64_t group = 0; group < count; group++) {
      vf rows, columns;
      places(column_of(group), kLanes, rows, columns);
      groups[group].at = neighbours_at<kNearest>(rows, columns, picture.height, picture.width, sampling.fill_mode);
      read_colors<kNearest>(picture, groups[group]);
    }
    for (int64_t group = 0; group < count; group++) {
      blend_colors<kNearest>(groups[group], sampling.fill_value, to + column_of(group) * 3);
    }
  }
}

template <int kChannels, bool kNearest, typename T, typename To, typename Places>
CAJAL_INLINE void sample_row(const Picture<T>& picture, const Sampling& sampling, const Places& places, int64_t width, To* to) {
  if constexpr (kChannels == 3 && sizeof(T) == 1) {
    // A picture of one pixel has no word of four bytes.
    const bool is_small = width < kLanes || picture.height * picture.width == 1;
    if (!is_small) return sample_color_row<kNearest>(picture, sampling, places, width, to);
  }
  for (int64_t column = 0; column < width; column += kLanes) {
    const int count = static_cast<int>(smaller(kLanes, width - column));
    vf rows, columns;
    places(column, count, rows, columns);
    const Neighbours at = neighbours_at<kNearest>(rows, columns, picture.height, picture.width, sampling.fill_mode);
    sample_each<kChannels, kNearest>(picture, at, sampling.fill_value, count, column + count == width, to + column * picture.channels);
  }
}

// Fills every picture of y from the picture of x of the same number. places(example, row) gives, for a row of the result, what
// (column, count, rows, columns) sets to the places where `count` pixels are read, at most a vector of them.
template <int kChannels, bool kNearest, typename T, typename To, typename Places>
CAJAL_NOINLINE void sample_pictures(Parallel* parallel, const Tensor& x, const Tensor& y, const Sampling& sampling,
                                    const Places& places) {
  const int64_t height = y.sizes[1], width = y.sizes[2], channels = y.sizes[3];
  const int64_t x_size = x.sizes[1] * x.sizes[2] * channels;
  const int64_t tile_rows = larger(1, kSampledNumbers / (width * channels)), tiles = ceil_divide(height, tile_rows);
  parallel_for(parallel, y.sizes[0] * tiles, [&](int64_t tile, int) {
    const int64_t example = tile / tiles, first_row = tile % tiles * tile_rows;
    const Picture<T> picture = {reinterpret_cast<const T*>(x.data) + example * x_size, static_cast<int32_t>(x.sizes[1]),
                                static_cast<int32_t>(x.sizes[2]), static_cast<int32_t>(channels)};
    for (int64_t row = first_row; row < smaller(height, first_row + tile_rows); row++) {
      To* to = reinterpret_cast<To*>(y.data) + (example * height + row) * width * channels;
      sample_row<kChannels, kNearest>(picture, sampling, places(example, row), width, to);
    }
  });
}

template <typename T, typename To, typename Places>
CAJAL_INLINE void sample_as(Parallel* parallel, const Tensor& x, const Tensor& y, const Sampling& sampling, const Places& places) {
  const bool is_nearest = sampling.interpolation == kSampleNearest, is_color = y.sizes[3] == 3;
  if (is_color && is_nearest) return sample_pictures<3, true, T, To>(parallel, x, y, sampling, places);
  if (is_color) return sample_pictures<3, false, T, To>(parallel, x, y, sampling, places);
  if (is_nearest) return sample_pictures<0, true, T, To>(parallel, x, y, sampling, places);
  sample_pictures<0, false, T, To>(parallel, x, y, sampling, places);
}

// x and y are bytes or floats.
template <typename Places>
CAJAL_INLINE void sample_any(Parallel* parallel, const Tensor& x, const Tensor& y, const Sampling& sampling,
                             const Places& places) {
  const bool takes_bytes = x.dtype == kUint8;
  if (y.dtype == kUint8 && takes_bytes) sample_as<uint8_t, uint8_t>(parallel, x, y, sampling, places);
  else if (y.dtype == kUint8) sample_as<float, uint8_t>(parallel, x, y, sampling, places);
  else if (takes_bytes) sample_as<uint8_t, float>(parallel, x, y, sampling, places);
  else sample_as<float, float>(parallel, x, y, sampling, places);
}

}  // namespace cajal::CAJAL_ISA

#endif
