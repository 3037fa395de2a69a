/** Categorical cross-entropy, against one-hot rows. As Keras: probabilities are divided by their
 * sum, then held within [ε, 1 − ε]; −Σ y·ln p. */
import { clip, divide, log, multiply, negate } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { epsilon, type Loss, meanOfRows } from './loss.ts';

function logLikelihood(predictions: Value): Value {
  const last = predictions.shape.length - 1;
  return log(clip(divide(predictions, sum(predictions, last, last, 'yes')), epsilon, 1 - epsilon));
}

/** Targets are one-hot rows `[batch, classes]`; of `[batch, …, classes]`, the mean over the places between. */
export const categoricalCrossentropy: Loss = {
  targets: 'sameShape',
  perExample: (y, predictions) => negate(meanOfRows(multiply(y, logLikelihood(predictions)))),
};
