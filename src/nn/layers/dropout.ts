/** Dropout: in training, sets a share of the values to zero and scales up the rest (Srivastava et al., 2014; inverted). */
import { checkNumber } from '../../core/options.ts';
import { drawRandom, greaterEqual, multiply } from '../../ops/elementwise.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `dropout`. */
export interface DropoutOptions {
  /** The share that is dropped, from 0 to below 1. */
  rate: number;
}

/** The output has the input's shape. The mask is drawn from (seed, layer, step, element): it is never stored. */
export const dropout: LayerDefinition<DropoutOptions, DropoutOptions> = {
  className: 'Dropout',
  options: ['rate'],
  configure(options, where) {
    return { rate: checkNumber(where, 'rate', options.rate, { min: 0, max: 1, exclusive: 'max' }) };
  },
  call({ graph, config: { rate }, inputs: [x], training, randomStream }) {
    if (!training || rate === 0) return x!;
    const drawn = drawRandom(graph, 'randomUniform', x!.shape, randomStream);
    return multiply(x!, multiply(greaterEqual(drawn, rate), 1 / (1 - rate)));
  },
};
