// Winograd's minimal filtering, one axis at a time: `kOutputs` neighbouring sums over three taps, made of `kPoints`
// products instead of 3 · kOutputs. The sums are products of polynomials, which are known by their values at points and
// are put together again; S. Winograd, Arithmetic Complexity of Computations (1980), and A. Lavin and S. Gray, Fast
// Algorithms for Convolutional Neural Networks (2016). With two axes each transform runs over columns, then over rows.
//   forward   y = output(kernel(g) · input(d))       dkernel = gather(input(d) · spread(dy))
#ifndef CAJAL_KERNELS_WINOGRAD_TILES_H
#define CAJAL_KERNELS_WINOGRAD_TILES_H

#include "../simd/vec.h"

namespace cajal::CAJAL_ISA {

template <int kSize>
struct Winograd;

// F(4, 3) at the points 0, ±p, ±q and infinity. Largest error over largest value, with 16 to 300 channels: forward and
// input gradient 4.3e-6, kernel gradient 2.0e-6 (sums in order: 2.1e-6 and 0.5e-6). The usual points 0, ±1 and ±2 have
// 13e-6 and 8e-6. All factors but those of the kernel are exact in float32.
template <>
struct Winograd<4> {
  static constexpr int kOutputs = 4;
  static constexpr int kPoints = 6;
  static constexpr double kP = 0.75, kQ = 1.5, kP2 = kP * kP, kQ2 = kQ * kQ;
  // Lagrange's denominators.
  static constexpr double kAt0 = 1 / (kP2 * kQ2);
  static constexpr double kAtP = 1 / (2 * kP2 * (kP2 - kQ2));
  static constexpr double kAtQ = 1 / (2 * kQ2 * (kQ2 - kP2));

  CAJAL_INLINE vf times(double a, vf b) { return broadcast(static_cast<float>(a)) * b; }
  CAJAL_INLINE vf add(double a, vf b, vf c) { return fma(broadcast(static_cast<float>(a)), b, c); }

  CAJAL_INLINE void input(const vf (&d)[6], vf (&v)[6]) {
    const vf even_p = add(-kQ2, d[2], d[4]), odd_p = add(-kQ2, d[1], d[3]);
    const vf even_q = add(-kP2, d[2], d[4]), odd_q = add(-kP2, d[1], d[3]);
    v[0] = add(kP2 * kQ2, d[0], add(-(kP2 + kQ2), d[2], d[4]));
    v[1] = add(kP, odd_p, even_p);
    v[2] = add(-kP, odd_p, even_p);
    v[3] = add(kQ, odd_q, even_q);
    v[4] = add(-kQ, odd_q, even_q);
    v[5] = add(kP2 * kQ2, d[1], add(-(kP2 + kQ2), d[3], d[5]));
  }

  CAJAL_INLINE void output(const vf (&m)[6], vf (&y)[4]) {
    const vf even_p = m[1] + m[2], odd_p = m[1] - m[2], even_q = m[3] + m[4], odd_q = m[3] - m[4];
    y[0] = m[0] + even_p + even_q;
    y[1] = add(kQ, odd_q, times(kP, odd_p));
    y[2] = add(kQ2, even_q, times(kP2, even_p));
    y[3] = add(kQ * kQ2, odd_q, add(kP * kP2, odd_p, m[5]));
  }

  CAJAL_INLINE void kernel(const vf (&g)[3], vf (&u)[6]) {
    const vf even_p = add(kP2, g[2], g[0]), odd_p = times(kP, g[1]), even_q = add(kQ2, g[2], g[0]);
    const vf odd_q = times(kQ, g[1]);
    u[0] = times(kAt0, g[0]);
    u[1] = times(kAtP, even_p + odd_p);
    u[2] = times(kAtP, even_p - odd_p);
    u[3] = times(kAtQ, even_q + odd_q);
    u[4] = times(kAtQ, even_q - odd_q);
    u[5] = g[2];
  }

  // The transposes of `output` and `kernel`.
  CAJAL_INLINE void spread(const vf (&y)[4], vf (&m)[6]) {
    const vf even_p = add(kP2, y[2], y[0]), odd_p = add(kP * kP2, y[3], times(kP, y[1]));
    const vf even_q = add(kQ2, y[2], y[0]), odd_q = add(kQ * kQ2, y[3], times(kQ, y[1]));
    m[0] = y[0];
    m[1] = even_p + odd_p;
    m[2] = even_p - odd_p;
    m[3] = even_q + odd_q;
    m[4] = even_q - odd_q;
    m[5] = y[3];
  }

  CAJAL_INLINE void gather(const vf (&u)[6], vf (&g)[3]) {
    const vf even_p = times(kAtP, u[1] + u[2]), odd_p = times(kAtP, u[1] - u[2]);
    const vf even_q = times(kAtQ, u[3] + u[4]), odd_q = times(kAtQ, u[3] - u[4]);
    g[0] = add(kAt0, u[0], even_p + even_q);
    g[1] = add(kQ, odd_q, times(kP, odd_p));
    g[2] = add(kQ2, even_q, add(kP2, even_p, u[5]));
  }
};

// F(2, 3) at the points 0, ±1 and infinity. Largest error over largest value, with the same channels: 0.8e-6.
template <>
struct Winograd<2> {
  static constexpr int kOutputs = 2;
  static constexpr int kPoints = 4;

  CAJAL_INLINE void input(const vf (&d)[4], vf (&v)[4]) {
    v[0] = d[0] - d[2];
    v[1] = d[1] + d[2];
    v[2] = d[2] - d[1];
    v[3] = d[3] - d[1];
  }

  CAJAL_INLINE void output(const vf (&m)[4], vf (&y)[2]) {
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] + m[3];
  }

  CAJAL_INLINE void kernel(const vf (&g)[3], vf (&u)[4]) {
    const vf half = broadcast(0.5f), even = half * (g[0] + g[2]), odd = half * g[1];
    u[0] = g[0];
    u[1] = even + odd;
    u[2] = even - odd;
    u[3] = g[2];
  }

  CAJAL_INLINE void spread(const vf (&y)[2], vf (&m)[4]) {
    m[0] = y[0];
    m[1] = y[0] + y[1];
    m[2] = y[0] - y[1];
    m[3] = y[1];
  }

  CAJAL_INLINE void gather(const vf (&u)[4], vf (&g)[3]) {
    const vf half = broadcast(0.5f), even = half * (u[1] + u[2]);
    g[0] = u[0] + even;
    g[1] = half * (u[1] - u[2]);
    g[2] = even + u[3];
  }
};

}  // namespace cajal::CAJAL_ISA

#endif
