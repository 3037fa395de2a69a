/**
 * Colours of pictures changed by what is given for each picture, in one pass; results are held within `low` and `high`.
 *
 * - `mixChannels`: y[k] = Σ_j m[k, j] · x[j] + m[k, channels] of the channels x[j] of a pixel: greyness, inversion, brightness.
 * - `adjustHsv`: hues turned and saturations multiplied in the hexcone of hue, saturation and value (A. R. Smith, "Color gamut
 *   transform pairs", 1978), where values begin at `low`. With the largest channel v above `low` and the chroma c, which is what
 *   the smallest one is below it, the saturation c / v becomes min(c / v · times, 1), and the hue h, in sixths of a turn, h + 6 ·
 *   turn: red, green and blue are v − c · min(max(min(k, 4 − k), 0), 1) with k = (n + h) mod 6 for n = 5, 3 and 1.
 */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { applyOne, defineOp, float, type OpDefinition, type Value } from './op.ts';
import { checkPictures } from './sampling.ts';

const fields = { low: float, high: float };

/** Inputs: the pictures, and the weights m for each, [batch, channels of the result, channels + 1]. */
export const mixChannels: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, weights], _, where) {
    checkPictures(x!, where);
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const { shape, dtype } = weights!;
    if (shape.length !== 3 || shape[0] !== batch || shape[2] !== channels + 1 || dtype !== 'float32') {
      throw new ShapeError(
        `${where}: expected float32 weights [batch, any, ${channels + 1}] for pictures of ${channels} channels, ` +
          `received ${dtype} ${formatShape(shape)}.`,
      );
    }
    return [{ shape: [batch, height, width, shape[1]!], dtype: 'float32' }];
  },
  flops: ([x], [y]) => 2 * elementCount(y!.shape) * x!.shape[3]!,
});

/** Inputs: the pictures, of three channels, and for each what saturations are multiplied by and hues turned by, [batch, 2]. */
export const adjustHsv: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, changes], _, where) {
    checkPictures(x!, where);
    const { shape, dtype } = changes!;
    if (x!.shape[3] !== 3 || shape.length !== 2 || shape[0] !== x!.shape[0] || shape[1] !== 2 || dtype !== 'float32') {
      throw new ShapeError(
        `${where}: expected pictures of 3 channels and two float32 numbers for each, received ` +
          `${formatShape(x!.shape)} and ${dtype} ${formatShape(shape)}.`,
      );
    }
    return [{ shape: x!.shape, dtype: 'float32' }];
  },
  flops: (_, [y]) => 10 * elementCount(y!.shape),
});

/** What results are held within. */
export interface ColorBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Each pixel's channels mixed.
 *
 * @param x pictures `[batch, height, width, channels]`, uint8 or float32; the result is float32
 * @param weights `[batch, k, channels + 1]`: a row for each of the k channels of the result, with what is added in the end
 * @throws ShapeError where the shapes do not fit
 */
export function mixPictures(x: Value, weights: Value, { low, high }: ColorBounds): Value {
  return applyOne('mixChannels', [x, weights], { low, high });
}

/**
 * Colours of another saturation and hue.
 *
 * @param x pictures `[batch, height, width, 3]` of values from `low` on, uint8 or float32; the result is float32
 * @param changes `[batch, 2]`: what saturations are multiplied by, and how many turns hues turn
 * @throws ShapeError where the shapes do not fit
 */
export function recolorPictures(x: Value, changes: Value, { low, high }: ColorBounds): Value {
  return applyOne('adjustHsv', [x, changes], { low, high });
}
