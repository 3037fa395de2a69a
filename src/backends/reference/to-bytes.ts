/** Numbers as bytes, from src/ops/to-bytes.ts. */
import type { Kernel } from './kernel.ts';
import { roundHalfEven } from './round-half-even.ts';

/** A number held within 0 and 255 and rounded; NaN becomes 0. */
export function byteOf(number: number): number {
  return roundHalfEven(number > 0 ? Math.min(number, 255) : 0);
}

/** y = x held within 0 and 255 and rounded, halves to even. */
export const toBytes: Kernel<'toBytes'> = ([x], [y]) => {
  for (const [place, number] of x!.values.entries()) y!.values[place] = byteOf(number);
};
