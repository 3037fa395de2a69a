/** The means of an epoch so far: loss and metrics over examples, as Keras prints them. */
import type { Metric } from '../nn/metrics/metric.ts';
import type { StepResult } from './trainer.ts';

/** Adds up steps. */
export class EpochMeans {
  readonly #metrics: readonly Metric[];
  #loss = 0;
  #examples = 0;

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics;
    for (const metric of metrics) metric.reset();
  }

  add({ loss, predictions, targets }: StepResult): void {
    const count = predictions.shape[0]!;
    this.#loss += loss * count;
    this.#examples += count;
    for (const metric of this.#metrics) metric.update(targets, predictions);
  }

  logs(): Record<string, number> {
    const loss = this.#examples === 0 ? 0 : this.#loss / this.#examples;
    return Object.fromEntries([['loss', loss], ...this.#metrics.map((metric) => [metric.name, metric.result()])]);
  }
}
