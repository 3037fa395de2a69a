/** What a cross-validation comes to, as plain data: each fold, means with intervals over folds, and all answers together. */
import type { EpochRow } from '../comparison/comparison.ts';
import type { ExampleResults } from '../comparison/example-results.ts';
import { type MeanInterval, meanInterval } from '../comparison/mean-interval.ts';
import { metricValue, type SharedMetricName, sharedMetricNames } from '../comparison/shared-metrics.ts';
import { largestOf } from '../nn/metrics/metric.ts';
import { type EvaluationSummary, summarizeEvaluation } from './evaluation.ts';

/** What a fold holds out. */
export interface HeldOut {
  readonly pictures: number;
  /** From how many sources, where that is known. */
  readonly groups?: number;
}

/** One fold. */
export interface FoldSummary {
  /** Counted from 1. */
  readonly number: number;
  readonly heldOut: HeldOut;
  readonly epochs: number;
  /** Counted from 1. */
  readonly bestEpoch?: number;
  /** Of all epochs together. */
  readonly seconds: number;
  /** Of the best epoch's model; none where the fold failed. */
  readonly values?: Readonly<Record<SharedMetricName, number>>;
  /** Accuracy on the held-out pictures after the last epoch, where it was measured. */
  readonly lastAccuracy?: number;
  readonly failure?: string;
  readonly remark?: string;
  readonly history: readonly EpochRow[];
}

/** All folds together. */
export interface CrossValidation {
  readonly classNames: readonly string[];
  /** Folds that were asked for. */
  readonly planned: number;
  readonly folds: readonly FoldSummary[];
  /** Means over folds with Student's intervals, of the best epochs' models. */
  readonly values: Readonly<Record<SharedMetricName, MeanInterval>>;
  /** Of the accuracies after the last epochs, where every fold has one. */
  readonly lastAccuracy?: MeanInterval;
  /** All held-out pictures together, each answered by the model that did not learn from it. */
  readonly pooled: EvaluationSummary;
  /** By which number the best epochs were chosen. */
  readonly monitor: string;
  readonly parameterCount?: number;
}

/** What is known of a trained fold. */
export interface TrainedFold {
  readonly number: number;
  readonly heldOut: HeldOut;
  readonly bestEpoch?: number;
  readonly seconds: number;
  readonly history: readonly EpochRow[];
  readonly results?: ExampleResults;
  readonly failure?: string;
  readonly remark?: string;
  readonly parameterCount?: number;
}

/** What `summarizeFolds` reads. */
export interface FoldsInput {
  readonly folds: readonly TrainedFold[];
  /** Of all folds with results. */
  readonly predictions: {
    readonly classNames: readonly string[];
    readonly trueClasses: readonly number[];
    readonly probabilities: Float32Array;
  };
  /** Pictures of each class. */
  readonly counts: readonly number[];
  readonly planned: number;
  readonly monitor: string;
}

/** Sums up folds of which at least one has results. @throws DataError where none has */
export function summarizeFolds({ folds, predictions, counts, planned, monitor }: FoldsInput): CrossValidation {
  const summaries = folds.map(summarizeFold);
  const finished = summaries.flatMap(({ values }) => (values ? [values] : []));
  const last = summaries.flatMap(({ values, lastAccuracy }) =>
    values && lastAccuracy !== undefined ? [lastAccuracy] : [],
  );
  const { classNames, trueClasses, probabilities } = predictions;
  const predictedClasses = trueClasses.map((_, row) => largestOf(probabilities, row, classNames.length));
  const [parameterCount] = folds.flatMap((fold) => fold.parameterCount ?? []);
  return {
    classNames,
    planned,
    folds: summaries,
    values: byMetric((name) => meanInterval(finished.map((values) => values[name]))),
    ...(last.length === finished.length && { lastAccuracy: meanInterval(last) }),
    pooled: summarizeEvaluation({ classNames, trueClasses, predictedClasses, trainingCounts: counts }),
    monitor,
    ...(parameterCount !== undefined && { parameterCount }),
  };
}

function summarizeFold({ results, parameterCount: _, ...fold }: TrainedFold): FoldSummary {
  const lastAccuracy = fold.history.at(-1)?.['val_accuracy'];
  return {
    ...fold,
    epochs: fold.history.length,
    ...(results && { values: byMetric((name) => metricValue(name, results)) }),
    ...(lastAccuracy !== undefined && { lastAccuracy }),
  };
}

function byMetric<Value>(measure: (name: SharedMetricName) => Value): Record<SharedMetricName, Value> {
  return Object.fromEntries(sharedMetricNames.map((name) => [name, measure(name)])) as Record<SharedMetricName, Value>;
}
