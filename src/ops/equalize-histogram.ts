/**
 * Equalization of histograms, each channel of each picture for itself; values are from 0 to 255.
 *
 * - `equalizeHistogram`, as Keras's layer `Equalization`: the bin of a value v is ⌊v · (bins − 1) / 255⌋, and v becomes
 *   255 · (c(bin) − c₀) / (c_last − c₀), rounded, where c counts the values up to a bin and c₀ is the first count that is not 0.
 *   A channel of one bin stays as it is.
 * - `clahe`, contrast limited adaptive equalization (K. Zuiderveld, "Contrast Limited Adaptive Histogram Equalization", Graphics
 *   Gems IV, 1994), with the details of OpenCV's `createCLAHE`: each of tilesDown × tilesAcross tiles has a table 255 · c / area
 *   of 256 levels, rounded; before counting up, what a level has above max(⌊clipLimit · area / 256⌋, 1) is dealt out evenly over
 *   all levels, the remainder one by one in equal steps. A pixel's level is looked up in the tables of the four nearest tiles and
 *   weighed by its distances to their middles. Where tiles do not divide a picture, it is continued by `mirror`. The result is
 *   not rounded.
 */
import { OptionError } from '../core/errors.ts';
import { elementCount } from '../core/shape.ts';
import { applyOne, defineOp, float, int, type OpDefinition, type Value } from './op.ts';
import { checkPictures } from './sampling.ts';

const equalizeFields = { bins: int };
const claheFields = { tilesDown: int, tilesAcross: int, clipLimit: float };

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

export const equalizeHistogram: OpDefinition<typeof equalizeFields> = defineOp({
  fields: equalizeFields,
  infer([x], { bins }, where) {
    checkPictures(x!, where);
    if (!isWithin(bins, 2, 65_536)) {
      throw new OptionError(`${where}: expected from 2 to 65536 bins, received ${bins}.`);
    }
    return [{ shape: x!.shape, dtype: 'float32' }];
  },
  flops: (_, [y]) => 2 * elementCount(y!.shape),
});

export const clahe: OpDefinition<typeof claheFields> = defineOp({
  fields: claheFields,
  infer([x], { tilesDown, tilesAcross, clipLimit }, where) {
    checkPictures(x!, where);
    if (!isWithin(tilesDown, 1, 64) || !isWithin(tilesAcross, 1, 64) || !(clipLimit >= 0)) {
      throw new OptionError(
        `${where}: expected from 1 to 64 tiles down and across and a clip limit from 0, ` +
          `received ${tilesDown}×${tilesAcross} and ${clipLimit}.`,
      );
    }
    return [{ shape: x!.shape, dtype: 'float32' }];
  },
  flops: (_, [y]) => 9 * elementCount(y!.shape),
});

/**
 * Pictures with equalized histograms, by the formula of Keras's `Equalization`.
 *
 * @param x pictures `[batch, height, width, channels]` of values from 0 to 255, uint8 or float32; the result is float32
 * @throws OptionError for fewer than 2 bins or more than 65536
 */
export function equalizePictures(x: Value, bins = 256): Value {
  return applyOne('equalizeHistogram', [x], { bins });
}

/** The options of `equalizeLocally`. */
export interface ClaheOptions {
  /** Tiles down and across; default [8, 8]. */
  readonly tiles?: readonly [down: number, across: number];
  /** How many times the mean a level may have in a tile's histogram; 0 sets no limit. Default 40, OpenCV's. */
  readonly clipLimit?: number;
}

/**
 * Pictures with histograms equalized tile by tile, with limited contrast.
 *
 * @param x pictures `[batch, height, width, channels]` of values from 0 to 255, uint8 or float32; the result is float32
 * @throws OptionError for a number of tiles outside 1 to 64, or a negative limit
 */
export function equalizeLocally(x: Value, { tiles = [8, 8], clipLimit = 40 }: ClaheOptions = {}): Value {
  return applyOne('clahe', [x], { tilesDown: tiles[0], tilesAcross: tiles[1], clipLimit });
}
