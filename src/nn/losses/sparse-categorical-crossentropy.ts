/** Categorical cross-entropy against class numbers. As Keras: probabilities are held within [ε, 1 − ε], their logarithms
 * are taken for logits, and a softmax over those is compared: −ln(p_y / Σ p). The trainer writes class numbers as
 * one-hot rows, so this sees rows. */
import { clip, divide, log, multiply, negate } from '../../ops/elementwise.ts';
import { sum } from '../../ops/reduce.ts';
import { epsilon, type Loss, meanOfRows } from './loss.ts';

export const sparseCategoricalCrossentropy: Loss = {
  targets: 'classNumber',
  perExample(y, predictions) {
    const held = clip(predictions, epsilon, 1 - epsilon);
    const last = predictions.shape.length - 1;
    const likelihood = log(divide(held, sum(held, last, last, 'yes')));
    return negate(meanOfRows(multiply(y, likelihood)));
  },
};
