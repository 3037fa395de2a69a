/** RandomSharpness: blurred or sharper pictures. */
import { batchAxis } from '../../../core/shape.ts';
import { add, broadcastTo, clip, multiply, rescale, subtract } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { filterPictures } from '../../../ops/separable-filter.ts';
import type { Range } from './draws.ts';
import { checkFactor, checkValueRange, type Factor, fromZero, type ValueRangeOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomSharpness`. */
export interface RandomSharpnessOptions extends ValueRangeOption {
  /** 0 gives the smoothed picture, 0.5 the picture, 1 one as much sharper: drawn from 0 to factor, or between the two numbers;
   * 0 … 1. */
  factor: Factor;
}

type Config = { readonly factor: Factor; readonly valueRange: Range };

/** x + (1 − 2 · factor) · (smooth − x), cut to the value range, where `smooth` weighs a pixel 5 / 13 and its eight neighbours
 * 1 / 13 each; what lies outside counts as 0, as in Keras. Input and output `[batch, height, width, channels]`. */
export const randomSharpness: RandomLayer<RandomSharpnessOptions, Config, 'factor'> = randomLayer({
  className: 'RandomSharpness',
  options: ['factor', 'valueRange'],
  configure: ({ factor, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 1,
  parameters: (draws, { factor }) => ({ factor: draws.next(fromZero(factor)) }),
  pixels(x, { factor }, { valueRange }) {
    // 9 means of nine pixels and 4 pixels, of 13.
    const change = multiply(subtract(boxMean(x), x), 9 / 13);
    return clip(add(x, multiply(rescale(factor, -2, 1), change)), ...valueRange);
  },
});

/** The mean of each pixel and its eight neighbours; what lies outside is 0. */
function boxMean(x: Value): Value {
  const thirds = broadcastTo(x.graph.constant(1 / 3), [batchAxis, 3]);
  return filterPictures(x, thirds, thirds);
}
