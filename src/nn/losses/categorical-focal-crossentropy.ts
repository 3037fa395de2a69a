/** Categorical focal cross-entropy: classes that are right already count less. */
import { checkNumber } from '../../core/options.ts';
import { maximum, multiply, negate, powerOf, subtract } from '../../ops/elementwise.ts';
import { classProbabilities } from './from-logits.ts';
import { checkSmoothing, epsilon, type LossDefinition, meanOfRows, smoothed } from './loss.ts';

/** Options of the categorical focal cross-entropy. */
export interface CategoricalFocalCrossentropyOptions {
  /** The weight of all classes; default 0.25. */
  alpha: number;
  /** How fast the weight of right classes falls; default 2. */
  gamma: number;
  /** Predictions are logits; default false. */
  fromLogits: boolean;
  /** Targets become y·(1 − s) + s / classes; default 0. */
  labelSmoothing: number;
}

/**
 * −Σ α·(1 − p)^γ·y·ln p. Source: T. Lin et al., "Focal loss for dense object detection", 2017, and
 * `keras.losses.CategoricalFocalCrossentropy`.
 *
 * @example
 * model.compile({ loss: losses.categoricalFocalCrossentropy({ alpha: 0.5 }) });
 */
export const categoricalFocalCrossentropy: LossDefinition<CategoricalFocalCrossentropyOptions> = {
  targets: 'sameShape',
  range: 'shares',
  defaults: { alpha: 0.25, gamma: 2, fromLogits: false, labelSmoothing: 0 },
  make({ alpha, gamma, fromLogits, labelSmoothing }, where) {
    checkSmoothing(where, labelSmoothing);
    checkNumber(where, 'gamma', gamma, { min: 0 });
    checkNumber(where, 'alpha', alpha, { min: 0 });
    return (given, predictions) => {
      const y = smoothed(given, labelSmoothing, 1 / given.shape.at(-1)!);
      const { probabilities, logarithms } = classProbabilities('categoricalFocalCrossentropy', predictions, fromLogits);
      const weight = powerOf(maximum(subtract(1, probabilities), epsilon), gamma);
      return multiply(negate(meanOfRows(multiply(multiply(y, logarithms), weight))), alpha);
    };
  },
};
