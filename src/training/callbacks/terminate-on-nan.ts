/** Stops a training whose loss is no longer a number. */
import { TrainingError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { Callback } from './callback.ts';

/** Options of `terminateOnNaN`. */
export interface TerminateOnNaNOptions {
  /** True makes `fit` throw; default false: it ends as after `stop`. */
  raiseError?: boolean;
}

/**
 * A callback that ends the training at the first loss that is infinite or not a number.
 *
 * @example
 * await model.fit(x, y, { callbacks: [terminateOnNaN()] });
 */
export function terminateOnNaN(options: TerminateOnNaNOptions = {}): Callback {
  checkKeys('terminateOnNaN', options, ['raiseError']);
  const { raiseError = false } = options;
  return {
    onTrainBatchEnd(batch, { loss }, training) {
      if (Number.isFinite(loss)) return;
      if (raiseError) {
        throw new TrainingError(
          `terminateOnNaN: expected a finite loss, received ${loss} (step ${batch + 1} of the epoch). Lower the learning rate, or look for broken inputs.`,
        );
      }
      training.stop(`the loss is not a finite number (step ${batch + 1} of the epoch)`);
    },
  };
}
