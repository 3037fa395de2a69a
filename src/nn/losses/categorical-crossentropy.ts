/** Categorical cross-entropy against one-hot rows, or rows of shares. */
import { multiply, negate } from '../../ops/elementwise.ts';
import { classProbabilities } from './from-logits.ts';
import { checkSmoothing, type LossDefinition, meanOfRows, smoothed } from './loss.ts';

/** Options of the categorical cross-entropy. */
export interface CategoricalCrossentropyOptions {
  /** Predictions are logits, of which p is the softmax; default false. */
  fromLogits: boolean;
  /** Targets become y·(1 − s) + s / classes; default 0. */
  labelSmoothing: number;
}

/**
 * −Σ y·ln p over rows `[batch, classes]`; of `[batch, …, classes]`, the mean over the places between. p is divided by its
 * sum and held within [ε, 1 − ε]; where it is the output of a softmax, ln p comes from the logits.
 * Source: `keras.losses.CategoricalCrossentropy`.
 *
 * @example
 * model.compile({ loss: losses.categoricalCrossentropy({ labelSmoothing: 0.1 }) });
 */
export const categoricalCrossentropy: LossDefinition<CategoricalCrossentropyOptions> = {
  targets: 'sameShape',
  range: 'shares',
  defaults: { fromLogits: false, labelSmoothing: 0 },
  make({ fromLogits, labelSmoothing }, where) {
    checkSmoothing(where, labelSmoothing);
    return (y, predictions) => {
      const { logarithms } = classProbabilities('categoricalCrossentropy', predictions, fromLogits);
      const targets = smoothed(y, labelSmoothing, 1 / y.shape.at(-1)!);
      return negate(meanOfRows(multiply(targets, logarithms)));
    };
  },
};
