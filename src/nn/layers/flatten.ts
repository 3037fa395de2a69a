/** Flatten: a picture as one row of numbers. */
import { elementCount } from '../../core/shape.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import type { LayerDefinition } from './layer.ts';

/** Input `[batch, …]`, output `[batch, product of the rest]`. */
export const flatten: LayerDefinition<object, object> = {
  className: 'Flatten',
  options: [],
  configure: () => ({}),
  call: ({ inputs: [x] }) => reshapeTo(x!, [x!.shape[0]!, elementCount(x!.shape.slice(1))]),
};
