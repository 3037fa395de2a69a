/**
 * Affine and projective transforms of pictures, one for each example, as Keras's `ops.image.affine_transform`: a transform
 * [a0, a1, a2, b0, b1, b2, c0, c1] says where each pixel of the result comes from. The pixel at column x and row y is read at
 * column (a0 · x + a1 · y + a2) / k and row (b0 · x + b1 · y + b2) / k with k = c0 · x + c1 · y + 1; `sampling.ts` says how.
 */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { applyOne, defineOp, int, type OpDefinition, type Value } from './op.ts';
import { checkPictures, type SamplingOptions, samplingFields, samplingFlops, samplingOf } from './sampling.ts';

const fields = {
  height: int,
  width: int,
  ...samplingFields,
};

/** Inputs: the pictures, and a transform for each, [batch, 8]. `height` and `width` are those of the result. */
export const affineTransform: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, transforms], { height, width, outputType }, where) {
    checkPictures(x!, where);
    const [batch, , , channels] = x!.shape as [number, number, number, number];
    const isFit = transforms!.shape.length === 2 && transforms!.shape[0] === batch && transforms!.shape[1] === 8;
    if (!isFit || transforms!.dtype !== 'float32' || !(height >= 1) || !(width >= 1)) {
      throw new ShapeError(
        `${where}: expected a transform of 8 numbers for each picture, float32 ${formatShape([batch, 8])}, and a size ` +
          `from 1×1, received ${transforms!.dtype} ${formatShape(transforms!.shape)} and ${height}×${width}.`,
      );
    }
    return [{ shape: [batch, height, width, channels], dtype: outputType }];
  },
  flops: (_, [y], { interpolation }) => elementCount(y!.shape) * samplingFlops(interpolation),
});

/** What `transformPictures` can be told. */
export interface AffineTransformOptions extends SamplingOptions {
  /** Height and width of the result; default those of the pictures. */
  readonly size?: readonly [height: number, width: number];
}

/**
 * Pictures after a transform each.
 *
 * @param x pictures `[batch, height, width, channels]`, uint8 or float32; the result is float32
 * @param transforms `[batch, 8]`: a0, a1, a2, b0, b1, b2, c0, c1, from places of the result to places of `x`
 * @throws ShapeError where the shapes do not fit
 */
export function transformPictures(x: Value, transforms: Value, options: AffineTransformOptions = {}): Value {
  const { size, ...sampling } = options;
  const [height, width] = size ?? [x.shape[1]!, x.shape[2]!];
  return applyOne('affineTransform', [x, transforms], { height, width, ...samplingOf(sampling) });
}
