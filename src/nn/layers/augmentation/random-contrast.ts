/** RandomContrast: pixels nearer to the mean of their channel, or further from it. */
import { add, clip, multiply, subtract } from '../../../ops/elementwise.ts';
import { mean } from '../../../ops/mean.ts';
import type { Range } from './draws.ts';
import { checkFactor, checkValueRange, type Factor, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomContrast`. */
export interface RandomContrastOptions extends ValueRangeOption {
  /** `[lower, upper]`: differences to the mean are multiplied by a number from 1 − lower to 1 + upper, each 0 … 1. A number
   * stands for both. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** (x − mean) · factor + mean, with the mean of each picture and channel, cut to the value range. Input and output
 * `[batch, height, width, channels]`. */
export const randomContrast: RandomLayer<RandomContrastOptions, Config, 'factor'> = randomLayer({
  className: 'RandomContrast',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 1,
  parameters(draws, { factor }) {
    const [lower, upper] = typeof factor === 'number' ? [factor, factor] : factor;
    return { factor: draws.next([1 - lower, 1 + upper]) };
  },
  pixels(x, { factor }, { valueRange }) {
    const middle = mean(x, 1, 2, 'yes');
    return clip(add(multiply(subtract(x, middle), factor), middle), ...valueRange);
  },
});
