/** Lowers the learning rate of a training that no longer gets better. */
import { checkKeys, checkNumber } from '../../core/options.ts';
import type { Callback } from './callback.ts';
import { Monitor, type MonitorMode } from './monitor.ts';
import { print, type Verbosity } from './print.ts';

/** Options of `reduceLROnPlateau`, named as in Keras. */
export interface ReduceLROnPlateauOptions {
  /** Default `val_loss`. */
  monitor?: string;
  /** What the learning rate is multiplied by, below 1; default 0.1. */
  factor?: number;
  /** Epochs without a better one before it is lowered; default 10. */
  patience?: number;
  /** Default `auto`. */
  mode?: MonitorMode;
  /** The least change that counts as better; default 1e-4. */
  minDelta?: number;
  /** Epochs after a change in which nothing is counted; default 0. */
  cooldown?: number;
  /** The least learning rate; default 0. */
  minLr?: number;
  /** 1 prints each change; default 0. */
  verbose?: Verbosity;
}

/**
 * A callback that lowers the learning rate when the monitored number has not become better for `patience` epochs. The history
 * gets a `learningRate`.
 *
 * @throws OptionError for an unknown option, and at the first epoch where there is no such number
 * @example
 * await model.fit(x, y, { epochs: 50, validationSplit: 0.2, callbacks: [reduceLROnPlateau({ factor: 0.2, patience: 5 })] });
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): Callback {
  const where = 'reduceLROnPlateau';
  const names = ['monitor', 'factor', 'patience', 'mode', 'minDelta', 'cooldown', 'minLr', 'verbose'];
  checkKeys(where, options, names);
  const { monitor: name = 'val_loss', mode = 'auto', verbose = 0 } = options;
  const factor = checkNumber(where, 'factor', options.factor ?? 0.1, { min: 0, max: 1, exclusive: 'max' });
  const patience = checkNumber(where, 'patience', options.patience ?? 10, { integer: true, min: 0 });
  const cooldown = checkNumber(where, 'cooldown', options.cooldown ?? 0, { integer: true, min: 0 });
  const minDelta = checkNumber(where, 'minDelta', options.minDelta ?? 1e-4);
  const minLr = checkNumber(where, 'minLr', options.minLr ?? 0, { min: 0 });
  const begin = () => new Monitor(where, { monitor: name, mode, minDelta });
  let monitor = begin();
  let wait = 0;
  let epochsOff = 0;
  return {
    onTrainBegin() {
      monitor = begin();
      wait = 0;
      epochsOff = 0;
    },
    onEpochEnd(epoch, logs, training) {
      training.log('learningRate', training.learningRate);
      const value = monitor.read(logs, training);
      if (value === undefined) return;
      if (epochsOff > 0) {
        epochsOff--;
        wait = 0;
      }
      if (monitor.isBetter(value)) {
        monitor.best = value;
        wait = 0;
        return;
      }
      if (epochsOff > 0 || ++wait < patience) return;
      // The optimizer's own number: updates use it as float32.
      const before = Math.fround(training.learningRate);
      if (before <= Math.fround(minLr)) return;
      training.learningRate = Math.max(before * factor, minLr);
      epochsOff = cooldown;
      wait = 0;
      print(verbose, `Epoch ${epoch + 1}: ${where} lowers the learning rate to ${training.learningRate}.`);
    },
  };
}
