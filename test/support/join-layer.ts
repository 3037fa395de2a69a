/** A layer that adds its inputs, for tests of wiring that need no other layer. */
import { type LayerFactory, layerFactory } from '../../src/nn/layers/layer.ts';
import { add } from '../../src/ops/elementwise.ts';

export const joinLayer: LayerFactory = layerFactory<object, object>({
  className: 'Join',
  options: [],
  takesList: true,
  configure: () => ({}),
  call: ({ inputs: [first, ...others] }) => others.reduce((sum, next) => add(sum, next), first!),
});
