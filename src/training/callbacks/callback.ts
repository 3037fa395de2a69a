/** What a callback may do: look at each batch and epoch, change the learning rate, write files, stop the training. The hooks
 * have Keras's names; each gets the training as its last argument, where Keras has `self.model`. */
import { OptionError } from '../../core/errors.ts';
import { didYouMean, show } from '../../core/options.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { TrainingState } from '../../formats/checkpoint.ts';

/** Numbers of an epoch or batch by name: `loss`, `accuracy`, `val_loss`. */
export type Logs = Readonly<Record<string, number>>;

/** What callbacks may ask of the model that is in training. */
export interface TrainedModel {
  readonly name: string;
  predict(x: Tensor): Promise<Tensor>;
  /** Saves the model folder; see `Model.save`. */
  save(folder: string, options?: object): Promise<void>;
  /** Saves the weights alone, as safetensors. */
  saveWeights(file: string): Promise<void>;
  /** Copies of the weights by name, as `conv2d/kernel`. */
  getWeights(): Promise<Map<string, Float32Array>>;
}

/** The training as callbacks see it. */
export interface TrainingHandle {
  readonly model: TrainedModel;
  /** Epochs that were asked for. */
  readonly epochs: number;
  /** Steps in each epoch. */
  readonly steps: number;
  /** Training steps that the model has taken so far, those of earlier trainings included. */
  readonly iterations: number;
  /** May be set: the next step uses it. */
  learningRate: number;
  /** True where an error or a signal ended the training, as `onTrainEnd` may want to know. */
  readonly isInterrupted: boolean;
  /** In `onEpochEnd`: true where `validationFreq` left this epoch without a validation. */
  readonly isValidationLeftOut: boolean;
  /** Ends the training after the current step; `reason` goes into the history. */
  stop(reason: string): void;
  /** In `onEpochEnd`: adds a number to the epoch's, for the callbacks that follow and for the history. */
  log(name: string, value: number): void;
  /** Which way a metric gets better, where the metric says so itself. */
  directionOf(metric: string): 'up' | 'down' | undefined;
  /** Copies of all weights, in the model's order. */
  getWeights(): Promise<Float32Array[]>;
  /** Replaces all weights. */
  setWeights(weights: readonly Float32Array[]): Promise<void>;
  /** Gives weights and their moving averages each other's values. False where the optimizer keeps no averages (`useEma`). */
  swapAverages(): Promise<boolean>;
  /** All that the training needs to go on later: weights, the optimizer's slots, its step and its learning rate. */
  getState(): Promise<TrainingState>;
  /** Puts a state back. @throws FormatError that names `where`, where it is another network's */
  setState(where: string, state: TrainingState): Promise<void>;
  /** In `onTrainBegin`: begins at a step of an epoch, both counted from 0, instead of `initialEpoch`. */
  beginAt(epoch: number, step?: number): void;
}

/** A prediction as callbacks see it. */
export interface PredictionHandle {
  readonly model: TrainedModel;
  /** Batches that will be predicted. */
  readonly steps: number;
}

/** What a batch of a prediction gave. */
export interface PredictLogs {
  /** Predictions `[batch, …]` of each output. */
  readonly outputs: readonly Tensor[];
}

/**
 * Functions that a training calls; each may be absent, and is awaited.
 *
 * @example
 * // Halves the learning rate whenever the loss of an epoch went up, and shows it beside the loss.
 * let before = Infinity;
 * const halve: Callback = {
 *   onEpochEnd(epoch, logs, training) {
 *     if (logs.loss > before) training.learningRate /= 2;
 *     before = logs.loss;
 *     training.log('learningRate', training.learningRate);
 *   },
 * };
 * await model.fit(x, y, { epochs: 20, callbacks: [halve] });
 */
export interface Callback {
  onTrainBegin?(training: TrainingHandle): void | Promise<void>;
  onEpochBegin?(epoch: number, training: TrainingHandle): void | Promise<void>;
  onTrainBatchBegin?(batch: number, training: TrainingHandle): void | Promise<void>;
  /** After each step; `logs` holds the means of the epoch so far. */
  onTrainBatchEnd?(batch: number, logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** Before each validation. */
  onTestBegin?(training: TrainingHandle): void | Promise<void>;
  onTestBatchBegin?(batch: number, training: TrainingHandle): void | Promise<void>;
  /** After each batch of a validation; `logs` holds the means so far, without `val_`. */
  onTestBatchEnd?(batch: number, logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** After each validation; `logs` holds its numbers, without `val_`. */
  onTestEnd?(logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** After each whole epoch, with the validation's numbers. */
  onEpochEnd?(epoch: number, logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** Also when the training was stopped, or failed (`training.isInterrupted`). */
  onTrainEnd?(logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** Before the first batch of `predict`. */
  onPredictBegin?(prediction: PredictionHandle): void | Promise<void>;
  onPredictBatchBegin?(batch: number, prediction: PredictionHandle): void | Promise<void>;
  /** After each batch of `predict`; `logs` holds its outputs. */
  onPredictBatchEnd?(batch: number, logs: PredictLogs, prediction: PredictionHandle): void | Promise<void>;
  onPredictEnd?(prediction: PredictionHandle): void | Promise<void>;
}

/** The names of the hooks. */
export const hookNames: readonly (keyof Callback)[] = [
  'onTrainBegin',
  'onTrainEnd',
  'onEpochBegin',
  'onEpochEnd',
  'onTrainBatchBegin',
  'onTrainBatchEnd',
  'onTestBegin',
  'onTestEnd',
  'onTestBatchBegin',
  'onTestBatchEnd',
  'onPredictBegin',
  'onPredictEnd',
  'onPredictBatchBegin',
  'onPredictBatchEnd',
];

/** A list of callbacks. @throws OptionError where it is none, or holds something else */
export function checkCallbacks(where: string, callbacks: unknown): readonly Callback[] {
  if (!Array.isArray(callbacks)) {
    throw new OptionError(`${where}: callbacks must be a list, received ${show(callbacks)}. Write [earlyStopping()].`);
  }
  for (const callback of callbacks) checkCallback(where, callback);
  return callbacks;
}

/** Throws where a callback is none, or has a function that is named like a hook and would never be called. */
function checkCallback(where: string, callback: unknown): void {
  if (typeof callback !== 'object' || callback === null || Array.isArray(callback)) {
    const advice = typeof callback === 'function' ? 'Call it, as in earlyStopping().' : 'Write [earlyStopping()].';
    throw new OptionError(
      `${where}: expected callbacks as objects with hooks as onEpochEnd, received ${show(callback)}. ${advice}`,
    );
  }
  const names = new Set<string>();
  for (let part: object | null = callback; part && part !== Object.prototype; part = Object.getPrototypeOf(part)) {
    for (const name of Object.getOwnPropertyNames(part)) names.add(name);
  }
  for (const name of hookNames) {
    const hook = callback[name as keyof typeof callback] as unknown;
    if (hook === undefined || typeof hook === 'function') continue;
    throw new OptionError(`${where}: expected ${name} of a callback as a function, received ${show(hook)}.`);
  }
  for (const name of names) {
    if (!/^on(Train|Epoch|Batch|Test|Predict)/i.test(name) || (hookNames as readonly string[]).includes(name)) continue;
    throw new OptionError(
      `${where}: unknown hook "${name}" of a callback.${didYouMean(name, hookNames)} Choose from ${hookNames.join(', ')}.`,
    );
  }
}
