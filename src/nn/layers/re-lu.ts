/** ReLU: 0 below a threshold, with an upper bound and a slope below where they are asked for. */
import { checkNumber } from '../../core/options.ts';
import { reluWith } from '../activations/functions.ts';
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
  call: ({ config, inputs: [x] }) => reluWith(x!, config),
};
