/** Accuracy in Keras's forms. `accuracy` is resolved as Keras 3 does: binary for one output, else by the largest output
 * (class numbers are one-hot rows by then). The binary form counts each output by itself, so over one-hot rows it is
 * higher than the share of pictures that are right: Keras 2 chose it for binary cross-entropy, and course notes that
 * compare losses by it compare different things. Ask for `binaryAccuracy` to see that number. */
import { checkNumber } from '../../core/options.ts';
import { defineMetric, largestOf, type MetricDefinition, meanOverRows, type Rows } from './metric.ts';

/** Options of the binary accuracy. */
export interface BinaryAccuracyOptions {
  /** Predictions above it are a yes; default 0.5. */
  threshold: number;
}

/** Options of the accuracy of the k largest. */
export interface TopKOptions {
  /** How many of the largest outputs may hold the right class; default 5. */
  k: number;
}

function binaryOf(threshold: number) {
  // Predictions are float32, and so must be what they are compared with.
  const bound = Math.fround(threshold);
  return ({ targets, predictions, width }: Rows, row: number): number => {
    let right = 0;
    for (let place = row * width; place < (row + 1) * width; place++) {
      if ((predictions[place]! > bound ? 1 : 0) === targets[place]!) right++;
    }
    return right / width;
  };
}

function isLargest({ targets, predictions, width }: Rows, row: number): number {
  return largestOf(targets, row, width) === largestOf(predictions, row, width) ? 1 : 0;
}

/** The share of outputs on the right side of the threshold (one exactly there counts as no). Source:
 * `keras.metrics.BinaryAccuracy`. */
export const binaryAccuracy: MetricDefinition<BinaryAccuracyOptions> = defineMetric(
  { threshold: 0.5 },
  ({ threshold }, where) => {
    checkNumber(where, 'threshold', threshold, { min: 0, max: 1 });
    return meanOverRows(binaryOf(threshold));
  },
);

/** The share of examples whose largest output stands where the target's does. Source: `keras.metrics.CategoricalAccuracy`. */
export const categoricalAccuracy: MetricDefinition<object> = defineMetric({}, () => meanOverRows(isLargest));

/** The form of accuracy that Keras 3 takes for outputs of this shape. */
export const accuracy: MetricDefinition<object> = defineMetric({}, () => (outputShape) => {
  const isSingle = outputShape.length < 2 || outputShape.at(-1) === 1;
  return meanOverRows(isSingle ? binaryOf(0.5) : isLargest)(outputShape);
});

/** The share of examples whose right class is among the k largest outputs. Outputs as large as the right one do not push
 * it out. Source: `keras.metrics.TopKCategoricalAccuracy`. */
export const topKCategoricalAccuracy: MetricDefinition<TopKOptions> = defineMetric({ k: 5 }, ({ k }, where) => {
  checkNumber(where, 'k', k, { integer: true, min: 1 });
  return meanOverRows(({ targets, predictions, width }, row) => {
    const right = predictions[row * width + largestOf(targets, row, width)]!;
    let larger = 0;
    for (let place = row * width; place < (row + 1) * width; place++) if (predictions[place]! > right) larger++;
    return larger < k ? 1 : 0;
  });
});
