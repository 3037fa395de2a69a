/** ReLU: 0 below a threshold, with an upper bound and a slope below where they are asked for. */
import { checkNumber } from '../../core/options.ts';
import { add, clip, greater, minimum, multiply, relu, subtract, where } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { leakyRelu, relu6 } from '../activations/functions.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `reLU`, named as in Keras. None may be negative. */
export interface ReLUOptions {
  /** The largest output; default: none. */
  maxValue?: number;
  /** Below the threshold the output is negativeSlope · (x − threshold); default 0. */
  negativeSlope?: number;
  /** From here down the output is 0; default 0. */
  threshold?: number;
}

type Config = Required<Pick<ReLUOptions, 'negativeSlope' | 'threshold'>> & Pick<ReLUOptions, 'maxValue'>;

/** The output has the input's shape. */
export const reLU: LayerDefinition<ReLUOptions, Config> = {
  className: 'ReLU',
  options: ['maxValue', 'negativeSlope', 'threshold'],
  configure({ maxValue, negativeSlope = 0, threshold = 0 }, place) {
    return {
      ...(maxValue !== undefined &&
        maxValue !== null && { maxValue: checkNumber(place, 'maxValue', maxValue, { min: 0 }) }),
      negativeSlope: checkNumber(place, 'negativeSlope', negativeSlope, { min: 0 }),
      threshold: checkNumber(place, 'threshold', threshold, { min: 0 }),
    };
  },
  call({ config: { maxValue, negativeSlope, threshold }, inputs: [x] }) {
    if (threshold === 0 && maxValue === undefined) return negativeSlope === 0 ? relu(x!) : leakyRelu(x!, negativeSlope);
    const positive = bounded(above(x!, threshold), maxValue, threshold);
    if (negativeSlope === 0) return positive;
    return add(positive, multiply(minimum(0, subtract(x!, threshold)), negativeSlope));
  },
};

/** x above the threshold, else 0. */
function above(x: Value, threshold: number): Value {
  return threshold === 0 ? relu(x) : where(greater(x, threshold), x, 0);
}

/** Keras takes ReLU6 where it can, which is flat at its bound; other bounds pass the gradient there. */
function bounded(x: Value, maxValue: number | undefined, threshold: number): Value {
  if (maxValue === undefined) return x;
  return maxValue === 6 && threshold === 0 ? relu6(x) : clip(x, 0, maxValue);
}
