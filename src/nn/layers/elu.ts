/** ELU: x above 0, alpha · (eˣ − 1) below (Clevert et al., 2015). */
import { checkNumber } from '../../core/options.ts';
import { elu as eluOf } from '../activations/functions.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `elu`. */
export interface EluOptions {
  /** What the output goes to for very small x, with its sign turned; default 1. */
  alpha?: number;
}

/** The output has the input's shape. */
export const elu: LayerDefinition<EluOptions, Required<EluOptions>> = {
  className: 'ELU',
  options: ['alpha'],
  configure: ({ alpha = 1 }, where) => ({ alpha: checkNumber(where, 'alpha', alpha) }),
  call: ({ config: { alpha }, inputs: [x] }) => eluOf(x!, alpha),
};
