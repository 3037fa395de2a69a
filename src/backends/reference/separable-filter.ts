/** Filters along rows and columns, from the formula in src/ops/separable-filter.ts. */
import type { Kernel, View } from './kernel.ts';
import { continued } from './sample.ts';

/** y = the weighted sums of neighbours down, then across. */
export const separableFilter: Kernel<'separableFilter'> = ([x, down, across], [y], { fillMode }) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const between = new Float64Array(x!.values.length);
  const sumAlong = (from: Float64Array, to: Float64Array, weights: View, length: number, step: number) => {
    const taps = weights.shape[1]!;
    const size = height * width * channels;
    for (let place = 0; place < batch * size; place++) {
      const example = Math.floor(place / size);
      const at = Math.floor(place / step) % length;
      let total = 0;
      for (let tap = 0; tap < taps; tap++) {
        const other = continued(at + tap - (taps - 1) / 2, length, fillMode);
        if (other >= 0) total += weights.values[example * taps + tap]! * from[place + (other - at) * step]!;
      }
      to[place] = total;
    }
  };
  sumAlong(x!.values, between, down!, height, width * channels);
  sumAlong(between, y!.values, across!, width, channels);
};
