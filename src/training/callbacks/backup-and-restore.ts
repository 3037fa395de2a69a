/** Lets a training that was killed go on where it was. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, checkNumber, show } from '../../core/options.ts';
import type { Callback, TrainingHandle } from './callback.ts';

/** Options of `backupAndRestore`, named as in Keras. */
export interface BackupAndRestoreOptions {
  /** `epoch`, or after how many steps; default `epoch`. */
  saveFreq?: 'epoch' | number;
  /** Deletes the backup at the end of a whole training; default true. */
  deleteCheckpoint?: boolean;
}

/**
 * A callback that keeps a backup of weights, optimizer and place in a folder. The same `fit` in a new process begins at the
 * last backup and ends with the same bits as one that nothing had stopped. Give it last, so that the backup has what other
 * callbacks did. As in Keras the history has only the epochs that this process ended, and other callbacks count anew. Needs Node.
 *
 * @param backupDir a folder for this training alone
 * @throws FormatError where the backup is damaged or of another network; StorageError where it cannot be written
 * @example
 * const callbacks = [backupAndRestore('backup', { saveFreq: 100 })];
 * await model.fit(x, y, { epochs: 50, callbacks });
 */
export function backupAndRestore(backupDir: string, options: BackupAndRestoreOptions = {}): Callback {
  const where = 'backupAndRestore';
  checkKeys(where, options, ['saveFreq', 'deleteCheckpoint']);
  const { saveFreq = 'epoch', deleteCheckpoint = true } = options;
  if (typeof backupDir !== 'string' || backupDir === '') {
    throw new OptionError(`${where}: expected a folder, received ${show(backupDir)}.`);
  }
  if (saveFreq !== 'epoch')
    checkNumber(where, "saveFreq, where it is not 'epoch',", saveFreq, { integer: true, min: 1 });
  let epochNow = 0;
  let batchesSince = 0;
  let rateWithin: number | undefined;
  const save = async (training: TrainingHandle, epoch: number, step: number) => {
    const { writeCheckpointFolder } = await import('../../formats/node/checkpoint-files.ts');
    await writeCheckpointFolder(backupDir, { state: await training.getState(), notes: { epoch, step } });
  };
  return {
    async onTrainBegin(training) {
      batchesSince = 0;
      rateWithin = undefined;
      const { readCheckpointFolder } = await import('../../formats/node/checkpoint-files.ts');
      const stored = await readCheckpointFolder(backupDir, ['epoch', 'step']);
      if (!stored) return;
      await training.setState(backupDir, stored.state);
      const { epoch, step } = stored.notes as { epoch: number; step: number };
      training.beginAt(epoch, step);
      if (step > 0) rateWithin = stored.state.learningRate;
    },
    onEpochBegin(epoch, training) {
      epochNow = epoch;
      // Schedulers before this one have begun the epoch a second time.
      if (rateWithin !== undefined && rateWithin !== training.learningRate) training.learningRate = rateWithin;
      rateWithin = undefined;
    },
    async onTrainBatchEnd(batch, _, training) {
      if (saveFreq === 'epoch' || ++batchesSince < saveFreq) return;
      batchesSince = 0;
      const isLast = batch + 1 === training.steps;
      await save(training, isLast ? epochNow + 1 : epochNow, isLast ? 0 : batch + 1);
    },
    async onEpochEnd(epoch, _, training) {
      if (saveFreq === 'epoch') await save(training, epoch + 1, 0);
    },
    async onTrainEnd(_, training) {
      if (!deleteCheckpoint || training.isInterrupted) return;
      const { removeCheckpointFolder } = await import('../../formats/node/checkpoint-files.ts');
      await removeCheckpointFolder(backupDir);
    },
  };
}
