/** A training in progress, as callbacks see it. */
import { checkNumber } from '../core/options.ts';
import type { TrainingState } from '../formats/checkpoint.ts';
import type { Metric } from '../nn/metrics/metric.ts';
import type { Callback, TrainedModel, TrainingHandle } from './callbacks/callback.ts';
import type { Compiled } from './compile-options.ts';
import type { Trainer } from './trainer.ts';
import { readTrainingState, writeTrainingState } from './training-state.ts';

/** What a training is of. */
export interface TrainingParts {
  readonly trainer: Trainer;
  readonly compiled: Compiled;
  readonly model: TrainedModel;
  readonly metrics: readonly Metric[];
  readonly epochs: number;
  readonly steps: number;
}

/** The handle, and what the loop asks of it. */
export class Training implements TrainingHandle {
  readonly model: TrainedModel;
  readonly epochs: number;
  readonly steps: number;
  isInterrupted = false;
  isValidationLeftOut = false;
  stopReason: string | undefined;
  /** Where the training begins, where a callback has said so. */
  beginning: { readonly epoch: number; readonly step: number } | undefined;
  /** The numbers of the epoch that ends. */
  logs: Record<string, number> = {};
  readonly #parts: TrainingParts;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
    this.model = parts.model;
    this.epochs = parts.epochs;
    this.steps = parts.steps;
  }

  get iterations(): number {
    return this.#parts.trainer.iterations;
  }

  get learningRate(): number {
    return this.#parts.compiled.optimizer.learningRate;
  }

  set learningRate(value: number) {
    this.#parts.compiled.optimizer.learningRate = checkNumber('learningRate', 'the value', value, { min: 0 });
  }

  stop(reason: string): void {
    this.stopReason ??= reason;
  }

  log(name: string, value: number): void {
    this.logs[name] = value;
  }

  beginAt(epoch: number, step = 0): void {
    checkNumber('beginAt', 'epoch', epoch, { integer: true, min: 0 });
    checkNumber('beginAt', 'step', step, { integer: true, min: 0, max: this.steps - 1 });
    this.beginning = { epoch, step };
  }

  async getWeights(): Promise<Float32Array[]> {
    const { network, memory } = this.#parts.trainer;
    return (await Promise.all(network.weights.map(({ name }) => memory.read(name)))) as Float32Array[];
  }

  async setWeights(weights: readonly Float32Array[]): Promise<void> {
    const { network, memory } = this.#parts.trainer;
    for (const [index, { name }] of network.weights.entries()) await memory.write(name, weights[index]!);
  }

  swapAverages(): Promise<boolean> {
    return this.#parts.trainer.swapAverages();
  }

  getState(): Promise<TrainingState> {
    return readTrainingState(this.#parts.trainer, this.#parts.compiled.optimizer);
  }

  setState(where: string, state: TrainingState): Promise<void> {
    return writeTrainingState(where, this.#parts.trainer, this.#parts.compiled.optimizer, state);
  }

  directionOf(name: string): 'up' | 'down' | undefined {
    return this.#parts.metrics.find((metric) => metric.name === name)?.direction;
  }
}

/** Calls one hook of each callback, in their order. */
export async function callEach(
  callbacks: readonly Callback[],
  call: (callback: Callback) => void | Promise<void> | undefined,
): Promise<void> {
  for (const callback of callbacks) {
    // Most hooks are absent or give nothing to wait for, and the loop calls them at each step.
    const pending = call(callback);
    if (pending) await pending;
  }
}
