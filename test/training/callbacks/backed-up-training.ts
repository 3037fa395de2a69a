/** A training with everything that could go wrong when it is gone on with: shuffling, dropout, a batch that is not whole, an
 * optimizer with slots, a learning rate that changes. As a program it kills itself: `FOLDER SAVE_FREQ STEP`. */
import { pathToFileURL } from 'node:url';
import { tensor } from '../../../src/core/tensor.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import { backupAndRestore } from '../../../src/training/callbacks/backup-and-restore.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';
import { learningRateScheduler } from '../../../src/training/callbacks/learning-rate-scheduler.ts';

/** Steps of the whole training: five epochs of three. */
export const allSteps = 15;

const x = tensor(
  Float32Array.from({ length: 16 }, (_, place) => Math.sin(place * 1.7)),
  [8, 2],
);
const y = tensor(
  Float32Array.from({ length: 8 }, (_, place) => place % 2),
  [8, 1],
);

/** What is different from training to training. */
export interface BackedUpOptions {
  readonly folder?: string;
  readonly saveFreq?: 'epoch' | number;
  readonly deleteCheckpoint?: boolean;
  readonly callbacks?: readonly Callback[];
  readonly units?: number;
}

/** Trains and returns the weights, and the epochs of the history. */
export async function trainBackedUp(options: BackedUpOptions) {
  const { folder, callbacks = [], units = 5, ...backup } = options;
  const model = sequential(
    [
      layers.dense({ units, activation: 'relu' }),
      layers.dropout({ rate: 0.4 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    // The reference keeps more digits than a file holds.
    { backend: 'wasm', seed: 5 },
  );
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  const schedule = learningRateScheduler((epoch, rate) => (epoch === 0 ? 0.1 : rate * 0.7));
  const kept = folder === undefined ? [] : [backupAndRestore(folder, backup)];
  const { epoch } = await model.fit(x, y, { epochs: 5, batchSize: 3, callbacks: [schedule, ...callbacks, ...kept] });
  return { weights: await model.getWeights(), epoch };
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const [folder, saveFreq, last] = process.argv.slice(2) as [string, string, string];
  let steps = 0;
  const kill: Callback = {
    onTrainBatchBegin() {
      if (steps++ === Number(last)) process.kill(process.pid, 'SIGKILL');
    },
  };
  await trainBackedUp({ folder, saveFreq: saveFreq === 'epoch' ? saveFreq : Number(saveFreq), callbacks: [kill] });
}
