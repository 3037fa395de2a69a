/** Average pooling over windows of a picture. */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { asFloat } from './elementwise.ts';
import { type AttributesOf, applyOne, defineOp, int, type OpDefinition, type Value } from './op.ts';
import { windowFields, windowOutput } from './window.ts';

const fields = { ...windowFields, poolHeight: int, poolWidth: int };
const gradientFields = { ...fields, height: int, width: int };

/** The mean of each window's places that lie in the picture: padding counts for nothing, as in TensorFlow. */
export const averagePool2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x], attributes, where) {
    if (x!.shape.length !== 4) {
      throw new ShapeError(
        `${where}: expected pictures to average, [batch, height, width, channels], received ${formatShape(x!.shape)}.`,
      );
    }
    const { poolHeight, poolWidth } = attributes;
    const [height, width] = windowOutput(x!.shape, [poolHeight, poolWidth], attributes, where);
    return [{ shape: [x!.shape[0]!, height, width, x!.shape[3]!], dtype: 'float32' }];
  },
  gradient({ inputs: [x], gradients: [dy], attributes }) {
    const [, height, width] = x!.shape as [number, number, number, number];
    return [dy && applyOne('averagePool2dGradient', [dy], { ...attributes, height, width })];
  },
  flops: (_, [y], { poolHeight, poolWidth }) => elementCount(y!.shape) * poolHeight * poolWidth,
});

/** Input: dy. Each place of the picture gets its share of the windows that it lies in. */
export const averagePool2dGradient: OpDefinition<typeof gradientFields> = defineOp({
  fields: gradientFields,
  infer: ([dy], { height, width }) => [{ shape: [dy!.shape[0]!, height, width, dy!.shape[3]!], dtype: 'float32' }],
  gradient: ({ gradients: [g], attributes: { height: _h, width: _w, ...attributes } }) => [
    g && averagePool(g, attributes),
  ],
  flops: ([dy], _, { poolHeight, poolWidth }) => elementCount(dy!.shape) * poolHeight * poolWidth,
});

/** The mean of each window: `windowFor` gives strides and paddings. */
export function averagePool(x: Value, attributes: AttributesOf<typeof fields>): Value {
  return applyOne('averagePool2d', [asFloat(x)], attributes);
}
