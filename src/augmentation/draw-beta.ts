/** Numbers from Beta(α, α), as x / (x + y) of two Gamma numbers (Marsaglia and Tsang, 2000); all in logarithms, since Gamma
 * numbers of a small α are too small for a float. */
import type { Random } from '../core/random.ts';

/** A number from 0 to 1. */
export function drawBeta(random: Random, alpha: number): number {
  const [one, other] = [logGamma(random, alpha), logGamma(random, alpha)];
  return 1 / (1 + Math.exp(other - one));
}

/** The logarithm of a number from Gamma(shape, 1): below 1 it is that of shape + 1 times u^(1 / shape). */
function logGamma(random: Random, shape: number): number {
  if (shape < 1) return logGamma(random, shape + 1) + Math.log(1 - random.next()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  while (true) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
