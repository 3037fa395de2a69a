/** Names over-fitting where the curves show it. The rule is stated here once, and in words in the report. */
import type { HistoryRow } from './run-record.ts';

/** The curves part after this epoch. */
export interface OverFitting {
  /** The epoch with the lowest validation loss. */
  bestEpoch: number;
  bestLoss: number;
  /** Mean validation loss of the last epochs (at most three, all after the best one). */
  lateLoss: number;
}

/** Epochs at the end that are averaged, so that one bad epoch is not called a trend. */
const lateEpochs = 3;
/** How much higher the validation loss must be than it was at its best. */
const riseNeeded = 1.1;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Over-fitting: at least two epochs follow the one with the lowest validation loss, the mean validation loss of the last
 * ones (at most three) is more than a tenth above that lowest, and their mean training loss is below the training loss of
 * that epoch. Undefined where the curves do not show it.
 */
export function findOverFitting(history: readonly HistoryRow[]): OverFitting | undefined {
  const rows = history.filter(({ loss, val_loss }) => Number.isFinite(loss) && Number.isFinite(val_loss));
  let best = 0;
  for (const [index, row] of rows.entries()) if (row.val_loss! < rows[best]!.val_loss!) best = index;
  const late = rows.slice(best + 1).slice(-lateEpochs);
  if (late.length < 2) return undefined;
  const { epoch: bestEpoch, loss: trainingLoss = 0, val_loss: bestLoss = 0 } = rows[best]!;
  const lateLoss = mean(late.map(({ val_loss }) => val_loss!));
  const lateTrainingLoss = mean(late.map(({ loss }) => loss!));
  return lateLoss > bestLoss * riseNeeded && lateTrainingLoss < trainingLoss
    ? { bestEpoch, bestLoss, lateLoss }
    : undefined;
}
