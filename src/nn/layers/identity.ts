/** Identity: the input as it is. */
import type { LayerDefinition } from './layer.ts';

/** The output is the input. */
export const identity: LayerDefinition<object, object> = {
  className: 'Identity',
  options: [],
  configure: () => ({}),
  call: ({ inputs: [x] }) => x!,
};
