/** RandomColorDegeneration: pictures between their own colours and grey. */
import { towardsGrey } from './colors.ts';
import type { Range } from './draws.ts';
import {
  checkFactor,
  checkGreyOrColors,
  checkValueRange,
  type Factor,
  fromZero,
  type ValueRangeOption,
} from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomColorDegeneration`. */
export interface RandomColorDegenerationOptions extends ValueRangeOption {
  /** 0 leaves pictures, 1 makes them grey: drawn from 0 to factor, or between the two numbers; 0 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** x + factor · (grey − x), cut to the value range. Input and output `[batch, height, width, 3]`; grey pictures stay. */
export const randomColorDegeneration: RandomLayer<RandomColorDegenerationOptions, Config, 'factor'> = randomLayer({
  className: 'RandomColorDegeneration',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  checkShape: checkGreyOrColors,
  draws: () => 1,
  parameters: (draws, { factor }) => ({ factor: draws.next(fromZero(factor)) }),
  pixels: (x, { factor }, { valueRange }) => towardsGrey(x, factor, valueRange),
});
