/** LeakyReLU: x above 0, a small multiple of x below (Maas et al., 2013). */
import { checkNumber } from '../../core/options.ts';
import { leakyRelu } from '../activations/functions.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `leakyReLU`. */
export interface LeakyReLUOptions {
  /** The multiple, not negative; default 0.3. */
  negativeSlope?: number;
}

/** The output has the input's shape. */
export const leakyReLU: LayerDefinition<LeakyReLUOptions, Required<LeakyReLUOptions>> = {
  className: 'LeakyReLU',
  options: ['negativeSlope'],
  configure: ({ negativeSlope = 0.3 }, where) => ({
    negativeSlope: checkNumber(where, 'negativeSlope', negativeSlope, { min: 0 }),
  }),
  call: ({ config: { negativeSlope }, inputs: [x] }) => leakyRelu(x!, negativeSlope),
};
