/** The error function in float64, which JavaScript's Math lacks. */

/** 2 / √π · ∫ e^(−t²) dt from 0 to x, by the series e^(−x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)), whose terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}
