/** Holm's correction for several tests at once (S. Holm, "A simple sequentially rejective multiple test procedure", 1979). */
import { checkNumber } from '../core/options.ts';

/**
 * The p values, corrected so that among all of them one below 0.05 by chance alone has a probability of 0.05 at most.
 *
 * @returns in the order of the given ones
 * @example
 * adjustByHolm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function adjustByHolm(pValues: readonly number[]): number[] {
  for (const value of pValues) checkNumber('adjustByHolm', 'a p value', value, { min: 0, max: 1 });
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let highest = 0;
  for (const [rank, index] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = highest;
  }
  return adjusted;
}
