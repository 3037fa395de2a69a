/** A cross-validation in words: the cells of its table and its sentences, for the terminal and the page alike. */
import { formatMean, formatTime } from '../comparison/comparison-text.ts';
import type { MeanInterval } from '../comparison/mean-interval.ts';
import type { CrossValidation, FoldSummary } from './cross-validation.ts';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The table: a row for each fold, then the means. */
export function foldTable({ folds, values, lastAccuracy, pooled }: CrossValidation): {
  head: string[];
  rows: string[][];
} {
  const hasGroups = folds.some(({ heldOut }) => heldOut.groups !== undefined);
  const hasLast = folds.some((fold) => fold.lastAccuracy !== undefined);
  const head = [
    'fold',
    'held out',
    ...(hasGroups ? ['groups'] : []),
    'accuracy',
    'macro-F1',
    'log-loss',
    'best epoch',
    ...(hasLast ? ['accuracy at the end'] : []),
    'time',
  ];
  const rowOf = ({ number, heldOut, values: own, bestEpoch, epochs, lastAccuracy: last, seconds }: FoldSummary) => [
    String(number),
    String(heldOut.pictures),
    ...(hasGroups ? [String(heldOut.groups ?? '–')] : []),
    ...(own ? [percent(own.accuracy), percent(own.macroF1), own.logLoss.toPrecision(3)] : ['failed', '–', '–']),
    `${bestEpoch ?? '–'} of ${epochs}`,
    ...(hasLast ? [last === undefined ? '–' : percent(last)] : []),
    formatTime(seconds),
  ];
  const groups = folds.reduce((sum, { heldOut }) => sum + (heldOut.groups ?? 0), 0);
  const means = [
    'mean',
    String(pooled.pictures),
    ...(hasGroups ? [String(groups)] : []),
    formatMean('accuracy', values.accuracy),
    formatMean('macroF1', values.macroF1),
    formatMean('logLoss', values.logLoss),
    '',
    ...(hasLast ? [lastAccuracy ? formatMean('accuracy', lastAccuracy) : '–'] : []),
    formatTime(folds.reduce((sum, { seconds }) => sum + seconds, 0)),
  ];
  return { head, rows: [...folds.map(rowOf), means] };
}

function range({ low, high }: MeanInterval): string {
  return low === undefined || high === undefined
    ? ''
    : ` (95 % interval ${percent(Math.max(0, low))} to ${percent(Math.min(1, high))})`;
}

/** The result in a sentence. */
export function describeFolds({ values, folds, planned, pooled }: CrossValidation): string {
  const { accuracy } = values;
  const done = accuracy.n < planned ? `${accuracy.n} of ${planned} folds` : `${planned} folds`;
  const groups = folds.reduce((sum, { heldOut }) => sum + (heldOut.groups ?? 0), 0);
  const from = groups > 0 ? ` from ${groups} groups` : '';
  return (
    `Mean accuracy of ${done}: ${percent(accuracy.mean)}${range(accuracy)}, on pictures that the models did not learn from ` +
    `(${pooled.pictures}${from}). Always answering ${pooled.baseline.className} gives ${percent(pooled.baseline.accuracy)}.`
  );
}

/** What to know before the numbers are relied on. */
export function foldCautions(summary: CrossValidation, isGrouped: boolean): string[] {
  const { monitor, lastAccuracy, folds, planned, values } = summary;
  const chosen =
    `Each fold's epoch was chosen by ${monitor} on the pictures that it is judged by, which flatters it a little` +
    (lastAccuracy
      ? `; without a choice, after the last epochs, the mean is ${percent(lastAccuracy.mean)}${range(lastAccuracy)}.`
      : '.');
  const failed = folds.filter((fold) => !fold.values).map(({ number }) => number);
  return [
    ...(values.accuracy.n < planned
      ? [
          `${planned - values.accuracy.n} of ${planned} folds are not among these numbers${failed.length > 0 ? ` (failed: ${failed.join(', ')})` : ''}.`,
        ]
      : []),
    ...(monitor.startsWith('val_') ? [chosen] : []),
    ...(isGrouped
      ? []
      : [
          'Pictures were dealt out one by one: where several show the same subject, the models were asked about subjects that they ' +
            'had learned, and the accuracy on new ones is lower. Use --split grouped or --group-by.',
        ]),
    'Folds share most of their training pictures, so that the interval is rather too narrow.',
  ];
}
