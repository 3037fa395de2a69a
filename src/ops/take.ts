/** Examples picked by their numbers, as NumPy's `take` along the first axis: the partners of MixUp and CutMix. The one op by which
 * examples of a batch meet each other. */
import { ShapeError } from '../core/errors.ts';
import { formatShape } from '../core/shape.ts';
import { applyOne, defineOp, type OpDefinition, type Value } from './op.ts';

/** Inputs: x, and the numbers of the examples. Numbers outside x count as those of its first or last example. */
export const take: OpDefinition<Record<never, never>> = defineOp({
  fields: {},
  infer([x, indices], _, where) {
    if (x!.shape.length === 0 || indices!.shape.length !== 1 || indices!.dtype !== 'int32') {
      throw new ShapeError(
        `${where}: expected an array with a first axis, and int32 numbers [count] of its examples, received ` +
          `${formatShape(x!.shape)} and ${indices!.dtype} ${formatShape(indices!.shape)}.`,
      );
    }
    return [{ shape: [indices!.shape[0]!, ...x!.shape.slice(1)], dtype: x!.dtype }];
  },
});

/**
 * The examples of `x` whose numbers are `indices`, in their order; the element type stays.
 *
 * @param indices int32 `[count]`, or `[batch]`; numbers outside are held within 0 and the number of examples less 1
 * @throws ShapeError where the indices are no int32 numbers in one row
 */
export function takeExamples(x: Value, indices: Value): Value {
  return applyOne('take', [x, indices], {});
}
