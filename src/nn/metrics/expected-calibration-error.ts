/** How far stated confidence is from the share of right answers. */
import { checkNumber } from '../../core/options.ts';
import { defineMetric, divide, largestOf, type MetricDefinition, rowsOf } from './metric.ts';

/** Options of the expected calibration error. */
export interface CalibrationOptions {
  /** Bins of equal width for the confidence; default 15. */
  bins: number;
}

/**
 * Σ |B| / n · |accuracy(B) − mean confidence(B)| over bins B of the largest probability. One output p is confident of yes by
 * p and of no by 1 − p. Source: C. Guo et al., "On calibration of modern neural networks", 2017.
 */
export const expectedCalibrationError: MetricDefinition<CalibrationOptions> = defineMetric(
  { bins: 15 },
  ({ bins }, where) => {
    checkNumber(where, 'bins', bins, { integer: true, min: 1 });
    return () => {
      const weightSums = new Float64Array(bins);
      const confidenceSums = new Float64Array(bins);
      const rightSums = new Float64Array(bins);
      return {
        reset() {
          for (const sums of [weightSums, confidenceSums, rightSums]) sums.fill(0);
        },
        update(givenTargets, givenPredictions, weights) {
          const rows = rowsOf(givenTargets, givenPredictions, weights);
          const { targets, predictions, count, width } = rows;
          for (let row = 0; row < count; row++) {
            const answer = largestOf(predictions, row, width);
            const probability = predictions[row * width + answer]!;
            const isYes = probability > 0.5;
            const confidence = width === 1 && !isYes ? 1 - probability : probability;
            const isRight = width === 1 ? isYes === targets[row]! > 0.5 : answer === largestOf(targets, row, width);
            // A bin holds what is above its lower end, up to its upper one.
            const bin = Math.min(Math.max(Math.ceil(confidence * bins) - 1, 0), bins - 1);
            const weight = rows.weight(row);
            weightSums[bin]! += weight;
            confidenceSums[bin]! += weight * confidence;
            if (isRight) rightSums[bin]! += weight;
          }
        },
        result() {
          const total = weightSums.reduce((sum, weight) => sum + weight, 0);
          const gap = confidenceSums.reduce((sum, confidence, bin) => sum + Math.abs(confidence - rightSums[bin]!), 0);
          return divide(gap, total);
        },
      };
    };
  },
  'down',
);
