/** Transposing: the axes of an array in another order. */
import { OptionError } from '../core/errors.ts';
import { formatShape, hasBatch } from '../core/shape.ts';
import { asFloat } from './elementwise.ts';
import { applyOne, axes, defineOp, type OpDefinition, type Value } from './op.ts';

const fields = { permutation: axes };

/** Axis i of the output is axis permutation[i] of the input. */
export const transpose: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x], { permutation }, where) {
    const isPermutation = x!.shape.every((_, axis) => permutation.includes(axis));
    const keepsBatch = !hasBatch(x!.shape) || permutation[0] === 0;
    if (permutation.length !== x!.shape.length || !isPermutation || !keepsBatch) {
      throw new OptionError(
        `${where}: expected each axis of ${formatShape(x!.shape)} once, the batch first, received [${permutation.join(', ')}].`,
      );
    }
    return [{ shape: permutation.map((axis) => x!.shape[axis]!), dtype: 'float32' }];
  },
  gradient: ({ gradients: [dy], attributes: { permutation } }) => [
    dy &&
      transposeAxes(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
});

/** `x` with its axes in another order: axis i of the result is axis permutation[i] of `x`. The batch axis stays first. */
export function transposeAxes(x: Value, permutation: readonly number[]): Value {
  return applyOne('transpose', [asFloat(x)], { permutation });
}
