/** What a metric is: something counted over the examples of an epoch, on the host. */
import type { TypedArray } from '../../core/dtype.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { PartDefinition } from '../part.ts';

/**
 * Counts batches and tells the result.
 *
 * @example
 * const farthest = (): Metric => {
 *   let most = 0;
 *   return {
 *     name: 'farthest',
 *     reset: () => void (most = 0),
 *     update: (targets, predictions) => {
 *       predictions.data.forEach((p, place) => (most = Math.max(most, Math.abs(p - targets.data[place]))));
 *     },
 *     result: () => most,
 *   };
 * };
 * model.compile({ loss: 'mse', metrics: [farthest] });
 */
export interface Metric {
  readonly name: string;
  /** Which way it gets better, for callbacks that monitor it; the names of Keras's metrics tell by themselves. */
  readonly direction?: 'up' | 'down';
  /** True where it is given the weights of examples: a metric of `weightedMetrics`. */
  readonly isWeighted?: boolean;
  /** Which output of the network it looks at; default the first. */
  readonly output?: number;
  /** Starts again at nothing. */
  reset(): void;
  /**
   * @param targets as the loss sees them: `[batch, …]` in the shape of the predictions, class numbers as one-hot rows
   * @param weights of the examples, where they count differently
   */
  update(targets: Tensor, predictions: Tensor, weights?: Float32Array): void;
  /** One number, or one for each class or threshold. */
  result(): number | readonly number[];
}

/** A metric that has no name yet. */
export type Counter = Pick<Metric, 'reset' | 'update' | 'result'>;

/** Makes a fresh counter for outputs of a shape, `[batch, …]`. */
export type CounterMaker = (outputShape: Shape) => Counter;

/** Options that all metrics have. */
export interface NameOption {
  /** In logs and histories; default: the metric's own. */
  name: string | null;
}

/** A kind of metric. A new one is one of these in a file, and a row in the table. */
export interface MetricDefinition<Options extends object> extends PartDefinition<Options & NameOption, CounterMaker> {
  readonly direction: 'up' | 'down';
}

/** Gives a metric its name option. @param direction which way it gets better */
export function defineMetric<Options extends object>(
  defaults: Options,
  make: (options: Options & NameOption, where: string) => CounterMaker,
  direction: 'up' | 'down' = 'up',
): MetricDefinition<Options> {
  return { defaults: { ...defaults, name: null }, make, direction };
}

/** Rows of a batch: of `[batch, …, width]`, each one the width of the last axis. */
export interface Rows {
  readonly targets: TypedArray;
  readonly predictions: TypedArray;
  readonly count: number;
  readonly width: number;
  /** The weight of a row: that of its example. */
  weight(row: number): number;
}

/** A batch as rows. */
export function rowsOf(targets: Tensor, predictions: Tensor, weights?: Float32Array): Rows {
  const { shape, data } = predictions;
  const width = shape.length > 1 ? shape.at(-1)! : 1;
  const count = data.length / Math.max(1, width);
  const rowsOfExample = count / Math.max(1, shape[0]!);
  const weight = weights ? (row: number) => weights[Math.floor(row / rowsOfExample)]! : () => 1;
  return { targets: targets.data, predictions: data, count, width, weight };
}

/** The place of the largest number of a row, counted within it; of equal ones the first. */
export function largestOf(data: TypedArray, row: number, width: number): number {
  const start = row * width;
  let best = start;
  for (let place = start + 1; place < start + width; place++) if (data[place]! > data[best]!) best = place;
  return best - start;
}

/** A metric that is the weighted mean of a number for each row. @param perRow gets the row's first place */
export function meanOverRows(perRow: (rows: Rows, row: number) => number): CounterMaker {
  return () => {
    let total = 0;
    let weight = 0;
    return {
      reset() {
        total = 0;
        weight = 0;
      },
      update(targets, predictions, weights) {
        const rows = rowsOf(targets, predictions, weights);
        for (let row = 0; row < rows.count; row++) {
          const share = rows.weight(row);
          total += share * perRow(rows, row);
          weight += share;
        }
      },
      result: () => divide(total, weight),
    };
  };
}

/** The quotient, and 0 where nothing was counted. */
export function divide(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
