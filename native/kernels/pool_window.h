// One window of a max pooling: its largest numbers, a vector of channels at a time, and their places in the window.
#ifndef CAJAL_KERNELS_POOL_WINDOW_H
#define CAJAL_KERNELS_POOL_WINDOW_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

// True where b wins over a that came before: it is larger, or the first NaN.
CAJAL_INLINE vi wins(vf b, vf a) { return ~(b <= a) & (a == a); }
CAJAL_INLINE bool wins(float b, float a) { return !(b <= a) && a == a; }

// What stands for the place of a largest number from which a ReLU lets nothing pass.
constexpr int kNoPlace = 255;

// The place of the largest number; where that is a ReLU's, only if it is above 0.
template <bool kIsRelu>
CAJAL_INLINE vi passing_place(vf largest, vi place) {
  return kIsRelu ? select(largest > 0, place, broadcast(kNoPlace)) : place;
}
template <bool kIsRelu>
CAJAL_INLINE uint8_t passing_place(float largest, int place) {
  return static_cast<uint8_t>(!kIsRelu || largest > 0 ? place : kNoPlace);
}

// A window of which the places [row0, row1) × [column0, column1) lie in the picture.
struct PoolWindow {
  const float* x;      // its corner
  int64_t row_floats;  // from row to row
  int64_t channels;    // of a pixel, neighbours
  int pool_width;
  int row0, row1, column0, column1;
};

template <bool kIsRelu = false>
CAJAL_INLINE void pool_window(const PoolWindow& window, float* y, uint8_t* places) {
  const int64_t channels = window.channels, row_floats = window.row_floats;
  const int first = window.row0 * window.pool_width + window.column0;
  const float* corner = window.x + window.row0 * row_floats + window.column0 * channels;
  int64_t channel = 0;
  for (; channel + kLanes <= channels; channel += kLanes) {
    vf best = load(corner + channel);
    vi place = broadcast(first);
    for (int row = window.row0; row < window.row1; row++) {
      for (int column = window.column0; column < window.column1; column++) {
        const vf value = load(window.x + row * row_floats + column * channels + channel);
        const vi is_larger = wins(value, best);
        best = select(is_larger, value, best);
        place = select(is_larger, broadcast(row * window.pool_width + column), place);
      }
    }
    store(y + channel, best);
    store_as_bytes(places + channel, passing_place<kIsRelu>(best, place));
  }
  for (; channel < channels; channel++) {
    float best = corner[channel];
    int place = first;
    for (int row = window.row0; row < window.row1; row++) {
      for (int column = window.column0; column < window.column1; column++) {
        const float value = window.x[row * row_floats + column * channels + channel];
        if (!wins(value, best)) continue;
        best = value;
        place = row * window.pool_width + column;
      }
    }
    y[channel] = best;
    places[channel] = passing_place<kIsRelu>(best, place);
  }
}

// The largest of the four numbers of a window of 2 × 2 places, and its place.
struct Largest {
  vf value;
  vi place;
};
CAJAL_INLINE Largest largest_of_four(vf a, vf b, vf c, vf d) {
  const vi is_b = wins(b, a), is_d = wins(d, c);
  const vf upper = select(is_b, b, a), lower = select(is_d, d, c);
  const vi is_lower = wins(lower, upper);
  return {select(is_lower, lower, upper), select(is_lower, 2 - is_d, -is_b)};
}

// A window of 2 × 2 places that lies in the picture.
template <bool kIsRelu = false>
CAJAL_INLINE void pool_window_2x2(const float* x, int64_t row_floats, int64_t channels, float* y, uint8_t* places) {
  const float* below = x + row_floats;
  int64_t channel = 0;
  for (; channel + kLanes <= channels; channel += kLanes) {
    const vf a = load(x + channel), b = load(x + channels + channel);
    const vf c = load(below + channel), d = load(below + channels + channel);
    const Largest best = largest_of_four(a, b, c, d);
    store(y + channel, best.value);
    store_as_bytes(places + channel, passing_place<kIsRelu>(best.value, best.place));
  }
  for (; channel < channels; channel++) {
    const float values[] = {x[channel], x[channels + channel], below[channel], below[channels + channel]};
    int place = 0;
    for (int other = 1; other < 4; other++) place = wins(values[other], values[place]) ? other : place;
    y[channel] = values[place];
    places[channel] = passing_place<kIsRelu>(values[place], place);
  }
}

}  // namespace cajal::CAJAL_ISA

#endif
