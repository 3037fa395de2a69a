/** RandomHue: other colours of the same strength and brightness. */
import { greater, multiply, where } from '../../../ops/elementwise.ts';
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

/** Options of `randomHue`. */
export interface RandomHueOptions extends ValueRangeOption {
  /** 1 turns hues by up to half the circle of colours, in either direction, 0 leaves them: drawn from 0 to factor, or between
   * the two numbers; 0 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** Hues turned by ± factor / 2 turns in the HSV hexcone. Input and output `[batch, height, width, 3]`. */
export const randomHue: RandomLayer<RandomHueOptions, Config, 'turn'> = randomLayer({
  className: 'RandomHue',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  checkShape: checkColors,
  draws: () => 2,
  parameters(draws, { factor }) {
    const [low, high] = fromZero(factor);
    const isBackwards = greater(draws.next(), 0.5);
    const turn = draws.next([low / 2, high / 2]);
    return { turn: multiply(turn, where(isBackwards, -1, 1)) };
  },
  pixels: (x, { turn }, { valueRange }) => recolored(x, 1, turn, valueRange),
});
