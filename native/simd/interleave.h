// Pixels of three channels as a vector for each channel, and back.
#ifndef CAJAL_SIMD_INTERLEAVE_H
#define CAJAL_SIMD_INTERLEAVE_H

#include "vec.h"

namespace cajal::CAJAL_ISA {

namespace lanes {
// Of kLanes pixels, number 3 · i + channel of their three vectors goes to lane i of the channel's: first from the first two
// vectors, then also from the third.
constexpr int apart_first(int i, int channel) { return 3 * i + channel < 2 * kLanes ? 3 * i + channel : 0; }
constexpr int apart_then(int i, int channel) {
  return 3 * i + channel < 2 * kLanes ? i : 3 * i + channel - kLanes;
}
// And back: number `part` · kLanes + i of the pixels from the first two channels, then also from the third.
constexpr int together_first(int i, int part) {
  const int number = part * kLanes + i, channel = number % 3;
  return channel < 2 ? channel * kLanes + number / 3 : 0;
}
constexpr int together_then(int i, int part) {
  const int number = part * kLanes + i;
  return number % 3 < 2 ? i : kLanes + number / 3;
}
}  // namespace lanes

#if defined(__AVX512F__)
#define CAJAL_EACH_LANE(of, part)                                                                                     \
  lanes::of(0, part), lanes::of(1, part), lanes::of(2, part), lanes::of(3, part), lanes::of(4, part),                 \
      lanes::of(5, part), lanes::of(6, part), lanes::of(7, part), lanes::of(8, part), lanes::of(9, part),             \
      lanes::of(10, part), lanes::of(11, part), lanes::of(12, part), lanes::of(13, part), lanes::of(14, part),        \
      lanes::of(15, part)
#elif defined(__AVX2__) && defined(__FMA__)
#define CAJAL_EACH_LANE(of, part)                                                                     \
  lanes::of(0, part), lanes::of(1, part), lanes::of(2, part), lanes::of(3, part), lanes::of(4, part), \
      lanes::of(5, part), lanes::of(6, part), lanes::of(7, part)
#else
#define CAJAL_EACH_LANE(of, part) lanes::of(0, part), lanes::of(1, part), lanes::of(2, part), lanes::of(3, part)
#endif

template <int kPart>
CAJAL_INLINE vf taken_apart(vf a, vf b, vf c) {
  const vf first = __builtin_shufflevector(a, b, CAJAL_EACH_LANE(apart_first, kPart));
  return __builtin_shufflevector(first, c, CAJAL_EACH_LANE(apart_then, kPart));
}

template <int kPart>
CAJAL_INLINE vf put_together(vf a, vf b, vf c) {
  const vf first = __builtin_shufflevector(a, b, CAJAL_EACH_LANE(together_first, kPart));
  return __builtin_shufflevector(first, c, CAJAL_EACH_LANE(together_then, kPart));
}

#undef CAJAL_EACH_LANE

CAJAL_INLINE vf load_floats(const float* from) { return load(from); }
CAJAL_INLINE vf load_floats(const uint8_t* from) { return load_bytes(from); }

// kLanes pixels.
template <typename T>
CAJAL_INLINE void load_pixels(const T* from, vf* channels) {
  const vf a = load_floats(from), b = load_floats(from + kLanes), c = load_floats(from + 2 * kLanes);
  channels[0] = taken_apart<0>(a, b, c);
  channels[1] = taken_apart<1>(a, b, c);
  channels[2] = taken_apart<2>(a, b, c);
}

CAJAL_INLINE void store_pixels(float* to, const vf* channels) {
  store(to, put_together<0>(channels[0], channels[1], channels[2]));
  store(to + kLanes, put_together<1>(channels[0], channels[1], channels[2]));
  store(to + 2 * kLanes, put_together<2>(channels[0], channels[1], channels[2]));
}

}  // namespace cajal::CAJAL_ISA

#endif
