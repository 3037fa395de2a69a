/** The training loop: epochs of steps, validation, callbacks. What is drawn depends on (seed, epoch, step) only, so a
 * training that begins again at an epoch goes on with the same bits. */
import { AbortError, DataError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import type { Batch, Dataset } from '../data/dataset.ts';
import type { Callback, Logs, TrainingHandle } from './callbacks/callback.ts';
import type { Compiled } from './compile-options.ts';
import { EpochMeans } from './epoch-means.ts';
import { ahead, evaluateLoop } from './evaluate-loop.ts';
import type { Trainer } from './trainer.ts';

/** Options of a training over datasets. */
export interface FitLoopOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** The first epoch's number, to go on from an earlier training; default 0. */
  readonly initialEpoch?: number;
  /** Steps that count as an epoch; by default the batches of the dataset. The data go on where the last epoch ended. */
  readonly stepsPerEpoch?: number;
  readonly validationData?: Dataset;
  /** Batches of each validation; by default all. */
  readonly validationSteps?: number;
  readonly callbacks?: readonly Callback[];
  /** Ends the training after the current step with an AbortError; the weights so far are kept. */
  readonly signal?: AbortSignal;
  /** Weights of the classes by number, for rare ones to count more. */
  readonly classWeight?: Readonly<Record<number, number>>;
}

/** What a training tells at its end, as Keras's History. */
export interface History {
  /** The numbers of the epochs. */
  readonly epoch: readonly number[];
  /** For each name, one number per epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Why it ended before its last epoch, where it did. */
  readonly stopped?: string;
}

/** Trains. @throws AbortError where the signal says so; DataError where the dataset has no batches */
export async function fitLoop(
  trainer: Trainer,
  compiled: Compiled,
  data: Dataset,
  options: FitLoopOptions,
): Promise<History> {
  const { callbacks = [], validationData, validationSteps, signal } = options;
  const epochs = checkNumber('fit', 'epochs', options.epochs ?? 1, { integer: true, min: 0 });
  const first = checkNumber('fit', 'initialEpoch', options.initialEpoch ?? 0, { integer: true, min: 0 });
  if (data.batchCount === 0) throw new DataError('fit: expected at least one example, received an empty dataset.');
  const steps = checkNumber('fit', 'stepsPerEpoch', options.stepsPerEpoch ?? data.batchCount, {
    integer: true,
    min: 1,
  });
  const metrics = compiled.metrics(trainer.network.outputShape);
  const validationMetrics = compiled.metrics(trainer.network.outputShape);
  const training = new Training(trainer, compiled, epochs, steps);
  const history = new HistoryKeeper();
  let logs: Logs = {};
  for (const callback of callbacks) await callback.onTrainBegin?.(training);
  try {
    for (let epoch = first; epoch < epochs && training.stopReason === undefined; epoch++) {
      for (const callback of callbacks) await callback.onEpochBegin?.(epoch, training);
      const means = new EpochMeans(metrics);
      let step = 0;
      for await (const batch of ahead(stepsOf(data, epoch * steps, steps))) {
        if (signal?.aborted) throw new AbortError('fit: stopped by its signal.', { cause: signal.reason });
        means.add(await trainer.train(weighted(batch, options.classWeight)));
        logs = means.logs();
        for (const callback of callbacks) await callback.onBatchEnd?.(step, logs, training);
        step++;
        if (training.stopReason !== undefined) break;
      }
      if (step < steps) break;
      if (validationData) {
        const limits = {
          ...(validationSteps !== undefined && { steps: validationSteps }),
          ...(signal && { signal }),
        };
        const result = await evaluateLoop(trainer, validationData, validationMetrics, limits);
        logs = {
          ...logs,
          ...Object.fromEntries(Object.entries(result).map(([name, value]) => [`val_${name}`, value])),
        };
      }
      history.add(epoch, logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, training);
    }
  } finally {
    for (const callback of callbacks) await callback.onTrainEnd?.(logs, training);
  }
  return history.result(training.stopReason);
}

/** `count` batches from the `start`th on, counted over all epochs of a dataset. */
async function* stepsOf(data: Dataset, start: number, count: number): AsyncGenerator<Batch, void, undefined> {
  let given = 0;
  while (given < count) {
    const position = start + given;
    for await (const batch of data.epoch(Math.floor(position / data.batchCount), position % data.batchCount)) {
      yield batch;
      given++;
      if (given === count) return;
    }
  }
}

/** The batch with sample weights multiplied by the weights of its classes. */
function weighted(batch: Batch, classWeight: FitLoopOptions['classWeight']): Batch {
  if (!classWeight) return batch;
  const { data, shape } = batch.targets;
  const width = data.length / Math.max(1, shape[0]!);
  const sampleWeights = Float32Array.from({ length: shape[0]! }, (_, example) => {
    let label = data[example * width]!;
    if (width > 1) {
      label = 0;
      for (let place = 1; place < width; place++)
        if (data[example * width + place]! > data[example * width + label]!) label = place;
    }
    return (batch.sampleWeights?.[example] ?? 1) * (classWeight[label] ?? 1);
  });
  return { ...batch, sampleWeights };
}

class Training implements TrainingHandle {
  readonly epochs: number;
  readonly steps: number;
  stopReason: string | undefined;
  readonly #trainer: Trainer;
  readonly #compiled: Compiled;

  constructor(trainer: Trainer, compiled: Compiled, epochs: number, steps: number) {
    this.#trainer = trainer;
    this.#compiled = compiled;
    this.epochs = epochs;
    this.steps = steps;
  }

  get learningRate(): number {
    return this.#compiled.optimizer.learningRate;
  }

  set learningRate(value: number) {
    this.#compiled.optimizer.learningRate = checkNumber('learningRate', 'the value', value, { min: 0 });
  }

  stop(reason: string): void {
    this.stopReason ??= reason;
  }

  async getWeights(): Promise<Float32Array[]> {
    const read = this.#trainer.network.weights.map(({ name }) => this.#trainer.memory.read(name));
    return (await Promise.all(read)) as Float32Array[];
  }

  async setWeights(weights: readonly Float32Array[]): Promise<void> {
    for (const [index, { name }] of this.#trainer.network.weights.entries()) {
      await this.#trainer.memory.write(name, weights[index]!);
    }
  }
}

class HistoryKeeper {
  #epoch: number[] = [];
  #history: Record<string, number[]> = {};

  add(epoch: number, logs: Logs): void {
    this.#epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.#history[name] ??= [];
      this.#history[name].push(value);
    }
  }

  result(stopped: string | undefined): History {
    return { epoch: this.#epoch, history: this.#history, ...(stopped !== undefined && { stopped }) };
  }
}
