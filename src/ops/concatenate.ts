/** Concatenating: arrays one behind the other along an axis. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { formatShape, hasBatch } from '../core/shape.ts';
import { asFloat } from './elementwise.ts';
import { applyOne, defineOp, int, type OpDefinition, type Value } from './op.ts';
import { sliceOf } from './slice.ts';

const fields = { axis: int };

/** Inputs: one or more arrays with equal sizes but along `axis`. */
export const concatenate: OpDefinition<typeof fields> = defineOp({
  fields,
  infer(inputs, { axis }, where) {
    const { shape } = inputs[0]!;
    const first = hasBatch(shape) ? 1 : 0;
    if (!(axis >= first && shape[axis] !== undefined)) {
      throw new OptionError(
        `${where}: expected an axis from ${first} to ${shape.length - 1} to put arrays together, received ${axis}.`,
      );
    }
    for (const other of inputs) {
      const fits = (size: number, place: number) => place === axis || size === shape[place];
      if (other.shape.length !== shape.length || !other.shape.every(fits)) {
        throw new ShapeError(
          `${where}: expected arrays that differ along axis ${axis} only, received ${formatShape(shape)} and ${formatShape(other.shape)}.`,
        );
      }
    }
    const size = inputs.reduce((total, input) => total + input.shape[axis]!, 0);
    return [{ shape: shape.with(axis, size), dtype: 'float32' }];
  },
  gradient({ inputs, gradients: [dy], attributes: { axis } }) {
    let start = 0;
    return inputs.map(({ shape }) => {
      const part =
        dy &&
        sliceOf(
          dy,
          dy.shape.map((_, place) => (place === axis ? start : 0)),
          shape,
        );
      start += shape[axis]!;
      return part;
    });
  },
});

/** Arrays one behind the other along an axis other than the batch; −1 is the last axis. */
export function concatenateAll(inputs: readonly [Value, ...Value[]], axis: number = -1): Value {
  const [first, ...rest] = inputs;
  return applyOne('concatenate', [asFloat(first), ...rest.map(asFloat)], {
    axis: axis < 0 ? axis + first.shape.length : axis,
  });
}
