/** Mean absolute error. */
import { abs, subtract } from '../../ops/elementwise.ts';
import { type LossDefinition, meanOfExample } from './loss.ts';

/** mean(|p − y|). Source: `keras.losses.MeanAbsoluteError`. */
export const meanAbsoluteError: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(abs(subtract(predictions, y))),
};
