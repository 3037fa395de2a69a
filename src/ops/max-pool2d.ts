/** Max pooling over windows of a picture. The second output holds, for each window, which of its places was largest
 * (a byte, row-major within the window, the first one at equal values), so the gradient needs no picture. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { type AttributesOf, applyOne, defineOp, int, type OpDefinition, type Value } from './op.ts';
import { windowFields, windowOutput } from './window.ts';

const fields = { ...windowFields, poolHeight: int, poolWidth: int };
const gradientFields = { ...fields, height: int, width: int };

/** Padding never wins: places outside the picture count as −∞. */
export const maxPool2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x], attributes, where) {
    const { poolHeight, poolWidth } = attributes;
    if (x!.shape.length !== 4) {
      throw new ShapeError(
        `${where}: expected pictures [batch, height, width, channels], received ${formatShape(x!.shape)}.`,
      );
    }
    if (poolHeight * poolWidth > 256) {
      throw new OptionError(
        `${where}: expected a pool window of at most 256 places, received ${poolHeight}×${poolWidth}.`,
      );
    }
    const [height, width] = windowOutput(x!.shape, [poolHeight, poolWidth], attributes, where);
    const shape = [x!.shape[0]!, height, width, x!.shape[3]!];
    return [
      { shape, dtype: 'float32' },
      { shape, dtype: 'uint8' },
    ];
  },
  gradient({ inputs: [x], outputs: [, largest], gradients: [dy], attributes }) {
    if (!dy) return [];
    const [, height, width] = x!.shape as [number, number, number, number];
    return [applyOne('maxPool2dGradient', [dy, largest!], { ...attributes, height, width })];
  },
  flops: (_, [y], { poolHeight, poolWidth }) => elementCount(y!.shape) * poolHeight * poolWidth,
});

/** Inputs: dy and the places of the largest values. Overlapping windows add up. */
export const maxPool2dGradient: OpDefinition<typeof gradientFields> = defineOp({
  fields: gradientFields,
  infer: ([dy], { height, width }) => [{ shape: [dy!.shape[0]!, height, width, dy!.shape[3]!], dtype: 'float32' }],
  flops: ([dy]) => elementCount(dy!.shape),
});

/** The largest value of each window. */
export function maxPool(x: Value, attributes: AttributesOf<typeof fields>): Value {
  return applyOne('maxPool2d', [x], attributes);
}
