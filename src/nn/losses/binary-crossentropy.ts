/** Binary cross-entropy: each output is a yes-or-no of its own. −mean(y·ln p + (1 − y)·ln(1 − p)), p held within [ε, 1 − ε]. */
import { add, clip, log, multiply, negate, subtract } from '../../ops/elementwise.ts';
import { epsilon, type Loss, meanOfExample } from './loss.ts';

export const binaryCrossentropy: Loss = {
  targets: 'sameShape',
  perExample(y, predictions) {
    const p = clip(predictions, epsilon, 1 - epsilon);
    const likelihood = add(multiply(y, log(p)), multiply(subtract(1, y), log(subtract(1, p))));
    return negate(meanOfExample(likelihood));
  },
};
