/** RandomChannelShift: adds a number of its own to each channel of a picture, as stains and lamps differ. */
import { add, clip } from '../../../ops/elementwise.ts';
import { type Range, spread } from './draws.ts';
import { aroundZero, checkFactor, checkValueRange, type Factor, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomChannelShift`. */
export interface RandomChannelShiftOptions extends ValueRangeOption {
  /** What is added, as a share of the value range: from −factor to factor, or between the two numbers; −1 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** Pictures with any number of channels, cut to the value range. Input and output `[batch, height, width, channels]`. */
export const randomChannelShift: RandomLayer<RandomChannelShiftOptions, Config, 'shift'> = randomLayer({
  className: 'RandomChannelShift',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: -1, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: (_, shape) => shape[3]!,
  parameters(draws, { factor, valueRange: [darkest, brightest] }, shape) {
    const [low, high] = aroundZero(factor);
    const span = brightest - darkest;
    return { shift: spread(draws.nextOf([1, 1, shape[3]!]), [low * span, high * span]) };
  },
  pixels: (x, { shift }, { valueRange }) => clip(add(x, shift), ...valueRange),
});
