/** Mean squared logarithmic error: mean((ln(p + 1) − ln(y + 1))²), both held at ε or more. */
import { add, log, maximum, square, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { epsilon, type Loss, meanOfExample } from './loss.ts';

const logOfOneMore = (x: Value): Value => log(add(maximum(x, epsilon), 1));

export const meanSquaredLogarithmicError: Loss = {
  targets: 'sameShape',
  perExample: (y, predictions) => meanOfExample(square(subtract(logOfOneMore(predictions), logOfOneMore(y)))),
};
