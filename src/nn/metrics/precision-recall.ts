/** Precision and recall, over all outputs or of one class. */
import { checkNumber } from '../../core/options.ts';
import { type CounterMaker, defineMetric, type MetricDefinition, rowsOf } from './metric.ts';
import { checkThresholds, countRows, noAnswer, ThresholdCounts } from './threshold-counts.ts';

/** Options of precision and recall. */
export interface PrecisionRecallOptions {
  /** Predictions above it are a yes; a list gives a result for each. Default null: 0.5, or none with `topK`. */
  thresholds: number | readonly number[] | null;
  /** The k largest outputs of each example are its answers; default null: all are. */
  topK: number | null;
  /** Count this class alone; default null: all. */
  classId: number | null;
}

const defaults: PrecisionRecallOptions = { thresholds: null, topK: null, classId: null };

function shareOf(kind: 'precision' | 'recall') {
  return ({ thresholds, topK, classId }: PrecisionRecallOptions, where: string): CounterMaker => {
    const list = thresholds === null ? [topK === null ? 0.5 : noAnswer] : checkThresholds(where, thresholds);
    if (topK !== null) checkNumber(where, 'topK', topK, { integer: true, min: 1 });
    if (classId !== null) checkNumber(where, 'classId', classId, { integer: true, min: 0 });
    return (outputShape) => {
      if (classId !== null) {
        checkNumber(where, 'classId', classId, { max: outputShape.length < 2 ? 0 : outputShape.at(-1)! - 1 });
      }
      const counts = new ThresholdCounts(list);
      return {
        reset: () => counts.reset(),
        update: (targets, predictions, weights) =>
          countRows(counts, rowsOf(targets, predictions, weights), { classId, topK }),
        result() {
          const shares = counts[kind]();
          return shares.length === 1 ? shares[0]! : shares;
        },
      };
    };
  };
}

/**
 * Of the answers "yes", the share that was right: tp / (tp + fp). Source: `keras.metrics.Precision`.
 *
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: [metrics.precision({ thresholds: 0.7 })] });
 */
export const precision: MetricDefinition<PrecisionRecallOptions> = defineMetric(defaults, shareOf('precision'));

/** Of what is a yes, the share that was found: tp / (tp + fn). Source: `keras.metrics.Recall`. */
export const recall: MetricDefinition<PrecisionRecallOptions> = defineMetric(defaults, shareOf('recall'));
