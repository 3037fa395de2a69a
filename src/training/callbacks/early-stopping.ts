/** Stops a training that no longer gets better. */
import { checkKeys, checkNumber } from '../../core/options.ts';
import type { Callback } from './callback.ts';
import { Monitor, type MonitorMode } from './monitor.ts';

/** Options of `earlyStopping`, named as in Keras. */
export interface EarlyStoppingOptions {
  /** Default `val_loss`. */
  monitor?: string;
  /** The least change that counts as better; default 0. */
  minDelta?: number;
  /** Epochs without a better one before it stops; default 0. */
  patience?: number;
  /** Default `auto`. */
  mode?: MonitorMode;
  /** What must be beaten too for the waiting to begin anew; by default the best epoch alone. */
  baseline?: number;
  /** Puts the best epoch's weights back at the end, whoever stopped the training; default false. */
  restoreBestWeights?: boolean;
  /** Epochs before it begins to look; default 0. */
  startFromEpoch?: number;
}

/**
 * A callback that ends the training when the monitored number has not become better for `patience` epochs.
 *
 * @throws OptionError for an unknown option, and at the first epoch where there is no such number
 * @example
 * await model.fit(x, y, { epochs: 50, validationSplit: 0.2, callbacks: [earlyStopping({ patience: 3 })] });
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const where = 'earlyStopping';
  const names = ['monitor', 'minDelta', 'patience', 'mode', 'baseline', 'restoreBestWeights', 'startFromEpoch'];
  checkKeys(where, options, names);
  const { monitor: name = 'val_loss', mode = 'auto', restoreBestWeights = false } = options;
  const minDelta = checkNumber(where, 'minDelta', options.minDelta ?? 0);
  const patience = checkNumber(where, 'patience', options.patience ?? 0, { integer: true, min: 0 });
  const startFromEpoch = checkNumber(where, 'startFromEpoch', options.startFromEpoch ?? 0, { integer: true, min: 0 });
  const baseline = options.baseline === undefined ? undefined : checkNumber(where, 'baseline', options.baseline);
  const begin = () => new Monitor(where, { monitor: name, mode, minDelta });
  let monitor = begin();
  let bestWeights: Float32Array[] | undefined;
  let wait = 0;
  return {
    onTrainBegin() {
      monitor = begin();
      bestWeights = undefined;
      wait = 0;
    },
    async onEpochEnd(epoch, logs, training) {
      const value = monitor.read(logs, training);
      if (value === undefined || epoch < startFromEpoch) return;
      const isBetter = monitor.isBetter(value);
      // Of the first epoch too where its number is none, as there may be no better one.
      if (restoreBestWeights && (isBetter || !bestWeights)) bestWeights = await training.getWeights();
      wait++;
      if (isBetter) {
        monitor.best = value;
        if (baseline === undefined || monitor.isBetter(value, baseline)) wait = 0;
        return;
      }
      if (wait >= patience && epoch > 0) {
        training.stop(`${name} has not become better for ${wait} ${wait === 1 ? 'epoch' : 'epochs'}`);
      }
    },
    async onTrainEnd(_, training) {
      if (bestWeights) await training.setWeights(bestWeights);
    },
  };
}
