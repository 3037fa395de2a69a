/** Numbers as bytes, from src/ops/to-bytes.ts. */
import type { Kernel } from './kernel.ts';

/** y = x held within 0 and 255 and rounded, halves to even. */
export const toBytes: Kernel<'toBytes'> = ([x], [y]) => {
  for (const [place, number] of x!.values.entries()) {
    const held = number > 0 ? Math.min(number, 255) : 0;
    const below = Math.floor(held);
    const rest = held - below;
    y!.values[place] = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  }
};
