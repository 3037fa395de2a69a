/** Student's t distribution for whole degrees of freedom, from the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4. */
import { checkNumber } from '../core/options.ts';

/**
 * The probability of lying between −t and t.
 *
 * @param t of at least 0
 * @param degrees degrees of freedom, a whole number of at least 1
 */
export function probabilityWithin(t: number, degrees: number): number {
  checkNumber('probabilityWithin', 't', t, { min: 0 });
  checkNumber('probabilityWithin', 'degrees', degrees, { integer: true, min: 1 });
  const angle = Math.atan(t / Math.sqrt(degrees));
  const squaredCosine = Math.cos(angle) ** 2;
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (squaredCosine * (power - 1)) / power;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/**
 * The t between whose negative and itself the share `level` lies: 2.776 for 0.95 and 4 degrees of freedom.
 *
 * @param level above 0 and below 1
 */
export function criticalT(level: number, degrees: number): number {
  checkNumber('criticalT', 'level', level, { min: 0, max: 1, exclusive: true });
  let low = 0;
  let high = 1;
  while (probabilityWithin(high, degrees) < level) high *= 2;
  // By halves, until no number lies between the two ends.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (probabilityWithin(middle, degrees) < level) low = middle;
    else high = middle;
  }
}
