/** What a callback may do: look at each batch and epoch, and stop the training. Named as in Keras. */

/** Numbers of an epoch or batch by name: `loss`, `accuracy`, `val_loss`. */
export type Logs = Readonly<Record<string, number>>;

/** The training as callbacks see it. */
export interface TrainingHandle {
  /** Epochs that were asked for. */
  readonly epochs: number;
  /** Steps in each epoch. */
  readonly steps: number;
  /** May be set: the next step uses it. */
  learningRate: number;
  /** Ends the training after the current step; `reason` goes into the history. */
  stop(reason: string): void;
  /** Copies of all weights, in the model's order. */
  getWeights(): Promise<Float32Array[]>;
  /** Replaces all weights. */
  setWeights(weights: readonly Float32Array[]): Promise<void>;
}

/** Functions that a training calls; each may be absent, and is awaited. */
export interface Callback {
  onTrainBegin?(training: TrainingHandle): void | Promise<void>;
  onEpochBegin?(epoch: number, training: TrainingHandle): void | Promise<void>;
  /** After each step; `logs` holds the means of the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** After each whole epoch, with the validation's numbers. */
  onEpochEnd?(epoch: number, logs: Logs, training: TrainingHandle): void | Promise<void>;
  /** Also when the training was stopped. */
  onTrainEnd?(logs: Logs, training: TrainingHandle): void | Promise<void>;
}
