/** Binary cross-entropy: each output is a yes-or-no of its own. */
import { binaryEntropy } from './from-logits.ts';
import { checkSmoothing, type LossDefinition, meanOfExample, smoothed } from './loss.ts';

/** Options of the binary cross-entropy. */
export interface BinaryCrossentropyOptions {
  /** Predictions are logits x, of which p = 1 / (1 + e^−x); default false. */
  fromLogits: boolean;
  /** Targets become y·(1 − s) + s/2; default 0. */
  labelSmoothing: number;
}

/**
 * −mean(y·ln p + (1 − y)·ln(1 − p)), p held within [ε, 1 − ε]. Where p is the output of a sigmoid, from its logits.
 * Source: `keras.losses.BinaryCrossentropy`.
 *
 * @example
 * model.compile({ loss: losses.binaryCrossentropy({ labelSmoothing: 0.1 }) });
 */
export const binaryCrossentropy: LossDefinition<BinaryCrossentropyOptions> = {
  targets: 'sameShape',
  range: 'shares',
  defaults: { fromLogits: false, labelSmoothing: 0 },
  make({ fromLogits, labelSmoothing }, where) {
    checkSmoothing(where, labelSmoothing);
    return (y, predictions) => {
      const targets = smoothed(y, labelSmoothing, 0.5);
      return meanOfExample(binaryEntropy('binaryCrossentropy', targets, predictions, fromLogits));
    };
  },
};
