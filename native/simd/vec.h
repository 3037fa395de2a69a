// Vectors of floats, as wide as the instruction set that a file is compiled for. Beside elementary.h the only file that
// knows an instruction set. Everything is written with the vector extensions that GCC and Clang share; intrinsics only
// where those have no word for it. Results of an operation here never depend on the width, except that `fma` rounds
// once where the hardware has it and twice elsewhere.
#ifndef CAJAL_SIMD_VEC_H
#define CAJAL_SIMD_VEC_H

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__) || defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#ifndef CAJAL_ISA
#error "CAJAL_ISA must name the instruction set: baseline, avx2, avx512, neon or simd128"
#endif

// What AddressSanitizer cannot see in intrinsics is written plainly for it.
#if defined(__SANITIZE_ADDRESS__)
#define CAJAL_IS_WATCHED 1
#else
#define CAJAL_IS_WATCHED 0
#endif

#define CAJAL_INLINE static inline __attribute__((always_inline))
#define CAJAL_NOINLINE static __attribute__((noinline))

// Unrolls the next loop, whose trip count is a constant: arrays of vectors stay in registers only when fully unrolled.
#if defined(__clang__)
#define CAJAL_UNROLL _Pragma("clang loop unroll(full)")
#define CAJAL_NO_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define CAJAL_UNROLL _Pragma("GCC unroll 32")
#define CAJAL_NO_UNROLL _Pragma("GCC unroll 1")
#endif

// Makes the compiler forget where a pointer came from, so that it reads again what it has read through another one.
#define CAJAL_FORGET(pointer) __asm__("" : "+r"(pointer))

namespace cajal::CAJAL_ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__) && defined(__FMA__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float vf __attribute__((vector_size(kLanes * 4)));
typedef int32_t vi __attribute__((vector_size(kLanes * 4)));

namespace lanes {
typedef float UnalignedFloats __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));
typedef int32_t UnalignedInts __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));
typedef uint8_t Bytes __attribute__((vector_size(kLanes)));
typedef uint8_t UnalignedBytes __attribute__((vector_size(kLanes), aligned(1), may_alias));
#if defined(__AVX512F__)
constexpr __mmask16 kAll = 0xffff;  // GCC 12 warns of uninitialized operands in the forms without a mask
#endif
}  // namespace lanes

// Loads and stores need no alignment.
CAJAL_INLINE vf load(const float* from) { return *reinterpret_cast<const lanes::UnalignedFloats*>(from); }
CAJAL_INLINE vi load(const int32_t* from) { return *reinterpret_cast<const lanes::UnalignedInts*>(from); }
CAJAL_INLINE void store(float* to, vf v) { *reinterpret_cast<lanes::UnalignedFloats*>(to) = v; }
CAJAL_INLINE void store(int32_t* to, vi v) { *reinterpret_cast<lanes::UnalignedInts*>(to) = v; }

CAJAL_INLINE vf zero() { return vf{}; }
CAJAL_INLINE vf broadcast(float x) { return x - vf{}; }  // x - 0 is x, also for -0
CAJAL_INLINE vi broadcast(int32_t x) { return x - vi{}; }

// 0, 1, 2, …
CAJAL_INLINE vi iota() {
  vi v{};
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i++) v[i] = i;
  return v;
}

// The first `count` numbers (0 … kLanes) from memory, zeros behind them. Nothing past them is read.
CAJAL_INLINE vf load_partial(const float* from, int count) {
#if CAJAL_IS_WATCHED
  vf v{};
  for (int i = 0; i < count; i++) v[i] = from[i];
  return v;
#elif defined(__AVX512F__)
  return reinterpret_cast<vf>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vf>(_mm256_maskload_ps(from, reinterpret_cast<__m256i>(iota() < count)));
#else
  vf v{};
  if (count >= kLanes) return load(from);
  if (count > 0) v[0] = from[0];
  if (count > 1) v[1] = from[1];
  if (count > 2) v[2] = from[2];
  return v;
#endif
}

