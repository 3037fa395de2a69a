/** RandomInvert: some pictures become their negatives. */
import { greater, rescale, where } from '../../../ops/elementwise.ts';
import type { Range } from './draws.ts';
import { checkFactor, checkValueRange, type Factor, probability, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomInvert`. */
export interface RandomInvertOptions extends ValueRangeOption {
  /** The probability, drawn for each picture from 0 to factor, or between the two numbers; 0 … 1, default 1: half of the
   * pictures. `[1, 1]` inverts all. */
  factor?: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** Bright becomes dark and dark bright. Input and output `[batch, height, width, channels]`. */
export const randomInvert: RandomLayer<RandomInvertOptions, Config, 'isInverted'> = randomLayer({
  className: 'RandomInvert',
  options: ['factor', 'valueRange'],
  configure: ({ factor = 1, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 1,
  parameters: (draws, { factor }) => ({ isInverted: greater(probability(factor), draws.next()) }),
  pixels: (x, { isInverted }, { valueRange: [low, high] }) => where(isInverted, rescale(x, -1, low + high), x),
});
