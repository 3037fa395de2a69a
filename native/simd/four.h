// Vectors of four floats with every instruction set: the channels of a pixel.
#ifndef CAJAL_SIMD_FOUR_H
#define CAJAL_SIMD_FOUR_H

#include "vec.h"

namespace cajal::CAJAL_ISA {

typedef float Four __attribute__((vector_size(16)));

namespace lanes {
typedef float UnalignedFour __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint32_t UnalignedWord __attribute__((aligned(1), may_alias));
typedef int32_t FourInts __attribute__((vector_size(16)));
typedef uint8_t FourBytes __attribute__((vector_size(4)));
}  // namespace lanes

CAJAL_INLINE Four four(float x) { return Four{x, x, x, x}; }

// The bytes of a word, each as a float; the lowest one first.
CAJAL_INLINE Four four_of_word(uint32_t word) {
#if defined(__AVX2__)
  const __m128i bytes = _mm_cvtsi32_si128(static_cast<int32_t>(word));
  return reinterpret_cast<Four>(_mm_cvtepi32_ps(_mm_cvtepu8_epi32(bytes)));
#elif defined(__SSE2__)
  const __m128i none = _mm_setzero_si128(), bytes = _mm_cvtsi32_si128(static_cast<int32_t>(word));
  return reinterpret_cast<Four>(_mm_cvtepi32_ps(_mm_unpacklo_epi16(_mm_unpacklo_epi8(bytes, none), none)));
#else
  return __builtin_convertvector(__builtin_convertvector(reinterpret_cast<lanes::FourBytes>(word), lanes::FourInts), Four);
#endif
}

// Integers from 0 to 255 as the bytes of a word.
CAJAL_INLINE uint32_t word_of_four(lanes::FourInts v) {
#if defined(__SSE2__)
  const __m128i shorts = _mm_packs_epi32(reinterpret_cast<__m128i>(v), reinterpret_cast<__m128i>(v));
  return static_cast<uint32_t>(_mm_cvtsi128_si32(_mm_packus_epi16(shorts, shorts)));
#else
  return reinterpret_cast<uint32_t>(__builtin_convertvector(v, lanes::FourBytes));
#endif
}

// Four neighbours.
CAJAL_INLINE Four load_four(const float* from) { return *reinterpret_cast<const lanes::UnalignedFour*>(from); }
CAJAL_INLINE Four load_four(const uint8_t* from) {
  return four_of_word(*reinterpret_cast<const lanes::UnalignedWord*>(from));
}
CAJAL_INLINE void store_four(float* to, Four v) { *reinterpret_cast<lanes::UnalignedFour*>(to) = v; }

// Of four neighbours the last three, and something finite behind them.
CAJAL_INLINE Four last_three(const float* from) {
  const Four v = load_four(from);
  return __builtin_shufflevector(v, v, 1, 2, 3, 3);
}
CAJAL_INLINE Four last_three(const uint8_t* from) {
  return four_of_word(*reinterpret_cast<const lanes::UnalignedWord*>(from) >> 8);
}

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
// a * b + c. Where vectors have four lanes, that of vec.h is this one.
CAJAL_INLINE Four fma(Four a, Four b, Four c) {
  return reinterpret_cast<Four>(
      _mm_fmadd_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b), reinterpret_cast<__m128>(c)));
}
#endif

}  // namespace cajal::CAJAL_ISA

#endif
