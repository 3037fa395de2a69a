/** Draws from `Random` that use only arithmetic and square roots, so that every JavaScript engine gives the same bits. */
import type { Random } from '../../core/random.ts';

/** A vector of length one, as `[x, y]`. */
export type Direction = readonly [number, number];

/** A bell-shaped number, mean 0 and deviation 1, within ±3: the sum of three uniform ones (Irwin and Hall). */
export function bell(random: Random): number {
  return random.uniform(-1, 1) + random.uniform(-1, 1) + random.uniform(-1, 1);
}

/** True with the given probability. */
export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** A direction, each as likely: a point in the unit disc (by rejection), scaled to length one. */
export function direction(random: Random): Direction {
  for (;;) {
    const x = random.uniform(-1, 1);
    const y = random.uniform(-1, 1);
    const square = x * x + y * y;
    if (square > 1 || square < 0.01) continue;
    const length = Math.sqrt(square);
    return [x / length, y / length];
  }
}

/** A number kept within two bounds. */
export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** A smooth step from 0 at `from` to 1 at `to`: Hermite's 3t² − 2t³. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}
