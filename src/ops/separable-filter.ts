/**
 * Filters along rows and columns, other weights for each example: y[i, j] = Σ_u Σ_v down[u] · across[v] · x[i + u − r, j + v − s],
 * where r and s are the middles of the two rows of weights. As convolutions of networks do, it does not turn the weights around.
 * Blurring by Gauss's curve is such a filter, and so is the smoothing of elastic displacements.
 */
import { ShapeError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import { applyOne, defineOp, type OpDefinition, type Value, type ValueType } from './op.ts';
import { checkPictures, type FillMode, samplingFields } from './sampling.ts';

const fields = { fillMode: samplingFields.fillMode };

function isWeights({ shape, dtype }: ValueType, batch: number): boolean {
  return shape.length === 2 && shape[0] === batch && shape[1]! % 2 === 1 && dtype === 'float32';
}

/** Inputs: the pictures, the weights down, [batch, odd], and across, [batch, odd]. `constant` continues with zeros. */
export const separableFilter: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, down, across], _, where) {
    checkPictures(x!, where);
    const batch = x!.shape[0]!;
    if (!isWeights(down!, batch) || !isWeights(across!, batch)) {
      throw new ShapeError(
        `${where}: expected an odd number of float32 weights down and across for each picture, received ` +
          `${down!.dtype} ${formatShape(down!.shape)} and ${across!.dtype} ${formatShape(across!.shape)}.`,
      );
    }
    return [{ shape: x!.shape, dtype: 'float32' }];
  },
  flops: ([, down, across], [y]) => 2 * elementCount(y!.shape) * (down!.shape[1]! + across!.shape[1]!),
});

/**
 * Pictures filtered down their columns and across their rows.
 *
 * @param x pictures `[batch, height, width, channels]`, uint8 or float32; the result is float32
 * @param down weights over neighbours above and below, `[batch, k]` with odd k, the middle one for the pixel itself
 * @param across weights over neighbours to the left and right, `[batch, k]`; another k than that of `down` is allowed
 * @param fillMode what lies outside the picture (`sampling.ts`), zeros by default: `'constant'`
 * @throws ShapeError where the shapes do not fit
 */
export function filterPictures(x: Value, down: Value, across: Value, fillMode: FillMode = 'constant'): Value {
  return applyOne('separableFilter', [x, down, across], { fillMode });
}
