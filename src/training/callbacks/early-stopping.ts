/** Stops a training that no longer gets better. */
import { checkKeys, checkName, checkNumber } from '../../core/options.ts';
import type { Callback } from './callback.ts';
import { isBetter, type MonitorMode, monitored } from './monitor.ts';

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
  checkKeys(where, options, ['monitor', 'minDelta', 'patience', 'mode', 'restoreBestWeights', 'startFromEpoch']);
  const { monitor = 'val_loss', restoreBestWeights = false } = options;
  const minDelta = Math.abs(checkNumber(where, 'minDelta', options.minDelta ?? 0));
  const patience = checkNumber(where, 'patience', options.patience ?? 0, { integer: true, min: 0 });
  const startFromEpoch = checkNumber(where, 'startFromEpoch', options.startFromEpoch ?? 0, { integer: true, min: 0 });
  const mode = checkName(where, 'mode', options.mode ?? 'auto', ['auto', 'min', 'max']);
  let best: number | undefined;
  let bestWeights: Float32Array[] | undefined;
  let wait = 0;
  return {
    onTrainBegin() {
      best = undefined;
      bestWeights = undefined;
      wait = 0;
    },
    async onEpochEnd(epoch, logs, training) {
      const value = monitored(where, monitor, logs);
      if (epoch < startFromEpoch) return;
      wait++;
      if (isBetter(value, best, monitor, mode, minDelta)) {
        best = value;
        wait = 0;
        if (restoreBestWeights) bestWeights = await training.getWeights();
      }
      if (wait >= patience && wait > 0 && epoch > 0) {
        training.stop(`${monitor} has not become better for ${wait} ${wait === 1 ? 'epoch' : 'epochs'}`);
      }
    },
    async onTrainEnd(_, training) {
      if (bestWeights) await training.setWeights(bestWeights);
    },
  };
}
