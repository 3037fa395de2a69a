/** Huber's loss: squares of small errors, sizes of large ones. */
import { checkNumber } from '../../core/options.ts';
import { abs, add, minimum, multiply, square, subtract } from '../../ops/elementwise.ts';
import { type LossDefinition, meanOfExample } from './loss.ts';

/** Options of Huber's loss. */
export interface HuberOptions {
  /** From which error on it grows in proportion; default 1. */
  delta: number;
}

/**
 * mean of e²/2 where |e| ≤ δ, and δ·|e| − δ²/2 beyond, for e = p − y. With q = min(|e|, δ) both are q²/2 + δ·(|e| − q).
 * Source: P. Huber, "Robust estimation of a location parameter", 1964, and `keras.losses.Huber`.
 *
 * @example
 * model.compile({ loss: losses.huber({ delta: 0.5 }) });
 */
export const huber: LossDefinition<HuberOptions> = {
  targets: 'sameShape',
  defaults: { delta: 1 },
  make({ delta }, where) {
    checkNumber(where, 'delta', delta, { min: 0, exclusive: true });
    return (y, predictions) => {
      const size = abs(subtract(predictions, y));
      const small = minimum(size, delta);
      return meanOfExample(add(multiply(square(small), 0.5), multiply(subtract(size, small), delta)));
    };
  },
};
