/** A part of an array, and an array as a part of a larger one: each is the gradient of the other. */
import { ShapeError } from '../core/errors.ts';
import { batchAxis, formatShape, type Shape } from '../core/shape.ts';
import { asFloat } from './elementwise.ts';
import { applyOne, axes, defineOp, float, type OpDefinition, shape, type Value } from './op.ts';

const sliceFields = { start: axes, shape };
const padFields = { start: axes, shape, value: float };

/** Throws where an array of shape `part` does not lie, from `start` on, within one of shape `whole`. */
function checkPart(part: Shape, start: readonly number[], whole: Shape, where: string): void {
  const isInside = part.every((size, axis) => {
    const first = start[axis] ?? -1;
    if (whole[axis] === batchAxis) return size === batchAxis && first === 0;
    return size > 0 && first >= 0 && first + size <= whole[axis]!;
  });
  if (isInside && part.length === whole.length && start.length === whole.length) return;
  throw new ShapeError(
    `${where}: expected a part that lies within the whole, with the whole batch, received ${formatShape(part)} ` +
      `from [${start.join(', ')}] on within ${formatShape(whole)}.`,
  );
}

/** The part of the given shape that begins at the places `start`. */
export const slice: OpDefinition<typeof sliceFields> = defineOp({
  fields: sliceFields,
  infer([x], { start, shape: part }, where) {
    checkPart(part, start, x!.shape, where);
    return [{ shape: part, dtype: 'float32' }];
  },
  gradient: ({ inputs: [x], gradients: [dy], attributes: { start } }) => [
    dy && applyOne('pad', [dy], { start, shape: x!.shape, value: 0 }),
  ],
});

/** An array of the given shape that holds the input from the places `start` on, and `value` elsewhere. */
export const pad: OpDefinition<typeof padFields> = defineOp({
  fields: padFields,
  infer([x], { start, shape: whole }, where) {
    checkPart(x!.shape, start, whole, where);
    return [{ shape: whole, dtype: 'float32' }];
  },
  gradient: ({ inputs: [x], gradients: [dy], attributes: { start } }) => [dy && sliceOf(dy, start, x!.shape)],
});

/** The part of `x` that begins at the places `start` and has the sizes `part`. The batch axis stays whole: it starts at 0 and
 * has the size `batchAxis`. */
export function sliceOf(x: Value, start: readonly number[], part: Shape): Value {
  return applyOne('slice', [asFloat(x)], { start, shape: part });
}

/** `x` with `value` before and after it along each axis: `margins` holds a pair for each axis, [0, 0] where there is none. */
export function padWith(x: Value, margins: readonly (readonly [before: number, after: number])[], value = 0): Value {
  const grown = (size: number, axis: number) => {
    const [before, after] = margins[axis] ?? [0, 0];
    return size === batchAxis && before + after === 0 ? size : size + before + after;
  };
  const start = x.shape.map((_, axis) => margins[axis]?.[0] ?? 0);
  return applyOne('pad', [asFloat(x)], { start, shape: x.shape.map(grown), value });
}
