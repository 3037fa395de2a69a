// exp, log, tanh and sigmoid of vectors, so that results depend on no library. Polynomials are least-maximum fits of the
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

// e^x = 2^n · e^r with |r| <= ln 2 / 2.
CAJAL_INLINE vf exponential(vf x) {
  // Beyond these the result is 0 or infinity. The comparisons keep NaN: it is the second operand.
  x = minimum(broadcast(89.0f), maximum(broadcast(-104.0f), x));
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
  p = fma(p * r, r, r) + 1.0f;
  // In two factors, because 2^n alone may be too large or too small for a float where the product is not.
  const vi n = subtract_bits(shifted, 0x4b400000);
  const vi half = n >> 1;
  return p * power_of_two(half) * power_of_two(n - half);
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

}  // namespace cajal::CAJAL_ISA

#endif
