/** Softmax as a layer of its own, over any axis. */
import { checkNumber } from '../../core/options.ts';
import { activation } from '../activations/table.ts';
import { resolveAxis } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `softmax`. */
export interface SoftmaxOptions {
  /** The axis whose values sum to 1; default -1, the last one. */
  axis?: number;
}

/** The output has the input's shape. */
export const softmax: LayerDefinition<SoftmaxOptions, Required<SoftmaxOptions>> = {
  className: 'Softmax',
  options: ['axis'],
  configure: ({ axis = -1 }, where) => ({ axis: checkNumber(where, 'axis', axis, { integer: true }) }),
  weights({ axis }, inputShape, where) {
    resolveAxis(where, axis, inputShape);
    return {};
  },
  call: ({ config: { axis }, inputs: [x] }) => activation({ name: 'softmax', config: { axis } })(x!),
};
