// Filters along rows and columns; src/ops/separable-filter.ts has the formula. A row of the result is summed down the picture
// into a line that is longer by what lies outside, and from there across: both read neighbours as they lie.
#include "../include/cajal.h"
#include "../include/ops.h"
#include "continued.h"
#include "parallel_for.h"

namespace cajal::CAJAL_ISA {

int separable_filter(const Invocation& invocation);
size_t separable_filter_scratch(const Invocation& invocation);

namespace {

constexpr int64_t kFilteredFloats = 1 << 13;  // of a parallel tile, about

CAJAL_INLINE vf load_numbers(const float* from) { return load(from); }
CAJAL_INLINE vf load_numbers(const uint8_t* from) { return load_bytes(from); }

// to[index] = Σ weights[tap] · from(tap)[index], for `count` numbers.
template <typename Source>
CAJAL_INLINE void sum_taps(const float* weights, int64_t taps, const Source& from, int64_t count, float* to) {
  int64_t index = 0;
  // The last numbers are summed together with some before them, again to the same bits.
  for (; count >= 2 * kLanes && index < count; index += 2 * kLanes) {
    index = smaller(index, count - 2 * kLanes);
    vf first = zero(), second = zero();
    for (int64_t tap = 0; tap < taps; tap++) {
      const auto* at = from(tap);
      if (!at) continue;
      const vf weight = broadcast(weights[tap]);
      first = fma(weight, load_numbers(at + index), first);
      second = fma(weight, load_numbers(at + index + kLanes), second);
    }
    store(to + index, first);
    store(to + index + kLanes, second);
  }
  for (; index < count; index++) {
    float total = 0;
    for (int64_t tap = 0; tap < taps; tap++) {
      const auto* at = from(tap);
      if (at) total = fma(weights[tap], static_cast<float>(at[index]), total);
    }
    to[index] = total;
  }
}

template <typename T>
void filter_pictures(const Invocation& invocation) {
  const Tensor &x = invocation.inputs[0], &y = invocation.outputs[0];
  const int32_t mode = reinterpret_cast<const SeparableFilterAttributes*>(invocation.attributes)->fill_mode;
  const auto* down = reinterpret_cast<const float*>(invocation.inputs[1].data);
  const auto* across = reinterpret_cast<const float*>(invocation.inputs[2].data);
  const int64_t down_taps = invocation.inputs[1].sizes[1], across_taps = invocation.inputs[2].sizes[1];
  const int64_t height = x.sizes[1], width = x.sizes[2], channels = x.sizes[3], row_size = width * channels;
  const int64_t line_size = round_up((width + across_taps) * channels, 16), reach = across_taps / 2;
  const int64_t tile_rows = larger(1, kFilteredFloats / row_size), tiles = ceil_divide(height, tile_rows);
  auto* lines = reinterpret_cast<float*>(invocation.scratch);
  parallel_for(invocation.parallel, x.sizes[0] * tiles, [&](int64_t tile, int worker) {
    const int64_t example = tile / tiles, first = tile % tiles * tile_rows;
    const T* picture = reinterpret_cast<const T*>(x.data) + example * height * row_size;
    float* line = lines + worker * line_size;
    float* middle = line + reach * channels;
    for (int64_t row = first; row < smaller(height, first + tile_rows); row++) {
      const auto row_of = [&](int64_t tap) -> const T* {
        const int32_t from = continued(static_cast<int32_t>(row + tap - down_taps / 2), static_cast<int32_t>(height), mode);
        return from < 0 ? nullptr : picture + from * row_size;
      };
      sum_taps(down + example * down_taps, down_taps, row_of, row_size, middle);
      for (int64_t outside = -reach; outside < width + reach; outside++) {
        if (outside == 0) outside = width;
        const int32_t from = continued(static_cast<int32_t>(outside), static_cast<int32_t>(width), mode);
        for (int64_t channel = 0; channel < channels; channel++) {
          middle[outside * channels + channel] = from < 0 ? 0 : middle[from * channels + channel];
        }
      }
      const auto shifted = [&](int64_t tap) -> const float* { return line + tap * channels; };
      float* to = reinterpret_cast<float*>(y.data) + (example * height + row) * row_size;
      sum_taps(across + example * across_taps, across_taps, shifted, row_size, to);
    }
  });
}

}  // namespace

size_t separable_filter_scratch(const Invocation& invocation) {
  const Tensor& x = invocation.inputs[0];
  const int64_t line_size = round_up((x.sizes[2] + invocation.inputs[2].sizes[1]) * x.sizes[3], 16);
  return static_cast<size_t>(invocation.parallel->threads * line_size) * sizeof(float);
}

int separable_filter(const Invocation& invocation) {
  if (invocation.inputs[0].dtype == kUint8) filter_pictures<uint8_t>(invocation);
  else filter_pictures<float>(invocation);
  return kCajalOk;
}

}  // namespace cajal::CAJAL_ISA
