/** Binary focal cross-entropy: outputs that are right already count less. */
import { checkNumber } from '../../core/options.ts';
import { add, maximum, multiply, powerOf, sigmoid, subtract } from '../../ops/elementwise.ts';
import { binaryEntropy } from './from-logits.ts';
import { checkSmoothing, epsilon, type LossDefinition, meanOfExample, smoothed } from './loss.ts';

/** Options of the binary focal cross-entropy. */
export interface BinaryFocalCrossentropyOptions {
  /** Weighs the two answers: α for yes, 1 − α for no; default false. */
  applyClassBalancing: boolean;
  /** Default 0.25. */
  alpha: number;
  /** How fast the weight of right outputs falls; 0 is the plain cross-entropy; default 2. */
  gamma: number;
  /** Predictions are logits; default false. */
  fromLogits: boolean;
  /** Targets become y·(1 − s) + s/2; default 0. */
  labelSmoothing: number;
}

/**
 * mean((1 − p_t)^γ · binary cross-entropy), p_t = y·p + (1 − y)·(1 − p). Source: T. Lin et al., "Focal loss for dense object
 * detection", 2017, and `keras.losses.BinaryFocalCrossentropy`.
 *
 * @example
 * model.compile({ loss: losses.binaryFocalCrossentropy({ gamma: 3, applyClassBalancing: true }) });
 */
export const binaryFocalCrossentropy: LossDefinition<BinaryFocalCrossentropyOptions> = {
  targets: 'sameShape',
  range: 'shares',
  defaults: { applyClassBalancing: false, alpha: 0.25, gamma: 2, fromLogits: false, labelSmoothing: 0 },
  make({ applyClassBalancing, alpha, gamma, fromLogits, labelSmoothing }, where) {
    checkSmoothing(where, labelSmoothing);
    checkNumber(where, 'gamma', gamma, { min: 0 });
    checkNumber(where, 'alpha', alpha, { min: 0, max: 1 });
    return (given, predictions) => {
      const y = smoothed(given, labelSmoothing, 0.5);
      const entropy = binaryEntropy('binaryFocalCrossentropy', y, predictions, fromLogits);
      const p = fromLogits ? sigmoid(predictions) : predictions;
      const no = subtract(1, y);
      // How wrong the output is, 1 − p_t.
      const wrong = maximum(add(multiply(y, subtract(1, p)), multiply(no, p)), epsilon);
      const focal = multiply(entropy, powerOf(wrong, gamma));
      if (!applyClassBalancing) return meanOfExample(focal);
      return meanOfExample(multiply(focal, add(multiply(y, alpha), multiply(no, 1 - alpha))));
    };
  },
};
