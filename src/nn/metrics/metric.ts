/** What a metric is: something counted over the examples of an epoch, on the host. */
import type { Tensor } from '../../core/tensor.ts';

/** Counts batches and tells the result. */
export interface Metric {
  readonly name: string;
  /** Which way it gets better, for callbacks that monitor it; the names of Keras's metrics tell by themselves. */
  readonly direction?: 'up' | 'down';
  /** Starts again at nothing. */
  reset(): void;
  /** @param targets as the loss sees them: `[batch, …]` in the shape of the predictions */
  update(targets: Tensor, predictions: Tensor, weights?: Float32Array): void;
  result(): number;
}

/** A metric that is the weighted mean of a number per example. */
export function meanMetric(
  name: string,
  perExample: (targets: Tensor, predictions: Tensor, example: number, width: number) => number,
): Metric {
  let total = 0;
  let weight = 0;
  return {
    name,
    reset() {
      total = 0;
      weight = 0;
    },
    update(targets, predictions, weights) {
      const count = predictions.shape[0]!;
      const width = predictions.data.length / Math.max(1, count);
      for (let example = 0; example < count; example++) {
        const share = weights?.[example] ?? 1;
        total += share * perExample(targets, predictions, example, width);
        weight += share;
      }
    },
    result: () => (weight === 0 ? 0 : total / weight),
  };
}
