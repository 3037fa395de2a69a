/** Shows callbacks numbers without a training: the weights are the epoch's number. */
import type { Callback, Logs, TrainedModel, TrainingHandle } from '../../../src/training/callbacks/callback.ts';

/** A model that cannot do anything but write down where it was saved. */
export function stubModel(): TrainedModel & { readonly saved: string[]; readonly options: (object | undefined)[] } {
  const saved: string[] = [];
  const options: (object | undefined)[] = [];
  return {
    name: 'stub',
    saved,
    options,
    predict: () => Promise.reject(new Error('a stub')),
    save: async (folder, given) => {
      saved.push(folder);
      options.push(given);
    },
    saveWeights: async (file) => void saved.push(file),
    getWeights: async () => new Map(),
  };
}

/** A training that is none. */
export class StubTraining implements TrainingHandle {
  readonly model: ReturnType<typeof stubModel> = stubModel();
  readonly epochs: number;
  readonly steps: number;
  iterations = 0;
  learningRate = 0.1;
  isInterrupted = false;
  isValidationLeftOut = false;
  stopped: string | undefined;
  weights = -1;
  logs: Record<string, number> = {};

  constructor({ epochs = 1, steps = 1 }: { epochs?: number; steps?: number } = {}) {
    this.epochs = epochs;
    this.steps = steps;
  }

  stop(reason: string): void {
    this.stopped ??= reason;
  }

  log(name: string, value: number): void {
    this.logs[name] = value;
  }

  directionOf(): undefined {
    return undefined;
  }

  async getWeights(): Promise<Float32Array[]> {
    return [Float32Array.of(this.weights)];
  }

  async setWeights([weights]: readonly Float32Array[]): Promise<void> {
    this.weights = weights![0]!;
  }

  async swapAverages(): Promise<boolean> {
    return false;
  }

  getState(): Promise<never> {
    return Promise.reject(new Error('a stub'));
  }

  setState(): Promise<never> {
    return Promise.reject(new Error('a stub'));
  }

  beginAt(): void {
    throw new Error('a stub');
  }
}

/** Plays epochs of steps; each step has the numbers of its epoch. Ends where the callback stops it. */
export async function play(
  callback: Callback,
  epochs: readonly Logs[],
  steps = 1,
): Promise<StubTraining & { epochsSeen: number }> {
  const training = new StubTraining({ epochs: epochs.length, steps });
  await callback.onTrainBegin?.(training);
  let epoch = 0;
  for (; epoch < epochs.length && training.stopped === undefined; epoch++) {
    training.weights = epoch;
    training.logs = { ...epochs[epoch]! };
    await callback.onEpochBegin?.(epoch, training);
    for (let batch = 0; batch < steps; batch++) {
      training.iterations++;
      await callback.onTrainBatchEnd?.(batch, training.logs, training);
    }
    await callback.onEpochEnd?.(epoch, training.logs, training);
  }
  await callback.onTrainEnd?.(training.logs, training);
  return Object.assign(training, { epochsSeen: epoch });
}
