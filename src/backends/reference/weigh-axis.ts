/** Weighted sums along an axis of pictures, as pooling and resizing are made of: one axis after the other. */
import type { View } from './kernel.ts';

/** weights[i][p]: how much place p of the input counts for place i of the output. */
export type Weights = readonly (readonly number[])[];

/** What flows back: weights[p][i]. */
export function turned(weights: Weights, length: number): Weights {
  return Array.from({ length }, (_, place) => weights.map((row) => row[place] ?? 0));
}

/** y = rows · x · columns for each picture and channel. */
export function weighPictures(x: View, y: View, rows: Weights, columns: Weights): void {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const between = along(x.values, batch, height, width * channels, rows);
  y.values.set(along(between, batch * rows.length, width, channels, columns));
}

/** An array [outer, length, inner] becomes [outer, weights.length, inner]. */
function along(values: Float64Array, outer: number, length: number, inner: number, weights: Weights): Float64Array {
  const result = new Float64Array(outer * weights.length * inner);
  for (let o = 0; o < outer; o++) {
    for (const [i, row] of weights.entries()) {
      const to = (o * weights.length + i) * inner;
      for (const [p, weight] of row.entries()) {
        if (weight === 0) continue;
        const from = (o * length + p) * inner;
        for (let j = 0; j < inner; j++) result[to + j]! += weight * values[from + j]!;
      }
    }
  }
  return result;
}
