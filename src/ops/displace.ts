/** Pictures of which each pixel is read at a place of its own, as elastic deformation needs it: the pixel at (row, column) of the
 * result is read at (row + dy, column + dx); `sampling.ts` says how. */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, sameShape } from '../core/shape.ts';
import { applyOne, defineOp, type OpDefinition, type Value } from './op.ts';
import { checkPictures, type SamplingOptions, samplingFields, samplingFlops, samplingOf } from './sampling.ts';

/** Inputs: the pictures, and [dy, dx] in pixels for each pixel. */
export const displace: OpDefinition<typeof samplingFields> = defineOp({
  fields: samplingFields,
  infer([x, offsets], { outputType }, where) {
    checkPictures(x!, where);
    const expected = [...x!.shape.slice(0, 3), 2];
    if (offsets!.dtype !== 'float32' || !sameShape(offsets!.shape, expected)) {
      throw new ShapeError(
        `${where}: expected two numbers, down and to the right, for each pixel, float32 ${formatShape(expected)}, ` +
          `received ${offsets!.dtype} ${formatShape(offsets!.shape)}.`,
      );
    }
    return [{ shape: x!.shape, dtype: outputType }];
  },
  flops: (_, [y], { interpolation }) => elementCount(y!.shape) * samplingFlops(interpolation),
});

/**
 * Pictures whose pixels moved.
 *
 * @param x pictures `[batch, height, width, channels]`, uint8 or float32; the result is float32
 * @param offsets `[batch, height, width, 2]`: how far down and to the right of a pixel its value is read, in pixels
 * @throws ShapeError where the shapes do not fit
 */
export function displacePictures(x: Value, offsets: Value, options: SamplingOptions = {}): Value {
  return applyOne('displace', [x, offsets], samplingOf(options));
}
