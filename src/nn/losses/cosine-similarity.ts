/** Cosine similarity as a loss: −1 where predictions point as targets do, 0 where they are at right angles, 1 opposite. */
import { divide, maximum, multiply, negate, sqrt, square } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { epsilon, type LossDefinition, meanOfRows, sumOfRows } from './loss.ts';

/** Rows divided by their lengths; shorter ones than ε count as of length ε, so that a row of zeros stays one. */
function directions(x: Value): Value {
  return divide(x, sqrt(maximum(sumOfRows(square(x), 'yes'), epsilon ** 2)));
}

/** −Σ y/‖y‖ · p/‖p‖ over the last axis. Source: `keras.losses.CosineSimilarity`. */
export const cosineSimilarity: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => negate(meanOfRows(multiply(directions(y), directions(predictions)))),
};
