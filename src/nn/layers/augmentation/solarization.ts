/** Solarization: bright parts of pictures become their negatives. */
import { add, where as choose, clip, greater, rescale } from '../../../ops/elementwise.ts';
import type { Range } from './draws.ts';
import { checkFactor, checkValueRange, type Factor, fromZero, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `solarization`. */
export interface SolarizationOptions extends ValueRangeOption {
  /** What is added first, as a share of the value range: drawn from 0 to factor, or between the two numbers; 0 … 1, default 0. */
  additionFactor?: Factor;
  /** Pixels from this share of the value range on are inverted: drawn in the same way; default 0, which inverts all. */
  thresholdFactor?: Factor;
}

type Config = { readonly additionFactor: Factor; readonly thresholdFactor: Factor; readonly valueRange: Range };

/** Input and output `[batch, height, width, channels]`. */
export const solarization: RandomLayer<SolarizationOptions, Config, 'addition' | 'threshold'> = randomLayer({
  className: 'Solarization',
  options: ['additionFactor', 'thresholdFactor', 'valueRange'],
  configure: ({ additionFactor = 0, thresholdFactor = 0, valueRange }, where) => ({
    additionFactor: checkFactor(where, 'additionFactor', additionFactor, { min: 0, max: 1 }),
    thresholdFactor: checkFactor(where, 'thresholdFactor', thresholdFactor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 2,
  parameters(draws, { additionFactor, thresholdFactor, valueRange: [low, high] }) {
    const span = high - low;
    const within = ([from, to]: Range, start: number): Range => [start + from * span, start + to * span];
    return {
      addition: draws.next(within(fromZero(additionFactor), 0)),
      threshold: draws.next(within(fromZero(thresholdFactor), low)),
    };
  },
  pixels(x, { addition, threshold }, { valueRange: [low, high] }) {
    const brighter = clip(add(x, addition), low, high);
    return choose(greater(threshold, brighter), brighter, rescale(brighter, -1, low + high));
  },
});
