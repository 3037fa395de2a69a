/** Mean squared logarithmic error. */
import { add, log, maximum, square, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { epsilon, type LossDefinition, meanOfExample } from './loss.ts';

const logOfOneMore = (x: Value): Value => log(add(maximum(x, epsilon), 1));

/** mean((ln(p + 1) − ln(y + 1))²), both held at ε or more. Source: `keras.losses.MeanSquaredLogarithmicError`. */
export const meanSquaredLogarithmicError: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(square(subtract(logOfOneMore(predictions), logOfOneMore(y)))),
};
