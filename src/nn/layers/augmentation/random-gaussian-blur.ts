/** RandomGaussianBlur: pictures out of focus. */
import { OptionError } from '../../../core/errors.ts';
import { show } from '../../../core/options.ts';
import { batchAxis } from '../../../core/shape.ts';
import type { Graph } from '../../../graph/graph.ts';
import {
  add,
  where as choose,
  clip,
  divide,
  exp,
  greater,
  multiply,
  square,
  subtract,
} from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { sum } from '../../../ops/reduce.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { filterPictures } from '../../../ops/separable-filter.ts';
import type { Size } from '../arguments.ts';
import { counted } from './counted.ts';
import type { Range } from './draws.ts';
import {
  checkFactor,
  checkValueRange,
  type Factor,
  fromZero,
  probability,
  type ValueRangeOption,
} from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';

/** Options of `randomGaussianBlur`. */
export interface RandomGaussianBlurOptions extends ValueRangeOption {
  /** The probability, drawn for each picture from 0 to factor, or between the two numbers; 0 … 1, default 1: half of the
   * pictures. `[1, 1]` blurs all. */
  factor?: Factor;
  /** Pixels that count down and across, odd: a number for both or `[down, across]`; default 3. */
  kernelSize?: Size;
  /** The standard deviation in pixels, drawn for each picture and direction: from 0 to sigma, or between the two numbers; 0 … 1,
   * default 1. */
  sigma?: Factor;
}

type Config = {
  readonly factor: Factor;
  readonly kernelSize: Size;
  readonly sigma: Factor;
  readonly valueRange: Range;
};

/** What lies outside counts as 0, as in Keras. Input and output `[batch, height, width, channels]`. */
export const randomGaussianBlur: RandomLayer<RandomGaussianBlurOptions, Config, 'across' | 'down'> = randomLayer({
  className: 'RandomGaussianBlur',
  options: ['factor', 'kernelSize', 'sigma', 'valueRange'],
  configure: ({ factor = 1, kernelSize = 3, sigma = 1, valueRange }, where) => ({
    factor: checkFactor(where, 'factor', factor, { min: 0, max: 1 }),
    kernelSize: checkOdd(where, kernelSize),
    sigma: checkFactor(where, 'sigma', sigma, { min: 0, max: 1 }),
    valueRange: checkValueRange(where, valueRange),
  }),
  draws: () => 3,
  parameters(draws, { factor, sigma }) {
    const isBlurred = greater(probability(factor), draws.next());
    const deviation = () => choose(isBlurred, add(draws.next(fromZero(sigma)), sharp), sharp);
    return { across: deviation(), down: deviation() };
  },
  pixels(x, { across, down }, { kernelSize, valueRange }) {
    const [rows, columns] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    return clip(filterPictures(x, gaussian(down, rows), gaussian(across, columns)), ...valueRange);
  },
});

/** A deviation of which all neighbours get the weight 0. */
const sharp = 1e-6;

/** e^(−½ (d / σ)²) for the distances of `count` pixels to the middle one, by their sum: `[batch, count]`. */
function gaussian(deviation: Value, count: number): Value {
  const distance = subtract(counted(deviation.graph as Graph, count), (count - 1) / 2);
  const curve = exp(multiply(square(divide(distance, reshapeTo(deviation, [batchAxis, 1]))), -0.5));
  return divide(curve, sum(curve, 1, 1, 'yes'));
}

function checkOdd(where: string, size: unknown): Size {
  const both = Array.isArray(size) && size.length === 2 ? size : [size, size];
  if (both.every((one) => Number.isInteger(one) && one >= 1 && one % 2 === 1)) return size as Size;
  throw new OptionError(
    `${where}: kernelSize must be an odd whole number, or two [down, across], received ${show(size)}.`,
  );
}
