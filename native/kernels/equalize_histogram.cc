// Equalization of histograms; src/ops/equalize-histogram.ts has the formulas. Tables are computed in double, so that they are the
// same with every instruction set.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "continued.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

int equalize_histogram(const Invocation& invocation);
size_t equalize_histogram_scratch(const Invocation& invocation);
int clahe(const Invocation& invocation);
size_t clahe_scratch(const Invocation& invocation);

namespace {

constexpr int kLevels = 256;

// To the nearest whole number, halves to the even one, for 0 <= number <= 255.
CAJAL_INLINE int32_t round_half_even(double number) {
  const auto below = static_cast<int32_t>(number);
  const double rest = number - below;
  return rest > 0.5 || (rest == 0.5 && below % 2 != 0) ? below + 1 : below;
}

// Within 0 and 255; NaN becomes 0.
CAJAL_INLINE float held(float value) { return value > 0 ? (value < 255.0f ? value : 255.0f) : 0.0f; }
CAJAL_INLINE int32_t level_of(float value) { return round_half_even(static_cast<double>(held(value))); }
CAJAL_INLINE int32_t level_of(uint8_t value) { return value; }
CAJAL_INLINE int32_t bin_of(float value, int32_t bins) {
  return static_cast<int32_t>(static_cast<double>(held(value)) * (bins - 1) / 255.0);
}

template <typename T>
void equalize_channel(const T* from, int64_t pixels, int64_t channels, int32_t bins, int32_t* counts, float* table, float* to) {
  for (int32_t bin = 0; bin < bins; bin++) counts[bin] = 0;
  for (int64_t pixel = 0; pixel < pixels; pixel++) counts[bin_of(static_cast<float>(from[pixel * channels]), bins)]++;
  int32_t first = 0;
  while (counts[first] == 0) first++;
  const int64_t lowest = counts[first], range = pixels - lowest;
  if (range == 0) {
    for (int64_t pixel = 0; pixel < pixels; pixel++) to[pixel * channels] = static_cast<float>(from[pixel * channels]);
    return;
  }
  int64_t sum = 0;
  for (int32_t bin = 0; bin < bins; bin++) {
    sum += counts[bin];
    const double value = static_cast<double>(larger(sum - lowest, 0) * 255) / static_cast<double>(range);
    table[bin] = static_cast<float>(round_half_even(value));
  }
  for (int64_t pixel = 0; pixel < pixels; pixel++) {
    to[pixel * channels] = table[bin_of(static_cast<float>(from[pixel * channels]), bins)];
  }
}

// The table of a tile from its counts.
void fill_table(int32_t* counts, int64_t area, float clip_limit, float* table) {
  if (clip_limit > 0) {
    const double limit = static_cast<double>(clip_limit) * static_cast<double>(area) / kLevels;
    const int64_t most = limit < static_cast<double>(area) ? larger(static_cast<int64_t>(limit), 1) : area;
    int64_t clipped = 0;
    for (int level = 0; level < kLevels; level++) {
      if (counts[level] <= most) continue;
      clipped += counts[level] - most;
      counts[level] = static_cast<int32_t>(most);
    }
    const int64_t share = clipped / kLevels;
    int64_t left = clipped - share * kLevels;
    const int64_t step = larger(kLevels / larger(left, 1), 1);
    for (int level = 0; level < kLevels; level++) {
      counts[level] += static_cast<int32_t>(share);
      if (level % step != 0 || left == 0) continue;
      counts[level]++;
      left--;
    }
  }
  int64_t sum = 0;
  for (int level = 0; level < kLevels; level++) {
    sum += counts[level];
    table[level] = static_cast<float>(round_half_even(static_cast<double>(sum * 255) / static_cast<double>(area)));
  }
}

struct Grid {
  int32_t height, width, channels;
  int32_t tiles_down, tiles_across, down, across;
};

// The two tiles around a pixel, and how far it is from the middle of the first.
struct Pair {
  int32_t first, second;
  float share;
};

CAJAL_INLINE Pair pair_at(int32_t pixel, int32_t size, int32_t tiles) {
  const double at = static_cast<double>(pixel) / size - 0.5;
  const int32_t first = at < 0 ? -1 : static_cast<int32_t>(at);
  return {first < 0 ? 0 : first, first + 1 < tiles ? first + 1 : tiles - 1, static_cast<float>(at - first)};
}

template <typename T>
void equalize_tiles(const T* from, const Grid& grid, float clip_limit, float* tables, float* to) {
  for (int32_t tile = 0; tile < grid.tiles_down * grid.tiles_across; tile++) {
    int32_t counts[kLevels];
    for (int level = 0; level < kLevels; level++) counts[level] = 0;
    const int32_t top = tile / grid.tiles_across * grid.down, left = tile % grid.tiles_across * grid.across;
    for (int32_t i = top; i < top + grid.down; i++) {
      const T* row = from + static_cast<int64_t>(continued(i, grid.height, kFillMirror)) * grid.width * grid.channels;
      for (int32_t j = left; j < left + grid.across; j++) {
        counts[level_of(row[static_cast<int64_t>(continued(j, grid.width, kFillMirror)) * grid.channels])]++;
      }
    }
    fill_table(counts, static_cast<int64_t>(grid.down) * grid.across, clip_limit, tables + tile * kLevels);
  }
  for (int32_t row = 0; row < grid.height; row++) {
    const Pair rows = pair_at(row, grid.down, grid.tiles_down);
    const float* above = tables + rows.first * grid.tiles_across * kLevels;
    const float* below = tables + rows.second * grid.tiles_across * kLevels;
    for (int32_t column = 0; column < grid.width; column++) {
      const Pair columns = pair_at(column, grid.across, grid.tiles_across);
      const int64_t place = (static_cast<int64_t>(row) * grid.width + column) * grid.channels;
      const int32_t first = columns.first * kLevels + level_of(from[place]), second = columns.second * kLevels + level_of(from[place]);
      const float over = fma(columns.share, above[second] - above[first], above[first]);
      const float under = fma(columns.share, below[second] - below[first], below[first]);
      to[place] = fma(rows.share, under - over, over);
    }
  }
}

// body(first number of a channel in x and y, worker) for each channel of each picture.
template <typename Body>
void each_channel(const Invocation& invocation, const Body& body) {
  const Tensor& x = invocation.inputs[0];
  const int64_t size = x.sizes[1] * x.sizes[2] * x.sizes[3], channels = x.sizes[3];
  parallel_for(invocation.parallel, x.sizes[0] * channels, [&](int64_t tile, int worker) {
    body(tile / channels * size + tile % channels, worker);
  });
}

}  // namespace

