/** The means of an epoch so far: loss and metrics over examples, as Keras prints them. */
import type { Metric } from '../nn/metrics/metric.ts';
import type { StepResult } from './trainer.ts';

/** Adds up steps. */
export class EpochMeans {
  readonly #metrics: readonly Metric[];
  #loss = 0;
  #examples = 0;
  /** Of several outputs, by their names. */
  readonly #outputLosses = new Map<string, number>();

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics;
    for (const metric of metrics) metric.reset();
  }

  add({ loss, predictions, targets, outputs, sampleWeights }: StepResult): void {
    const count = predictions.shape[0]!;
    this.#loss += loss * count;
    this.#examples += count;
    for (const { name, loss: own } of outputs ?? []) {
      this.#outputLosses.set(name, (this.#outputLosses.get(name) ?? 0) + own * count);
    }
    for (const metric of this.#metrics) {
      const seen = outputs?.[metric.output ?? 0] ?? { targets, predictions };
      metric.update(seen.targets, seen.predictions, metric.isWeighted ? sampleWeights : undefined);
    }
  }

  /** A metric of several numbers has one entry for each: `recall_0`, `recall_1`. */
  logs(): Record<string, number> {
    const logs: Record<string, number> = { loss: this.#examples === 0 ? 0 : this.#loss / this.#examples };
    for (const [name, total] of this.#outputLosses) logs[`${name}_loss`] = total / this.#examples;
    for (const metric of this.#metrics) {
      const result = metric.result();
      if (typeof result === 'number') logs[metric.name] = result;
      else for (const [index, value] of result.entries()) logs[`${metric.name}_${index}`] = value;
    }
    return logs;
  }
}
