/** Evaluating a network over a dataset. */
import { AbortError, DataError, OptionError } from '../core/errors.ts';
import { checkNumber, checkSignal, show } from '../core/options.ts';
import type { Dataset, MultiBatch } from '../data/dataset.ts';
import type { Metric } from '../nn/metrics/metric.ts';
import { type Callback, checkCallbacks, type Logs } from './callbacks/callback.ts';
import { EpochMeans } from './epoch-means.ts';
import type { StepResult, Trainer } from './trainer.ts';
import { callEach, type Training } from './training.ts';

/** Options of an evaluation. */
export interface EvaluateOptions<Item extends MultiBatch = MultiBatch> {
  /** Batches to look at; by default all. */
  readonly steps?: number;
  readonly signal?: AbortSignal;
  readonly callbacks?: readonly Callback[];
  /** Called after each batch with its results. */
  readonly onBatch?: (batch: Item, result: StepResult, done: number) => void;
}

/** Loss and metrics over the first epoch of a dataset. `training` is what callbacks are given. @throws AbortError where the signal says so; DataError where the
 * dataset has no batches */
export async function evaluateLoop<Item extends MultiBatch>(
  trainer: Trainer,
  data: Dataset<Item>,
  metrics: readonly Metric[],
  training: Training,
  options: EvaluateOptions<Item> = {},
): Promise<Logs> {
  if (data.batchCount === 0) throw new DataError('evaluate: expected at least one example, received an empty dataset.');
  const { signal, onBatch } = options;
  const steps = checkNumber('evaluate', 'steps', options.steps ?? data.batchCount, { integer: true, min: 1 });
  const callbacks = checkCallbacks('evaluate', options.callbacks ?? []);
  checkSignal('evaluate', signal);
  if (onBatch !== undefined && typeof onBatch !== 'function') {
    throw new OptionError(`evaluate: onBatch must be a function, received ${show(onBatch)}.`);
  }
  const means = new EpochMeans(metrics);
  const areBatchesSeen = callbacks.some(({ onTestBatchEnd }) => onTestBatchEnd);
  let done = 0;
  await callEach(callbacks, (callback) => callback.onTestBegin?.(training));
  for await (const batch of ahead(data.epoch(0))) {
    if (signal?.aborted) throw new AbortError('evaluate: stopped by its signal.', { cause: signal.reason });
    await callEach(callbacks, (callback) => callback.onTestBatchBegin?.(done, training));
    const result = await trainer.evaluate(batch);
    means.add(result);
    if (areBatchesSeen) {
      const logs = means.logs();
      await callEach(callbacks, (callback) => callback.onTestBatchEnd?.(done, logs, training));
    }
    done++;
    onBatch?.(batch, result, done);
    if (done >= steps) break;
  }
  const logs = means.logs();
  await callEach(callbacks, (callback) => callback.onTestEnd?.(logs, training));
  return logs;
}

/** The same items, with the next one asked for before the current one is used: reading overlaps computing. */
export async function* ahead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    while (true) {
      const { value, done } = await next;
      if (done) return;
      next = iterator.next();
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
