/** An evaluation as text: the classification report, the accuracy with its interval, and the confusion matrix. */
import { formatClassificationReport } from '../nn/metrics/classification-report.ts';
import type { EvaluationSummary } from '../runs/evaluation.ts';
import type { EvaluationReport } from '../runs/report-data.ts';
import { shownName } from './terminal.ts';
import { alignColumns } from './text-table.ts';

/** `87.3 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** An evaluation, and whether the model was trained on these pictures where that is known. */
type Evaluation = EvaluationSummary & Partial<Pick<EvaluationReport, 'seen'>>;

/** The accuracy with its interval and the baseline, in a sentence; a second one where training saw these pictures. */
export function describeAccuracy({ accuracy, right, pictures, interval, baseline, seen }: Evaluation): string {
  const caution =
    seen === 'training'
      ? ' These are the pictures it was trained on: the accuracy on others is not known and likely lower.'
      : '';
  return (
    `Accuracy ${formatShare(accuracy)} (${right} of ${pictures}; 95 % interval ${formatShare(interval.low)} to ${formatShare(interval.high)}). ` +
    `Always answering ${shownName(baseline.className)} gives ${formatShare(baseline.accuracy)}.${caution}`
  );
}

/** Counts, with what the pictures are on the left and what the model said on top. */
export function formatConfusionMatrix(matrix: readonly (readonly number[])[], classNames: readonly string[]): string {
  const names = classNames.map((name) => shownName(name));
  const head = ['true \\ predicted', ...names];
  const rows = matrix.map((row, index) => [names[index]!, ...row.map(String)]);
  return alignColumns(
    [head, ...rows],
    classNames.map((_, index) => index + 1),
  );
}

/** All of it. */
export function formatEvaluation(summary: Evaluation): string {
  const names = summary.report.classes.map(({ name }) => name);
  const classes = summary.report.classes.map((row) => ({ ...row, name: shownName(row.name) }));
  return `${formatClassificationReport({ ...summary.report, classes })}\n${formatConfusionMatrix(summary.confusionMatrix, names)}\n${describeAccuracy(summary)}\n`;
}
