/** RandomBrightness: adds a number to all pixels of a picture. */
import { add, clip } from '../../../ops/elementwise.ts';
import type { Range } from './draws.ts';
import { aroundZero, checkFactor, checkValueRange, type Factor, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomBrightness`. */
export interface RandomBrightnessOptions extends ValueRangeOption {
  /** What is added, as a share of the value range: from −factor to factor, or between the two numbers; −1 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** Brighter or darker pictures, cut to the value range. Input and output `[batch, height, width, channels]`. */
export const randomBrightness: RandomLayer<RandomBrightnessOptions, Config, 'delta'> = randomLayer({
  className: 'RandomBrightness',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: -1, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 1,
  parameters(draws, { factor, valueRange: [darkest, brightest] }) {
    const [low, high] = aroundZero(factor);
    const span = brightest - darkest;
    return { delta: draws.next([low * span, high * span]) };
  },
  pixels: (x, { delta }, { valueRange }) => clip(add(x, delta), ...valueRange),
});
