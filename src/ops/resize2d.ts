/**
 * Resizing of pictures, as TensorFlow's and Keras's `image.resize`. Pixels are squares: along each axis output i of `size` lies
 * at s = (i + ½) · length / size − ½ of an input of `length` pixels.
 *
 * - `nearest`: the pixel ⌊(i + ½) · length / size⌋.
 * - `bilinear` and `bicubic`: Σ k((s − p) / w) · x[p] / Σ k((s − p) / w) over the pixels p of the input, where k(d) is 1 − |d|
 *   for |d| < 1, or Keys's cubic with a = −½ (R. G. Keys, "Cubic convolution interpolation", 1981): 1.5|d|³ − 2.5d² + 1 for
 *   |d| < 1 and −0.5|d|³ + 2.5d² − 4|d| + 2 for |d| < 2. The width w is 1; with `antialias` it is length / size where that is
 *   more, so that all pixels count when pictures become smaller. At the edge this is the same as repeating the last pixel for
 *   `bilinear`.
 */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { asFloat } from './elementwise.ts';
import { type AttributesOf, applyOne, choice, defineOp, int, type OpDefinition, type Value } from './op.ts';

/** Ways to find a value between pixels. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic';

const fields = {
  height: int,
  width: int,
  interpolation: choice('nearest', 'bilinear', 'bicubic'),
  antialias: choice('no', 'yes'),
};

/** `height` and `width` are those of the result. */
export const resize2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x], { height, width }, where) {
    if (x!.shape.length !== 4 || !(height >= 1) || !(width >= 1)) {
      throw new ShapeError(
        `${where}: expected pictures [batch, height, width, channels] to resize, and a size from 1×1, ` +
          `received ${formatShape(x!.shape)} and ${height}×${width}.`,
      );
    }
    return [{ shape: [x!.shape[0]!, height, width, x!.shape[3]!], dtype: 'float32' }];
  },
  gradient({ inputs: [x], gradients: [dy], attributes }) {
    const [, height, width] = x!.shape as [number, number, number, number];
    return [dy && applyOne('resize2dGradient', [dy], { ...attributes, height, width })];
  },
  flops: ([x], [y], attributes) => elementCount(y!.shape) * pixelsMet(x!.shape, y!.shape, attributes),
});

/** Input: dy. `height` and `width` are those of the picture that was resized. */
export const resize2dGradient: OpDefinition<typeof fields> = defineOp({
  fields,
  infer: ([dy], { height, width }) => [{ shape: [dy!.shape[0]!, height, width, dy!.shape[3]!], dtype: 'float32' }],
  gradient({ inputs: [dy], gradients: [g], attributes }) {
    const [, height, width] = dy!.shape as [number, number, number, number];
    return [g && applyOne('resize2d', [g], { ...attributes, height, width })];
  },
  flops: ([dy], [dx], attributes) => elementCount(dy!.shape) * pixelsMet(dx!.shape, dy!.shape, attributes),
});

/** Operations for one pixel of the result: a multiply-add for each pixel that counts. */
function pixelsMet(from: readonly number[], to: readonly number[], attributes: AttributesOf<typeof fields>): number {
  const { interpolation, antialias } = attributes;
  const reach = { nearest: 0.5, bilinear: 1, bicubic: 2 }[interpolation];
  const widened = antialias === 'yes' && interpolation !== 'nearest';
  const along = (axis: number) =>
    Math.min(2 * reach * (widened ? Math.max(from[axis]! / to[axis]!, 1) : 1), from[axis]!);
  return 2 * Math.round(along(1) * along(2));
}

/** Pictures in another size. */
export function resize(
  x: Value,
  [height, width]: readonly [height: number, width: number],
  interpolation: Interpolation = 'bilinear',
  antialias = false,
): Value {
  return applyOne('resize2d', [asFloat(x)], { height, width, interpolation, antialias: antialias ? 'yes' : 'no' });
}
