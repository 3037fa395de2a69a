/** Permute: the axes of an example in another order. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { transposeAxes } from '../../ops/transpose.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `permute`. */
export interface PermuteOptions {
  /** For each axis of the output, which axis of the input it is, counted from 1 (the batch stays): `[2, 1]` exchanges rows and
   * columns. */
  dims: readonly number[];
}

/** Input `[batch, …]`, output `[batch, …]` with axes in the new order. */
export const permute: LayerDefinition<PermuteOptions, PermuteOptions> = {
  className: 'Permute',
  options: ['dims'],
  configure({ dims }, where) {
    const isOrder = Array.isArray(dims) && dims.length > 0 && dims.every((_, place) => dims.includes(place + 1));
    if (isOrder) return { dims: [...dims] };
    throw new OptionError(`${where}: dims must hold each axis from 1 on once, as [2, 1], received ${show(dims)}.`);
  },
  weights({ dims }, inputShape, where) {
    if (dims.length === inputShape.length - 1) return {};
    throw new ShapeError(
      `${where}: expected an input with the ${dims.length} axes of dims after the batch, received ${formatShape(inputShape)}.`,
    );
  },
  call: ({ config: { dims }, inputs: [x] }) => transposeAxes(x!, [0, ...dims]),
};
