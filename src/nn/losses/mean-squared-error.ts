/** Mean squared error. */
import { square, subtract } from '../../ops/elementwise.ts';
import { type LossDefinition, meanOfExample } from './loss.ts';

/** mean((p − y)²). Source: `keras.losses.MeanSquaredError`. */
export const meanSquaredError: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(square(subtract(predictions, y))),
};
