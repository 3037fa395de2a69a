/** Validates with the moving averages of the weights. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { Callback, TrainingHandle } from './callback.ts';

/** Options of `swapEmaWeights`. */
export interface SwapEmaWeightsOptions {
  /** True swaps at the end of each epoch, and back at the beginning of the next, so that callbacks that stand behind it, as
   * `modelCheckpoint`, see the averages; default false: for validation only. */
  readonly swapOnEpoch?: boolean;
}

/**
 * A callback that gives the model the moving averages of its weights while it is validated, and its weights back for training,
 * as Keras's SwapEMAWeights. At the end of `fit` the weights are the averages anyway.
 *
 * @throws OptionError where the optimizer keeps no averages
 * @example
 * model.compile({ optimizer: optimizers.adam({ useEma: true }), loss: 'categoricalCrossentropy' });
 * await model.fit(x, y, { epochs: 5, validationSplit: 0.2, callbacks: [swapEmaWeights()] });
 */
export function swapEmaWeights(options: SwapEmaWeightsOptions = {}): Callback {
  checkKeys('swapEmaWeights', options, ['swapOnEpoch']);
  let isSwapped = false;
  const toggle = async (training: TrainingHandle, hasAverages: boolean): Promise<void> => {
    if (isSwapped === hasAverages) return;
    isSwapped = hasAverages;
    if (await training.swapAverages()) return;
    throw new OptionError(
      'swapEmaWeights: expected an optimizer that keeps averages, received one that does not. Compile with useEma: true.',
    );
  };
  return {
    onTrainBegin() {
      isSwapped = false;
    },
    onEpochBegin: (_, training) => (options.swapOnEpoch ? toggle(training, false) : undefined),
    onTestBegin: (training) => toggle(training, true),
    onTestEnd: (_, training) => (options.swapOnEpoch ? undefined : toggle(training, false)),
    onEpochEnd: (_, __, training) => (options.swapOnEpoch ? toggle(training, true) : undefined),
    onTrainEnd: (_, training) => (training.isInterrupted ? toggle(training, false) : undefined),
  };
}
