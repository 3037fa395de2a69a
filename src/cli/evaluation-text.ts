/** An evaluation as text: the classification report, the accuracy with its interval, and the confusion matrix. */
import { formatClassificationReport } from '../runs/classification-report.ts';
import type { EvaluationSummary } from '../runs/evaluation.ts';
import { alignColumns } from './text-table.ts';

/** `87.3 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** The accuracy with its interval and the baseline, in a sentence. */
export function describeAccuracy({ accuracy, right, pictures, interval, baseline }: EvaluationSummary): string {
  return (
    `Accuracy ${formatShare(accuracy)} (${right} of ${pictures}; 95 % interval ${formatShare(interval.low)} to ${formatShare(interval.high)}). ` +
    `Always answering ${baseline.className} gives ${formatShare(baseline.accuracy)}.`
  );
}

/** Counts, with what the pictures are on the left and what the model said on top. */
export function formatConfusionMatrix(matrix: readonly (readonly number[])[], classNames: readonly string[]): string {
  const head = ['true \\ predicted', ...classNames];
  const rows = matrix.map((row, index) => [classNames[index]!, ...row.map(String)]);
  return alignColumns(
    [head, ...rows],
    classNames.map((_, index) => index + 1),
  );
}

/** All of it. */
export function formatEvaluation(summary: EvaluationSummary): string {
  const names = summary.report.classes.map(({ name }) => name);
  return `${formatClassificationReport(summary.report)}\n${formatConfusionMatrix(summary.confusionMatrix, names)}\n${describeAccuracy(summary)}\n`;
}
