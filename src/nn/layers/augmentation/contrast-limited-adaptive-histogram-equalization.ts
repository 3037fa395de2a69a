/** ContrastLimitedAdaptiveHistogramEqualization, CLAHE: contrast made equal from region to region, as uneven light in a
 * microscope asks for. */
import { OptionError } from '../../../core/errors.ts';
import { checkNumber, show } from '../../../core/options.ts';
import { equalizeLocally } from '../../../ops/equalize-histogram.ts';
import { checkValueRange } from './picture-options.ts';
import type { RandomLayer } from './random-layer.ts';
import { checkShare, type ShareConfig, type ShareOption, someOrAll } from './some-or-all.ts';

/** Options of `contrastLimitedAdaptiveHistogramEqualization`. */
export interface ContrastLimitedAdaptiveHistogramEqualizationOptions extends ShareOption {
  /** How many times the mean a value may have in a tile's histogram, which limits how much noise is amplified; 0 sets no limit.
   * Default 4. */
  clipLimit?: number;
  /** Tiles `[down, across]`, 1 … 64 each; default `[8, 8]`. */
  tileGridSize?: readonly [down: number, across: number];
}

type Config = ShareConfig & {
  readonly clipLimit: number;
  readonly tileGridSize: readonly [down: number, across: number];
};

/** `ops.clahe` has the details. Input and output `[batch, height, width, channels]`. */
export const contrastLimitedAdaptiveHistogramEqualization: RandomLayer<
  ContrastLimitedAdaptiveHistogramEqualizationOptions,
  Config,
  'isChosen'
> = someOrAll({
  className: 'ContrastLimitedAdaptiveHistogramEqualization',
  options: ['valueRange', 'clipLimit', 'tileGridSize', 'factor'],
  configure: ({ valueRange, clipLimit = 4, tileGridSize = [8, 8], factor }, where) => ({
    valueRange: checkValueRange(where, valueRange),
    clipLimit: checkNumber(where, 'clipLimit', clipLimit, { min: 0 }),
    tileGridSize: checkTiles(where, tileGridSize),
    ...checkShare(where, factor),
  }),
  change: (x, { clipLimit, tileGridSize }) => equalizeLocally(x, { tiles: tileGridSize, clipLimit }),
});

function checkTiles(where: string, tiles: unknown): readonly [down: number, across: number] {
  const isTiles = (one: unknown) => Number.isInteger(one) && (one as number) >= 1 && (one as number) <= 64;
  if (Array.isArray(tiles) && tiles.length === 2 && tiles.every(isTiles)) return [tiles[0], tiles[1]];
  throw new OptionError(
    `${where}: tileGridSize must be two whole numbers from 1 to 64, [down, across], received ${show(tiles)}.`,
  );
}
