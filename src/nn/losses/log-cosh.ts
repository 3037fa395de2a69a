/** The logarithm of the hyperbolic cosine of the error: like squares for small errors, like sizes for large ones. */
import { abs, add, exp, log1p, multiply, subtract } from '../../ops/elementwise.ts';
import { type LossDefinition, meanOfExample } from './loss.ts';

/** mean(ln cosh(p − y)), as |e| + ln(1 + e^(−2|e|)) − ln 2, which does not overflow. Source: `keras.losses.LogCosh`. */
export const logCosh: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => {
    const size = abs(subtract(predictions, y));
    const rest = log1p(exp(multiply(size, -2)));
    return meanOfExample(subtract(add(size, rest), Math.LN2));
  },
};
