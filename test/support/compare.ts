/** How far a result is from what was expected, and whether that is near enough. */
import type { Tolerance } from '../cases/case.ts';

type Numbers = ArrayLike<number>;

/** Two measures of error; both are relative. */
export interface Distance {
  /** The largest error, as the tolerance measures it. */
  readonly error: number;
  /** Σ (actual − expected)² / Σ expected². */
  readonly meanSquare: number;
  /** The place of the largest error. */
  readonly place: number;
}

/** Measures errors. Where a NaN or infinity is expected, anything else is an infinite error, and the other way round. */
export function distance(actual: Numbers, expected: Numbers, { against, floor = 1e-30 }: Tolerance): Distance {
  let largest = 0;
  for (let place = 0; place < expected.length; place++) {
    if (Number.isFinite(expected[place])) largest = Math.max(largest, Math.abs(expected[place]!));
  }
  let error = actual.length === expected.length ? 0 : Infinity;
  let worst = 0;
  let squares = 0;
  let total = 0;
  for (let place = 0; place < expected.length; place++) {
    const a = actual[place]!;
    const e = expected[place]!;
    if (Object.is(a, e) || a === e) {
      if (Number.isFinite(e)) total += e * e;
      continue;
    }
    const scale = Math.max(against === 'largest' ? largest : Math.abs(e), floor);
    const here = Number.isFinite(e) && Number.isFinite(a) ? Math.abs(a - e) / scale : Infinity;
    if (here > error) {
      error = here;
      worst = place;
    }
    squares += (a - e) ** 2;
    total += e * e;
  }
  return { error, meanSquare: squares === 0 ? 0 : squares / Math.max(total, 1e-60), place: worst };
}

/** A sentence about what is wrong, or nothing where the result is near enough. */
export function describeDifference(actual: Numbers, expected: Numbers, tolerance: Tolerance): string | undefined {
  const { error, meanSquare, place } = distance(actual, expected, tolerance);
  const isNear = error <= tolerance.error && (tolerance.against === 'each' || meanSquare <= tolerance.error ** 2);
  if (isNear) return undefined;
  return (
    `error ${error.toExponential(1)} (mean square ${meanSquare.toExponential(1)}) where ${tolerance.error} passes; ` +
    `worst at ${place} of ${expected.length}: ${actual[place]} instead of ${expected[place]}`
  );
}
