// exp, log, tanh, erf, sin, cos, powers of vectors, so that results depend on no library. Polynomials are least-maximum fits of the
// function in the comment above them (relative error below 5e-9 before rounding); results are within 3 units in the last
// place, NaN stays NaN, and overflow gives infinity.
#ifndef CAJAL_SIMD_ELEMENTARY_H
#define CAJAL_SIMD_ELEMENTARY_H

#include "vec.h"

namespace cajal::CAJAL_ISA {

// ln 2 in two parts: products of the first with whole numbers below 2^14 are exact.
constexpr float kLn2High = 0.693359375f;
constexpr float kLn2Low = -2.12194440e-4f;

// The difference of two numbers' bits, which may wrap around.
typedef uint32_t Words __attribute__((vector_size(kLanes * 4)));
CAJAL_INLINE vi subtract_bits(vf a, uint32_t b) { return reinterpret_cast<vi>(reinterpret_cast<Words>(a) - b); }

// 2^n for whole n from -126 to 127.
CAJAL_INLINE vf power_of_two(vi n) { return from_bits((n + 127) << 23); }

// e^x = 2^n · (1 + q) with q = e^r - 1, |r| <= ln 2 / 2.
struct Power {
  vf q;
  vi n;
};

CAJAL_INLINE Power power_parts(vf x) {
  // 1.5 · 2^23, bits 0x4b400000: adding it rounds to a whole number, in the low bits.
  const vf shifted = fma(x, broadcast(1.44269504f), broadcast(12582912.0f));
  const vf whole = shifted - 12582912.0f;
  const vf r = fma(whole, broadcast(-kLn2Low), fma(whole, broadcast(-kLn2High), x));
  // (e^r - 1 - r) / r²
  vf p = broadcast(0.00139505207f);
  p = fma(p, r, broadcast(0.00836890843f));
  p = fma(p, r, broadcast(0.0416662060f));
  p = fma(p, r, broadcast(0.166665182f));
  p = fma(p, r, broadcast(0.5f));
  return {fma(p * r, r, r), subtract_bits(shifted, 0x4b400000)};
}

// e^x.
CAJAL_INLINE vf exponential(vf x) {
  // Beyond these the result is 0 or infinity. The comparisons keep NaN: it is the second operand.
  const Power power = power_parts(minimum(broadcast(89.0f), maximum(broadcast(-104.0f), x)));
  // In two factors, because 2^n alone may be too large or too small for a float where the product is not.
  const vi half = power.n >> 1;
  return (power.q + 1.0f) * power_of_two(half) * power_of_two(power.n - half);
}

// e^x - 1. Between -1 and 1 the 1 is taken away from 2^n, which is exact.
CAJAL_INLINE vf exponential_minus_1(vf x) {
  const vi is_near = absolute(x) < broadcast(1.0f);
  const Power power = power_parts(select(is_near, x, zero()));
  const vf scale = power_of_two(power.n);
  return select(is_near, fma(power.q, scale, scale - 1.0f), exponential(x) - 1.0f);
}

// ln x = e · ln 2 + ln(1 + f) with 1 + f in [√½, √2).
CAJAL_INLINE vf logarithm(vf x) {
  const vi is_tiny = x < broadcast(1.17549435e-38f);
  const vf scaled = select(is_tiny, x * 8388608.0f, x);
  const vi first = subtract_bits(scaled, 0x3f3504f3);  // the bits of √½
  const vi e = (first >> 23) - (is_tiny & 23);
  const vf f = from_bits((first & 0x007fffff) + 0x3f3504f3) - 1.0f;
  // (ln(1 + f) - f + f² / 2) / f³
  vf p = broadcast(0.0674663559f);
  p = fma(p, f, broadcast(-0.116756506f));
  p = fma(p, f, broadcast(0.118881635f));
  p = fma(p, f, broadcast(-0.124055892f));
  p = fma(p, f, broadcast(0.142195523f));
  p = fma(p, f, broadcast(-0.166679963f));
  p = fma(p, f, broadcast(0.200021192f));
  p = fma(p, f, broadcast(-0.250000089f));
  p = fma(p, f, broadcast(0.333333135f));
  const vf square = f * f;
  const vf exponent = to_float(e);
  p = fma(exponent, broadcast(kLn2Low), p * f * square);
  p = fma(square, broadcast(-0.5f), p) + f;
  p = fma(exponent, broadcast(kLn2High), p);
  const vf infinity = broadcast(__builtin_inff());
  p = select(x < infinity, p, x);  // infinity and NaN stay as they are
  p = select(x < zero(), broadcast(__builtin_nanf("")), p);
  return select(x == zero(), -infinity, p);
}

// ln(1 + x): what was lost when 1 + x was rounded is put back, by the slope of the logarithm there.
CAJAL_INLINE vf logarithm_of_1_plus(vf x) {
  const vf u = 1.0f + x;
  const vf lost = x - (u - 1.0f);
  const vi is_ordinary = (x > broadcast(-1.0f)) & (x < broadcast(1e8f));
  return logarithm(u) + select(is_ordinary, lost / u, zero());
}

// 1 / (1 + e^-x).
CAJAL_INLINE vf logistic(vf x) { return 1.0f / (1.0f + exponential(-x)); }

// An odd polynomial near 0, where 1 - 2 / (e^2x + 1) would cancel.
CAJAL_INLINE vf hyperbolic_tangent(vf x) {
  const vf size = absolute(x);
  const vf far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
  // (tanh x - x) / x³ in x²
  const vf square = x * x;
  vf p = broadcast(-0.00570498593f);
  p = fma(p, square, broadcast(0.0206390861f));
  p = fma(p, square, broadcast(-0.0537397154f));
  p = fma(p, square, broadcast(0.133314416f));
  p = fma(p, square, broadcast(-0.333332807f));
  const vf near = fma(p * square, x, x);
  const vf signed_far = from_bits(bits(far) | (bits(x) & static_cast<int32_t>(0x80000000)));
  return select(size < broadcast(0.625f), near, signed_far);
}

// 2 / √π · ∫ e^-t² from 0 to x.
CAJAL_INLINE vf error_function(vf x) {
  const vf size = absolute(x);
  const vf square = x * x;
  // erf(x) / x in x²
  vf p = broadcast(8.31677535e-05f);
  p = fma(p, square, broadcast(-0.000813001301f));
  p = fma(p, square, broadcast(0.00519990688f));
  p = fma(p, square, broadcast(-0.0268589407f));
  p = fma(p, square, broadcast(0.112836875f));
  p = fma(p, square, broadcast(-0.376126319f));
  p = fma(p, square, broadcast(1.12837923f));
  const vf near = p * x;
  // -ln(1 - erf x) in x
  const vf most = minimum(broadcast(4.0f), size);
  vf q = broadcast(-0.000195856483f);
  q = fma(q, most, broadcast(0.00304242526f));
  q = fma(q, most, broadcast(-0.0222237632f));
  q = fma(q, most, broadcast(0.103925049f));
  q = fma(q, most, broadcast(0.637189686f));
  q = fma(q, most, broadcast(1.12767124f));
  q = fma(q, most, broadcast(0.000196747351f));
  // 1 - erf(4) is below half a unit in the last place; 4 stands for all beyond, and keeps NaN.
  const vf far = 1.0f - exponential(-q);
  const vf signed_far = from_bits(bits(far) | (bits(x) & static_cast<int32_t>(0x80000000)));
  return select(size < broadcast(0.93f), near, signed_far);
}

// sin (r + quarter · π/2) for |r| <= π/4.
CAJAL_INLINE vf sine_in_quarter(vf r, vi quarter) {
  const vf square = r * r;
  // (sin r - r) / r³ in r²
  vf s = broadcast(-0.000195021348f);
  s = fma(s, square, broadcast(0.00833206344f));
  s = fma(s, square, broadcast(-0.166666538f));
  const vf sine = fma(s * square, r, r);
  // (cos r - 1 + r² / 2) / r⁴ in r²
  vf c = broadcast(2.44181283e-05f);
  c = fma(c, square, broadcast(-0.00138871849f));
  c = fma(c, square, broadcast(0.0416666418f));
  const vf cosine = fma(c * square, square, fma(square, broadcast(-0.5f), broadcast(1.0f)));
  const vf value = select((quarter & 1) == 0, sine, cosine);
  return from_bits(bits(value) ^ ((quarter & 2) << 30));
}

// sin(x + shift · π/2) for whole shift: within 1e-7 of the true value up to |x| = 10,000. π/2 is taken away in three parts;
// products of the first two with whole numbers below 2^13 are exact.
CAJAL_INLINE vf sine_of_quarters(vf x, int32_t shift) {
  const vf shifted = fma(x, broadcast(0.636619772f), broadcast(12582912.0f));
  const vf whole = shifted - 12582912.0f;
  vf r = fma(whole, broadcast(-1.5703125f), x);
  r = fma(whole, broadcast(-0.0004837512969970703f), r);
  r = fma(whole, broadcast(-7.54978942e-08f), r);
  // Beyond 10^7 or so nothing of this holds: the result is some number from -1 to 1. NaN is the second operand.
  r = minimum(broadcast(0.8f), maximum(broadcast(-0.8f), r));
  return sine_in_quarter(r, subtract_bits(shifted, 0x4b400000) + shift);
}

CAJAL_INLINE vf sine(vf x) { return sine_of_quarters(x, 0); }
CAJAL_INLINE vf cosine(vf x) { return sine_of_quarters(x, 1); }

// |x|^exponent for any exponent, with the sign that a whole one gives; NaN where x < 0 and the exponent is not whole. Small
// whole exponents are products; for others the relative error grows with |exponent · ln x|, by 6e-8 each.
CAJAL_INLINE vf power(vf x, float exponent) {
  const float size = exponent < 0 ? -exponent : exponent;
  if (size <= 16.0f && size == static_cast<float>(static_cast<int32_t>(size))) {
    vf result = broadcast(1.0f), factor = x;
    for (int32_t left = static_cast<int32_t>(size); left > 0; left >>= 1) {
      if (left & 1) result = result * factor;
      factor = factor * factor;
    }
    return exponent < 0 ? 1.0f / result : result;
  }
  // Floats from 2^24 on are even whole numbers.
  const bool is_whole = size >= 16777216.0f || size == static_cast<float>(static_cast<int32_t>(size));
  const bool is_odd = size < 16777216.0f && is_whole && (static_cast<int32_t>(size) & 1) != 0;
  const vf positive = exponential(logarithm(is_whole ? absolute(x) : x) * exponent);
  return is_odd ? from_bits(bits(positive) | (bits(x) & static_cast<int32_t>(0x80000000))) : positive;
}

}  // namespace cajal::CAJAL_ISA

#endif
