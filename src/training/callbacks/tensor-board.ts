/** Writes what TensorBoard shows: curves, and histograms of the weights. */
import { checkKeys, checkNumber } from '../../core/options.ts';
import { encodeFileHeader, encodeSummary, histogramOf, type SummaryValue } from '../../formats/tensorboard-events.ts';
import type { Callback, Logs } from './callback.ts';

/** Options of `tensorBoard`, named as in Keras. */
export interface TensorBoardOptions {
  /** Default `logs`. Several trainings beside each other: a folder for each in one that TensorBoard is given. */
  logDir?: string;
  /** Epochs between two histograms of all weights; default 0: none. */
  histogramFreq?: number;
  /** `epoch` writes the numbers of epochs alone; a number those of every so many steps too, `batch` of each; default `epoch`. */
  updateFreq?: 'epoch' | 'batch' | number;
}

/** The two folders that Keras writes. */
type Part = 'train' | 'validation';

/**
 * A callback that writes event files for TensorBoard into `train` and `validation` below a folder, with Keras's names:
 * `epoch_loss`, `epoch_accuracy`, `epoch_learning_rate`, `evaluation_loss_vs_iterations`, `batch_loss`. Needs Node.
 *
 * @throws StorageError where they cannot be written
 * @example
 * await model.fit(x, y, { epochs: 5, callbacks: [tensorBoard({ logDir: 'logs/first' })] });
 * // tensorboard --logdir logs
 */
export function tensorBoard(options: TensorBoardOptions = {}): Callback {
  const where = 'tensorBoard';
  checkKeys(where, options, ['logDir', 'histogramFreq', 'updateFreq']);
  const { logDir = 'logs', updateFreq = 'epoch' } = options;
  const histogramFreq = checkNumber(where, 'histogramFreq', options.histogramFreq ?? 0, { integer: true, min: 0 });
  const every = updateFreq === 'batch' ? 1 : updateFreq === 'epoch' ? 0 : updateFreq;
  if (every !== 0) {
    checkNumber(where, "updateFreq, where it is not 'epoch' or 'batch',", every, { integer: true, min: 1 });
  }
  // Begun with their first number, so that a training without validation leaves no empty file.
  const files = new Map<Part, string>();
  let batches = 0;
  const write = async (part: Part, step: number, values: readonly SummaryValue[]) => {
    if (values.length === 0) return;
    const { appendLogFile, eventFileName, startLogFile } = await import('../../formats/node/log-files.ts');
    const now = Date.now() / 1000;
    let file = files.get(part);
    if (file === undefined) {
      file = `${logDir}/${part}/${eventFileName(now)}`;
      await startLogFile(file, encodeFileHeader(now));
      files.set(part, file);
    }
    await appendLogFile(file, encodeSummary(now, step, values));
  };
  return {
    onTrainBegin() {
      files.clear();
      batches = 0;
    },
    async onTrainBatchEnd(_, logs) {
      batches++;
      if (every !== 0 && batches % every === 0)
        await write(
          'train',
          batches,
          scalars(logs, (name) => `batch_${name}`),
        );
    },
    async onTestEnd(logs, training) {
      await write(
        'validation',
        training.iterations,
        scalars(logs, (name) => `evaluation_${name}_vs_iterations`),
      );
    },
    async onEpochEnd(epoch, logs, training) {
      // Another callback may have logged it already.
      const { learningRate = training.learningRate, ...rest } = logs;
      const own = Object.entries(rest).filter(([name]) => !name.startsWith('val_'));
      const held = Object.entries(rest).filter(([name]) => name.startsWith('val_'));
      const tag = (name: string) => `epoch_${name.replace(/^val_/, '')}`;
      await write('train', epoch, [
        ...scalars(Object.fromEntries(own), tag),
        { tag: 'epoch_learning_rate', scalar: learningRate },
      ]);
      await write('validation', epoch, scalars(Object.fromEntries(held), tag));
      if (histogramFreq === 0 || epoch % histogramFreq !== 0) return;
      const { model } = training;
      for (const [name, numbers] of await model.getWeights()) {
        await write('train', epoch, [{ tag: `${model.name}/${name}/histogram`, histogram: histogramOf(numbers) }]);
      }
    },
  };
}

function scalars(logs: Logs, tagOf: (name: string) => string): SummaryValue[] {
  return Object.entries(logs).map(([name, scalar]) => ({ tag: tagOf(name), scalar }));
}
