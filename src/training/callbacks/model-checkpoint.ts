/** Saves the model while it trains. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys, checkNumber, show } from '../../core/options.ts';
import type { Preprocessing } from '../../data/pictures/preprocessing.ts';
import type { Callback, Logs, TrainingHandle } from './callback.ts';
import { Monitor, type MonitorMode } from './monitor.ts';
import { print, type Verbosity } from './print.ts';
import { formatTemplate } from './python-format.ts';

/** Options of `modelCheckpoint`, named as in Keras. */
export interface ModelCheckpointOptions {
  /** Default `val_loss`; of no meaning without `saveBestOnly`. */
  monitor?: string;
  /** Saves only where the monitored number is the best so far; default false. */
  saveBestOnly?: boolean;
  /** Saves the weights alone, as one safetensors file; default false: the model folder. */
  saveWeightsOnly?: boolean;
  /** Default `auto`. */
  mode?: MonitorMode;
  /** `epoch`, or after how many steps; default `epoch`. */
  saveFreq?: 'epoch' | number;
  /** What the first model must beat to be saved with `saveBestOnly`. */
  initialValueThreshold?: number;
  /** 1 prints what is saved; default 0. */
  verbose?: Verbosity;
  /** What each output means, for the model folder. */
  classNames?: readonly string[];
  /** How a picture becomes the network's input, for the model folder. */
  preprocessing?: Preprocessing;
}

const optionNames = [
  'monitor',
  'saveBestOnly',
  'saveWeightsOnly',
  'mode',
  'saveFreq',
  'initialValueThreshold',
  'verbose',
  'classNames',
  'preprocessing',
];

/**
 * A callback that saves the model after each epoch, or after so many steps. Needs Node.
 *
 * @param filepath a folder, or with `saveWeightsOnly` a file that ends in `.safetensors`. Names in braces are filled in as by
 *   Python's `format`: `epoch` and `batch`, counted from 1, and the numbers of the epoch
 * @throws OptionError where the path does not fit, or names what is not there; StorageError where it cannot be written
 * @example
 * const best = modelCheckpoint('models/{epoch:02d}-{val_loss:.2f}', { saveBestOnly: true });
 * await model.fit(x, y, { epochs: 10, validationSplit: 0.2, callbacks: [best] });
 */
export function modelCheckpoint(filepath: string, options: ModelCheckpointOptions = {}): Callback {
  const where = 'modelCheckpoint';
  checkKeys(where, options, optionNames);
  const { monitor: name = 'val_loss', saveBestOnly = false, saveWeightsOnly = false, mode = 'auto' } = options;
  const { saveFreq = 'epoch', initialValueThreshold: best, verbose, classNames, preprocessing } = options;
  if (saveFreq !== 'epoch')
    checkNumber(where, "saveFreq, where it is not 'epoch',", saveFreq, { integer: true, min: 1 });
  checkPath(where, filepath, saveWeightsOnly);
  // Unlike other callbacks it goes on with its best value in the next training, as Keras's: a worse model never replaces it.
  const monitor = new Monitor(where, { monitor: name, mode, best });
  let epochNow = 0;
  let batchesSince = 0;
  const save = async (training: TrainingHandle, logs: Logs, whole: Readonly<Record<string, number>>) => {
    const value = saveBestOnly ? monitor.read(logs, training) : undefined;
    if (saveBestOnly && value === undefined) return;
    const path = formatTemplate(where, filepath, { whole, real: logs });
    const head = `Epoch ${whole['epoch']}:`;
    if (value !== undefined) {
      if (!monitor.isBetter(value)) return print(verbose, `${head} ${name} did not improve from ${monitor.best}.`);
      print(verbose, `${head} ${name} improved from ${monitor.best ?? 'nothing'} to ${value}.`);
      monitor.best = value;
    }
    if (saveWeightsOnly) await training.model.saveWeights(path);
    else {
      const description = { ...(classNames && { classNames }), ...(preprocessing && { preprocessing }) };
      await training.model.save(path, { ...description, metrics: { ...logs } });
    }
    print(verbose, `${head} saved ${path}.`);
  };
  return {
    onEpochBegin(epoch) {
      epochNow = epoch;
    },
    async onTrainBatchEnd(batch, logs, training) {
      if (saveFreq === 'epoch' || ++batchesSince < saveFreq) return;
      batchesSince = 0;
      await save(training, logs, { epoch: epochNow + 1, batch: batch + 1 });
    },
    async onEpochEnd(epoch, logs, training) {
      if (saveFreq === 'epoch') await save(training, logs, { epoch: epoch + 1 });
    },
  };
}

function checkPath(where: string, filepath: unknown, isOfWeights: boolean): void {
  const isText = typeof filepath === 'string' && filepath !== '';
  if (isOfWeights && (!isText || !filepath.endsWith('.safetensors'))) {
    throw new OptionError(
      `${where}: expected a file that ends in .safetensors for weights alone, received ${show(filepath)}.`,
    );
  }
  if (!isText || (!isOfWeights && /\.(keras|h5|safetensors)$/.test(filepath))) {
    throw new OptionError(
      `${where}: expected a folder for the model, received ${show(filepath)}. Leave the ending out, or save a file of weights by saveWeightsOnly.`,
    );
  }
}
