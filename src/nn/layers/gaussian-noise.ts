/** GaussianNoise: in training, adds normal numbers with mean 0. */
import { checkNumber } from '../../core/options.ts';
import { add, drawRandom, multiply } from '../../ops/elementwise.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `gaussianNoise`. */
export interface GaussianNoiseOptions {
  /** The noise's standard deviation, not negative. */
  stddev: number;
}

/** The output has the input's shape. The noise is drawn from (seed, layer, step, element): it is never stored. */
export const gaussianNoise: LayerDefinition<GaussianNoiseOptions, GaussianNoiseOptions> = {
  className: 'GaussianNoise',
  options: ['stddev'],
  configure: ({ stddev }, where) => ({ stddev: checkNumber(where, 'stddev', stddev, { min: 0 }) }),
  call({ graph, config: { stddev }, inputs: [x], training, randomStream }) {
    if (!training || stddev === 0) return x!;
    return add(x!, multiply(drawRandom(graph, 'randomNormal', x!.shape, randomStream), stddev));
  },
};
