/** AutoContrast: the darkest and the brightest value of each channel become the ends of the value range. */
import { add, where as choose, clip, divide, equal, multiply, negate, subtract } from '../../../ops/elementwise.ts';
import { applyOne, type Value } from '../../../ops/op.ts';
import { checkPictures } from '../arguments.ts';
import type { LayerDefinition } from '../layer.ts';
import type { Range } from './draws.ts';
import { checkValueRange, type ValueRangeOption } from './picture-options.ts';

/** Options of `autoContrast`. */
export interface AutoContrastOptions extends ValueRangeOption {}

type Config = { readonly valueRange: Range };

/** Nothing is random: it does the same in training and outside, as in Keras. Channels of one value stay. Input and output
 * `[batch, height, width, channels]`. */
export const autoContrast: LayerDefinition<AutoContrastOptions, Config> = {
  className: 'AutoContrast',
  options: ['valueRange'],
  configure: ({ valueRange }, where) => ({ valueRange: checkValueRange(where, valueRange) }),
  weights(_, shape, where) {
    checkPictures(shape, where);
    return {};
  },
  call: ({ config, inputs: [x] }) => stretchContrast(x!, config.valueRange),
};

/** Each channel of each picture spread over the range. */
export function stretchContrast(x: Value, [low, high]: Range): Value {
  const largest = largestOf(x);
  const smallest = negate(largestOf(negate(x)));
  const span = subtract(largest, smallest);
  const scale = divide(high - low, span);
  const stretched = clip(add(multiply(subtract(x, smallest), scale), low), low, high);
  return choose(equal(span, 0), x, stretched);
}

/** Of each picture and channel, `[batch, 1, 1, channels]`. */
function largestOf(x: Value): Value {
  return applyOne('reduceMax', [x], { firstAxis: 1, lastAxis: 2, keepAxes: 'yes' });
}
