/** Concatenate: inputs one behind the other along an axis, by default channels behind channels. */
import { ShapeError } from '../../core/errors.ts';
import { checkNumber } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { concatenateAll } from '../../ops/concatenate.ts';
import type { Value } from '../../ops/op.ts';
import { resolveAxis } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `concatenate`. */
export interface ConcatenateOptions {
  /** Default -1, the last one. */
  axis?: number;
}

/** Inputs `[batch, …]` with equal sizes but along the axis; the output has the sum of their sizes there. */
export const concatenate: LayerDefinition<ConcatenateOptions, Required<ConcatenateOptions>> = {
  className: 'Concatenate',
  options: ['axis'],
  takesList: true,
  configure: ({ axis = -1 }, where) => ({ axis: checkNumber(where, 'axis', axis, { integer: true }) }),
  weights({ axis }, inputShape, where, inputShapes) {
    const along = resolveAxis(where, axis, inputShape);
    const isAlike = inputShapes.every(
      (shape) =>
        shape.length === inputShape.length &&
        shape.every((size, place) => place === along || size === inputShape[place]),
    );
    if (isAlike) return {};
    throw new ShapeError(
      `${where}: expected inputs of equal sizes but along axis ${axis}, received ${inputShapes.map(formatShape).join(', ')}.`,
    );
  },
  call: ({ config: { axis }, inputs }) => concatenateAll(inputs as readonly [Value, ...Value[]], axis),
};
