/** Categorical cross-entropy against class numbers. The trainer writes those as one-hot rows, so this sees rows. */
import { checkNumber } from '../../core/options.ts';
import { elementCount } from '../../core/shape.ts';
import { clip, divide, log, maximum, multiply, negate } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { logitsOf, logSoftmax } from './from-logits.ts';
import { epsilon, type LossDefinition, meanOfRows, sumOfRows } from './loss.ts';

/** Options of the sparse categorical cross-entropy. */
export interface SparseCategoricalCrossentropyOptions {
  /** Predictions are logits, of which p is the softmax; default false. */
  fromLogits: boolean;
  /** Places of this class number count nothing, and the mean is taken over the others; default null, none. */
  ignoreClass: number | null;
}

/**
 * −ln p of the right class; of `[batch, …, classes]`, the mean over the places between. As Keras on TensorFlow,
 * probabilities are held within [ε, 1 − ε] and then divided by their sum; where they are the output of a softmax, ln p comes
 * from the logits. Source: `keras.losses.SparseCategoricalCrossentropy`.
 *
 * @example
 * model.compile({ loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });
 */
export const sparseCategoricalCrossentropy: LossDefinition<SparseCategoricalCrossentropyOptions> = {
  targets: 'classNumber',
  defaults: { fromLogits: false, ignoreClass: null },
  make({ fromLogits, ignoreClass }, where) {
    if (ignoreClass !== null) checkNumber(where, 'ignoreClass', ignoreClass, { integer: true });
    return (y, predictions) => {
      const likelihood = negate(meanOfRows(multiply(y, logarithms(predictions, fromLogits))));
      return ignoreClass === null ? likelihood : multiply(likelihood, placesPerValidOne(y));
    };
  },
};

function logarithms(predictions: Value, fromLogits: boolean): Value {
  const logits = logitsOf('sparseCategoricalCrossentropy', predictions, fromLogits, 'softmax');
  if (logits) return logSoftmax(logits);
  const held = clip(predictions, epsilon, 1 - epsilon);
  return log(divide(held, sumOfRows(held, 'yes')));
}

/** Places of a batch over places that are not left out: the rows of those are zeros. Makes a mean over all one over the rest. */
function placesPerValidOne(y: Value): Value {
  const places = multiply(y.graph.scalar('batchSize'), elementCount(y.shape.slice(1, -1)));
  return divide(places, maximum(sum(y), 1));
}
