/** Poisson's loss, for counts. */
import { add, log, multiply, subtract } from '../../ops/elementwise.ts';
import { epsilon, type LossDefinition, meanOfExample } from './loss.ts';

/** mean(p − y·ln(p + ε)). Source: `keras.losses.Poisson`. */
export const poisson: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(subtract(predictions, multiply(y, log(add(predictions, epsilon))))),
};
