/** Losses by their Keras names. A new one is a row here. */
import { checkName } from '../../core/options.ts';
import { binaryCrossentropy } from './binary-crossentropy.ts';
import { categoricalCrossentropy } from './categorical-crossentropy.ts';
import type { Loss } from './loss.ts';
import { meanSquaredError } from './mean-squared-error.ts';
import { meanSquaredLogarithmicError } from './mean-squared-logarithmic-error.ts';
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.ts';

const rows = {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  meanSquaredError,
  meanSquaredLogarithmicError,
};

/** The names that `loss` takes. */
export type LossName = keyof typeof rows;

/** All names. */
export const lossNames: readonly LossName[] = Object.keys(rows) as LossName[];

/** The loss of a name. */
export function lossOf(name: LossName): Loss {
  return rows[name];
}

/** Checks a loss's name. @throws OptionError naming the nearest one */
export function checkLoss(where: string, name: string): LossName {
  return checkName(where, 'loss', name, lossNames);
}