size_t equalize_histogram_scratch(const Invocation& invocation) {
  const int64_t bins = reinterpret_cast<const EqualizeHistogramAttributes*>(invocation.attributes)->bins;
  return static_cast<size_t>(invocation.parallel->threads * round_up(bins, 16) * 8);
}

int equalize_histogram(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const int32_t bins = reinterpret_cast<const EqualizeHistogramAttributes*>(invocation.attributes)->bins;
  const int64_t room = round_up(bins, 16), pixels = x.sizes[1] * x.sizes[2], channels = x.sizes[3];
  each_channel(invocation, [&](int64_t first, int worker) {
    auto* counts = reinterpret_cast<int32_t*>(invocation.scratch) + worker * room * 2;
    auto* table = reinterpret_cast<float*>(counts + room);
    float* to = reinterpret_cast<float*>(y.data) + first;
    if (x.dtype == kUint8) equalize_channel(x.data + first, pixels, channels, bins, counts, table, to);
    else equalize_channel(reinterpret_cast<const float*>(x.data) + first, pixels, channels, bins, counts, table, to);
  });
  return kCajalOk;
}

size_t clahe_scratch(const Invocation& invocation) {
  const auto& a = *reinterpret_cast<const ClaheAttributes*>(invocation.attributes);
  return static_cast<size_t>(a.tiles_down) * a.tiles_across * kLevels * sizeof(float) * invocation.parallel->threads;
}

int clahe(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const auto& a = *reinterpret_cast<const ClaheAttributes*>(invocation.attributes);
  const auto height = static_cast<int32_t>(x.sizes[1]), width = static_cast<int32_t>(x.sizes[2]);
  const int32_t extra = height % a.tiles_down == 0 && width % a.tiles_across == 0 ? 0 : 1;
  const Grid grid = {height, width, static_cast<int32_t>(x.sizes[3]), a.tiles_down, a.tiles_across,
                     height / a.tiles_down + extra, width / a.tiles_across + extra};
  each_channel(invocation, [&](int64_t first, int worker) {
    float* tables = reinterpret_cast<float*>(invocation.scratch) + static_cast<int64_t>(worker) * a.tiles_down * a.tiles_across * kLevels;
    float* to = reinterpret_cast<float*>(y.data) + first;
    if (x.dtype == kUint8) equalize_tiles(x.data + first, grid, a.clip_limit, tables, to);
    else equalize_tiles(reinterpret_cast<const float*>(x.data) + first, grid, a.clip_limit, tables, to);
  });
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
