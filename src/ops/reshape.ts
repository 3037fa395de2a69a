/** Reshape: the same memory under another shape. It costs nothing at run time. */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, hasBatch, type Shape } from '../core/shape.ts';
import { applyOne, defineOp, type OpDefinition, shape, type Value } from './op.ts';

const fields = { shape };

export const reshape: OpDefinition<typeof fields> = defineOp({
  fields,
  role: 'alias',
  infer([x], attributes, where) {
    const target = attributes.shape;
    if (hasBatch(x!.shape) !== hasBatch(target) || elementCount(x!.shape) !== elementCount(target)) {
      throw new ShapeError(
        `${where}: expected a shape with as many elements as ${formatShape(x!.shape)}, received ${formatShape(target)}.`,
      );
    }
    return [{ shape: target, dtype: x!.dtype }];
  },
  gradient: ({ inputs, gradients }) => [gradients[0] && reshapeTo(gradients[0], inputs[0]!.shape)],
});

/** `x` under another shape. */
export function reshapeTo(x: Value, target: Shape): Value {
  return applyOne('reshape', [x], { shape: target });
}
