/** Names over-fitting where the curves show it. The rules are stated here once, and in words in the reports. */
import type { HistoryRow } from './run-record.ts';

/** The curves part. */
export interface OverFitting {
  /** `rising`: the validation loss has gone up again. `gap`: it has stayed, while the training loss went on falling. */
  kind: 'rising' | 'gap';
  /** From this epoch on. */
  fromEpoch: number;
  /** The epoch with the lowest validation loss. */
  bestEpoch: number;
  bestLoss: number;
  /** Mean validation loss of the last epochs (at most three; of `rising`, all after the best one). */
  lateLoss: number;
  /** Training loss of the epoch before `fromEpoch`, and its mean over the last epochs. */
  trainingLoss: number;
  lateTrainingLoss: number;
  /** Validation loss less training loss, then and in the last epochs. */
  gap: number;
  lateGap: number;
}

/** Epochs at the end that are averaged, so that one bad epoch is not called a trend. */
const lateEpochs = 3;
/** How much higher the validation loss must be than it was at its best. */
const riseNeeded = 1.1;
/** Below this many epochs a validation loss that stays has not stayed for long. */
const leastForGap = 6;
/** In the second half the best validation loss must be at least this share of the first half's best, */
const stays = 0.95;
/** the training loss at most this share of what it was, */
const falls = 0.7;
/** and the gap so many times what it was. */
const gapGrowth = 1.5;

type Row = { epoch: number; loss: number; val_loss: number };

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function bestOf(rows: readonly Row[]): number {
  let best = 0;
  for (const [index, row] of rows.entries()) if (row.val_loss < rows[best]!.val_loss) best = index;
  return best;
}

/** What both kinds tell: `from` is the place of the last epoch before the curves part. */
function describe(kind: OverFitting['kind'], rows: readonly Row[], from: number, late: readonly Row[]): OverFitting {
  const best = rows[bestOf(rows)]!;
  const before = rows[from]!;
  const lateLoss = mean(late.map((row) => row.val_loss));
  const lateTrainingLoss = mean(late.map((row) => row.loss));
  return {
    kind,
    fromEpoch: rows[from + 1]!.epoch,
    bestEpoch: best.epoch,
    bestLoss: best.val_loss,
    lateLoss,
    trainingLoss: before.loss,
    lateTrainingLoss,
    gap: before.val_loss - before.loss,
    lateGap: lateLoss - lateTrainingLoss,
  };
}

/**
 * Over-fitting, where the curves show it in one of two ways.
 *
 * `rising`: at least two epochs follow the one with the lowest validation loss, the mean validation loss of the last ones (at
 * most three) is more than a tenth above that lowest, and their mean training loss is below the training loss of that epoch.
 *
 * `gap`: of at least six epochs, the second half brings the best validation loss down by less than a twentieth, while the
 * training loss falls by 30 % or more and the gap between the two, which is then larger than the training loss itself, grows
 * by half or more.
 */
export function findOverFitting(history: readonly HistoryRow[]): OverFitting | undefined {
  const rows = history.filter(
    (row): row is HistoryRow & Row => Number.isFinite(row['loss']) && Number.isFinite(row['val_loss']),
  );
  return findRising(rows) ?? findGap(rows);
}

function findRising(rows: readonly Row[]): OverFitting | undefined {
  const best = bestOf(rows);
  const late = rows.slice(best + 1).slice(-lateEpochs);
  if (late.length < 2) return undefined;
  const found = describe('rising', rows, best, late);
  return found.lateLoss > found.bestLoss * riseNeeded && found.lateTrainingLoss < found.trainingLoss
    ? found
    : undefined;
}

function findGap(rows: readonly Row[]): OverFitting | undefined {
  if (rows.length < leastForGap) return undefined;
  const from = Math.ceil(rows.length / 2) - 1;
  const bestLoss = (part: readonly Row[]) => Math.min(...part.map((row) => row.val_loss));
  if (bestLoss(rows.slice(from + 1)) < stays * bestLoss(rows.slice(0, from + 1))) return undefined;
  const found = describe('gap', rows, from, rows.slice(-lateEpochs));
  const { gap, lateGap, trainingLoss, lateTrainingLoss } = found;
  const isWide = lateGap > lateTrainingLoss && lateGap >= gapGrowth * gap;
  return isWide && lateTrainingLoss <= falls * trainingLoss ? found : undefined;
}