// Writes the first `count` numbers (0 … kLanes). Nothing past them is touched.
CAJAL_INLINE void store_partial(float* to, vf v, int count) {
#if CAJAL_IS_WATCHED
  for (int i = 0; i < count; i++) to[i] = v[i];
#elif defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), reinterpret_cast<__m512>(v));
#elif defined(__AVX2__) && defined(__FMA__)
  _mm256_maskstore_ps(to, reinterpret_cast<__m256i>(iota() < count), reinterpret_cast<__m256>(v));
#else
  if (count >= kLanes) return store(to, v);
  if (count > 0) to[0] = v[0];
  if (count > 1) to[1] = v[1];
  if (count > 2) to[2] = v[2];
#endif
}

// Writes past the caches, for results that are larger than them: whole lines then need not be read before they are
// written. Streams only where `to` is aligned to a vector. After the last such store and before another thread reads,
// `finish_streaming`.
CAJAL_INLINE void store_streaming(float* to, vf v) {
#if defined(__SSE2__) && !CAJAL_IS_WATCHED
  if (reinterpret_cast<uintptr_t>(to) % sizeof(vf) == 0) {
#if defined(__AVX512F__)
    return _mm512_stream_ps(to, reinterpret_cast<__m512>(v));
#elif defined(__AVX2__) && defined(__FMA__)
    return _mm256_stream_ps(to, reinterpret_cast<__m256>(v));
#else
    return _mm_stream_ps(to, reinterpret_cast<__m128>(v));
#endif
  }
#endif
  store(to, v);
}
CAJAL_INLINE void finish_streaming() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

// Asks for a cache line before it is needed. Any address will do.
CAJAL_INLINE void prefetch(const float* from) { __builtin_prefetch(from, 0, 2); }

// to[i · to_pitch + j] = from[j · from_pitch + i] for i, j = 0 … 3.
CAJAL_INLINE void transpose_4x4(const float* from, int64_t from_pitch, float* to, int64_t to_pitch) {
  typedef float Four __attribute__((vector_size(16)));
  typedef float UnalignedFour __attribute__((vector_size(16), aligned(4), may_alias));
  const auto row = [&](int64_t j) -> Four { return *reinterpret_cast<const UnalignedFour*>(from + j * from_pitch); };
  const auto put = [&](int64_t i, Four v) { *reinterpret_cast<UnalignedFour*>(to + i * to_pitch) = v; };
  const Four a = row(0), b = row(1), c = row(2), d = row(3);
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  put(0, __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5));
  put(1, __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7));
  put(2, __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5));
  put(3, __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7));
}

namespace lanes {
// Where lane i of a weave comes from: blocks of `block` lanes, the even ones (or odd ones) of a and b in turns.
constexpr int woven(int i, int block, bool odd) {
  const int pair = i / (2 * block), within = i % (2 * block);
  const int from = pair * 2 * block + (odd ? block : 0) + within % block;
  return within < block ? from : kLanes + from;
}
}  // namespace lanes

// FROM(0), FROM(1), … for all lanes.
#define CAJAL_FOUR_LANES(FROM, first) FROM(first), FROM(first + 1), FROM(first + 2), FROM(first + 3)
#if defined(__AVX512F__)
#define CAJAL_LANES(FROM) \
  CAJAL_FOUR_LANES(FROM, 0), CAJAL_FOUR_LANES(FROM, 4), CAJAL_FOUR_LANES(FROM, 8), CAJAL_FOUR_LANES(FROM, 12)
#elif defined(__AVX2__) && defined(__FMA__)
#define CAJAL_LANES(FROM) CAJAL_FOUR_LANES(FROM, 0), CAJAL_FOUR_LANES(FROM, 4)
#else
#define CAJAL_LANES(FROM) CAJAL_FOUR_LANES(FROM, 0)
#endif

template <int kBlock, bool kOdd>
CAJAL_INLINE vf weave(vf a, vf b) {
#define CAJAL_FROM(i) lanes::woven(i, kBlock, kOdd)
  return __builtin_shufflevector(a, b, CAJAL_LANES(CAJAL_FROM));
#undef CAJAL_FROM
}

