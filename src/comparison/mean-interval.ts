/** The mean of a few values with Student's interval: what repeated trainings of one setting say about the next one's. */
import { DataError } from '../core/errors.ts';
import { criticalT } from './student-t.ts';

/** A mean and how far it is known. */
export interface MeanInterval {
  /** How many values there are. */
  readonly n: number;
  readonly mean: number;
  /** The standard deviation of the values, with n − 1 below; none of a single value. */
  readonly deviation?: number;
  /** The 95 % interval of the mean; none of a single value. */
  readonly low?: number;
  readonly high?: number;
}

/**
 * The mean with its 95 % interval: mean ± t · s / √n, with Student's t of n − 1 degrees of freedom. A single value has no
 * interval.
 *
 * @throws DataError where there is no value
 * @example
 * meanInterval([0.8, 0.9]); // { n: 2, mean: 0.85, deviation: 0.0707…, low: 0.2146…, high: 1.4853… }
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const n = values.length;
  if (n === 0)
    throw new DataError('meanInterval: expected at least one value, received none. Leave empty settings out.');
  // Values that are all the same have themselves for a mean, to the bit.
  const [first] = values as readonly [number, ...number[]];
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / n;
  if (n === 1) return { n, mean };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (criticalT(0.95, n - 1) * deviation) / Math.sqrt(n);
  return { n, mean, deviation, low: mean - half, high: mean + half };
}
