/** Stops a training whose loss is no longer a number. */
import type { Callback } from './callback.ts';

/** A callback that ends the training at the first loss that is infinite or not a number. */
export function terminateOnNaN(): Callback {
  return {
    onBatchEnd(batch, logs, training) {
      if (!Number.isFinite(logs['loss']))
        training.stop(`the loss is not a finite number (step ${batch + 1} of the epoch)`);
    },
  };
}
