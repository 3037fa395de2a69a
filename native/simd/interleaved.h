// Vectors of which neighbouring lanes belong to neighbouring pixels, to and from memory where the channels of a pixel are neighbours.
#ifndef CAJAL_SIMD_INTERLEAVED_H
#define CAJAL_SIMD_INTERLEAVED_H

#include "vec.h"

namespace cajal::CAJAL_ISA {

namespace lanes {
typedef uint32_t UnalignedInteger __attribute__((aligned(1), may_alias));
typedef uint64_t UnalignedPair __attribute__((aligned(1), may_alias));

// Number i of three vectors, one number of each in turns: first those of a and b, then those of c among them.
constexpr int of_first_two(int i) { return i % 3 == 2 ? 0 : i % 3 * kLanes + i / 3; }
constexpr int of_third(int i, int vector) { return i % 3 == 2 ? kLanes + i / 3 : i - vector * kLanes; }
}  // namespace lanes

// Every second number of 2 · kLanes, from the first or from the one behind it.
CAJAL_INLINE void load_pairs(const int32_t* from, vi& first, vi& second) {
#define CAJAL_EVEN(i) 2 * (i)
#define CAJAL_ODD(i) 2 * (i) + 1
  const vi low = load(from), high = load(from + kLanes);
  first = __builtin_shufflevector(low, high, CAJAL_LANES(CAJAL_EVEN));
  second = __builtin_shufflevector(low, high, CAJAL_LANES(CAJAL_ODD));
#undef CAJAL_ODD
#undef CAJAL_EVEN
}
CAJAL_INLINE void load_pairs(const float* from, vf& first, vf& second) {
  vi one, other;
  load_pairs(reinterpret_cast<const int32_t*>(from), one, other);
  first = from_bits(one);
  second = from_bits(other);
}

// a[0], b[0], c[0], a[1], b[1], c[1], …
CAJAL_INLINE void store_triples(float* to, vf a, vf b, vf c) {
#define CAJAL_OF_FIRST_TWO(i) lanes::of_first_two(i + kVector * kLanes)
#define CAJAL_OF_THIRD(i) lanes::of_third(i + kVector * kLanes, kVector)
#define CAJAL_STORE_TRIPLES(vector)                                                             \
  {                                                                                             \
    constexpr int kVector = vector;                                                             \
    const vf ab = __builtin_shufflevector(a, b, CAJAL_LANES(CAJAL_OF_FIRST_TWO));               \
    store(to + kVector * kLanes, __builtin_shufflevector(ab, c, CAJAL_LANES(CAJAL_OF_THIRD)));  \
  }
  CAJAL_STORE_TRIPLES(0)
  CAJAL_STORE_TRIPLES(1)
  CAJAL_STORE_TRIPLES(2)
#undef CAJAL_STORE_TRIPLES
#undef CAJAL_OF_THIRD
#undef CAJAL_OF_FIRST_TWO
}

// The lowest three bytes of each lane, one lane after the other.
CAJAL_INLINE void store_low_triples(uint8_t* to, vi v) {
#if defined(__AVX512F__) && !CAJAL_IS_WATCHED
  const __m512i within = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const __m512i across = _mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
  const __m512i triples = _mm512_shuffle_epi8(reinterpret_cast<__m512i>(v), within);
  _mm512_mask_storeu_epi32(to, 0x0fff, _mm512_maskz_permutexvar_epi32(lanes::kAll, across, triples));
#elif defined(__AVX2__) && defined(__FMA__) && !CAJAL_IS_WATCHED
  const __m256i within = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  const __m256i triples = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(reinterpret_cast<__m256i>(v), within),
                                                      _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(triples));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 16), _mm256_extracti128_si256(triples, 1));
#else
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i += 4) {
    const auto low = [&](int lane) { return static_cast<uint64_t>(v[i + lane] & 0xffffff); };
    const uint64_t third = low(2);
    *reinterpret_cast<lanes::UnalignedPair*>(to + 3 * i) = low(0) | low(1) << 24 | third << 48;
    *reinterpret_cast<lanes::UnalignedInteger*>(to + 3 * i + 8) = static_cast<uint32_t>(third >> 16 | low(3) << 8);
  }
#endif
}

}  // namespace cajal::CAJAL_ISA

#endif