// Exchanges blocks of lanes between rows that lie a block apart.
template <int kBlock>
CAJAL_INLINE void weave_rows(vf* rows) {
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i++) {
    if (i & kBlock) continue;
    const vf even = weave<kBlock, false>(rows[i], rows[i + kBlock]);
    rows[i + kBlock] = weave<kBlock, true>(rows[i], rows[i + kBlock]);
    rows[i] = even;
  }
}

// Lane j of row i becomes lane i of row j, for kLanes rows.
CAJAL_INLINE void transpose_lanes(vf* rows) {
#if defined(__AVX512F__)
  weave_rows<8>(rows);
#endif
#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
  weave_rows<4>(rows);
#endif
  weave_rows<2>(rows);
  weave_rows<1>(rows);
}

// a * b + c.
CAJAL_INLINE vf fma(vf a, vf b, vf c) {
#if defined(__AVX512F__)
  return reinterpret_cast<vf>(
      _mm512_fmadd_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vf>(
      _mm256_fmadd_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return reinterpret_cast<vf>(vfmaq_f32(reinterpret_cast<float32x4_t>(c), reinterpret_cast<float32x4_t>(a),
                                        reinterpret_cast<float32x4_t>(b)));
#else
  return a * b + c;
#endif
}

// The same for one number, rounded as a lane of `fma` is.
CAJAL_INLINE float fma(float a, float b, float c) {
#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__)) || (defined(__ARM_NEON) && defined(__aarch64__))
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

// A mask, as comparisons of vectors give it, has all bits of a lane set or none.
CAJAL_INLINE vf select(vi mask, vf yes, vf no) { return mask ? yes : no; }
CAJAL_INLINE vi select(vi mask, vi yes, vi no) { return mask ? yes : no; }
CAJAL_INLINE vi bits(vf v) { return reinterpret_cast<vi>(v); }
CAJAL_INLINE vf from_bits(vi v) { return reinterpret_cast<vf>(v); }

// Whether a mask holds for any lane.
CAJAL_INLINE bool any(vi mask) {
#if defined(__AVX512F__)
  return _mm512_movepi32_mask(reinterpret_cast<__m512i>(mask)) != 0;
#elif defined(__AVX2__) && defined(__FMA__)
  return _mm256_movemask_ps(reinterpret_cast<__m256>(mask)) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_ps(reinterpret_cast<__m128>(mask)) != 0;
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return vmaxvq_u32(reinterpret_cast<uint32x4_t>(mask)) != 0;
#elif defined(__wasm__)
  return __builtin_wasm_any_true_v128(mask);
#else
  int32_t found = 0;
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i++) found |= mask[i];
  return found != 0;
#endif
}

// a > b ? a : b and a < b ? a : b: the second operand where either is NaN.
CAJAL_INLINE vf maximum(vf a, vf b) {
#if defined(__AVX512F__)
  return reinterpret_cast<vf>(
      _mm512_maskz_max_ps(lanes::kAll, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vf>(_mm256_max_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(__SSE2__)
  return reinterpret_cast<vf>(_mm_max_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return select(a > b, a, b);
#endif
}
CAJAL_INLINE vf minimum(vf a, vf b) {
#if defined(__AVX512F__)
  return reinterpret_cast<vf>(
      _mm512_maskz_min_ps(lanes::kAll, reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vf>(_mm256_min_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));
#elif defined(__SSE2__)
  return reinterpret_cast<vf>(_mm_min_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return select(a < b, a, b);
#endif
}
CAJAL_INLINE vf absolute(vf v) { return from_bits(bits(v) & 0x7fffffff); }

// max(v, 0); NaN stays NaN.
CAJAL_INLINE vf relu(vf v) { return maximum(zero(), v); }

CAJAL_INLINE vf square_root(vf v) {
#if defined(__AVX512F__)
  return reinterpret_cast<vf>(_mm512_maskz_sqrt_ps(lanes::kAll, reinterpret_cast<__m512>(v)));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vf>(_mm256_sqrt_ps(reinterpret_cast<__m256>(v)));
#elif defined(__SSE2__)
  return reinterpret_cast<vf>(_mm_sqrt_ps(reinterpret_cast<__m128>(v)));
#elif defined(__ARM_NEON) && defined(__aarch64__)
  return reinterpret_cast<vf>(vsqrtq_f32(reinterpret_cast<float32x4_t>(v)));
#elif defined(__wasm__)
  return reinterpret_cast<vf>(__builtin_wasm_sqrt_f32x4(v));
#else
  CAJAL_UNROLL
  for (int i = 0; i < kLanes; i++) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

// Numbers to integers toward zero, and back. Out of int32's range the result is unspecified.
CAJAL_INLINE vi truncate(vf v) { return __builtin_convertvector(v, vi); }
CAJAL_INLINE vf to_float(vi v) { return __builtin_convertvector(v, vf); }

// The largest whole number that is not above v. From 2^23 on all floats are whole; NaN stays NaN.
CAJAL_INLINE vf round_down(vf v) {
  const vi is_small = absolute(v) < broadcast(8388608.0f);
  const vf toward_zero = to_float(truncate(select(is_small, v, zero())));
  const vf down = select(toward_zero > v, toward_zero - 1.0f, toward_zero);
  return select(is_small, down, v);
}

// kLanes bytes, each as an integer. Written out because GCC 12 converts vectors of bytes one by one.
CAJAL_INLINE vi load_bytes_as_integers(const uint8_t* from) {
#if defined(__AVX512F__)
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return reinterpret_cast<vi>(_mm512_maskz_cvtepu8_epi32(lanes::kAll, bytes));
#elif defined(__AVX2__) && defined(__FMA__)
  return reinterpret_cast<vi>(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
#elif defined(__SSE2__)
  const __m128i none = _mm_setzero_si128(), bytes = _mm_loadu_si32(from);
  return reinterpret_cast<vi>(_mm_unpacklo_epi16(_mm_unpacklo_epi8(bytes, none), none));
#else
  return __builtin_convertvector(*reinterpret_cast<const lanes::UnalignedBytes*>(from), vi);
#endif
}

// kLanes bytes, each as a float.
CAJAL_INLINE vf load_bytes(const uint8_t* from) {
  return __builtin_convertvector(load_bytes_as_integers(from), vf);
}

// Integers from 0 to 255 to bytes.
CAJAL_INLINE void store_as_bytes(uint8_t* to, vi v) {
#if defined(__AVX512F__)
  const __m128i bytes = _mm512_maskz_cvtepi32_epi8(lanes::kAll, reinterpret_cast<__m512i>(v));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
#elif defined(__AVX2__) && defined(__FMA__)
  const __m256i all = reinterpret_cast<__m256i>(v);
  const __m128i shorts = _mm_packus_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(shorts, shorts));
#elif defined(__SSE2__)
  const __m128i shorts = _mm_packs_epi32(reinterpret_cast<__m128i>(v), reinterpret_cast<__m128i>(v));
  _mm_storeu_si32(to, _mm_packus_epi16(shorts, shorts));
#else
  *reinterpret_cast<lanes::UnalignedBytes*>(to) = __builtin_convertvector(v, lanes::Bytes);
#endif
}

// Sum and maximum over the lanes: the upper half onto the lower, until one is left.
CAJAL_INLINE float reduce_add(vf v) {
  float x[kLanes];
  store(x, v);
  CAJAL_UNROLL
  for (int half = kLanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) x[i] += x[i + half];
  }
  return x[0];
}
CAJAL_INLINE float reduce_maximum(vf v) {
  float x[kLanes];
  store(x, v);
  CAJAL_UNROLL
  for (int half = kLanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) x[i] = x[i] > x[i + half] ? x[i] : x[i + half];
  }
  return x[0];
}

}  // namespace cajal::CAJAL_ISA

#endif
