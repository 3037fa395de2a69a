/** RandomSaturation: stronger or paler colours. */
import { divide, subtract } from '../../../ops/elementwise.ts';
import { recolored } from './colors.ts';
import type { Range } from './draws.ts';
import {
  checkColors,
  checkFactor,
  checkValueRange,
  type Factor,
  fromZero,
  type ValueRangeOption,
} from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomSaturation`. */
export interface RandomSaturationOptions extends ValueRangeOption {
  /** 0 makes pictures grey, 0.5 leaves them, 1 makes colours as strong as can be: drawn from 0 to factor, or between the two
   * numbers; 0 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** The saturation times f / (1 − f), at most 1, in the HSV hexcone. Input and output `[batch, height, width, 3]`. */
export const randomSaturation: RandomLayer<RandomSaturationOptions, Config, 'times'> = randomLayer({
  className: 'RandomSaturation',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  checkShape: checkColors,
  draws: () => 1,
  parameters(draws, { factor }) {
    const drawn = draws.next(fromZero(factor));
    return { times: divide(drawn, subtract(1 + 1e-7, drawn)) };
  },
  pixels: (x, { times }, { valueRange }) => recolored(x, times, 0, valueRange),
});
