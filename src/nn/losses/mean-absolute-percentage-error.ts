/** Mean absolute percentage error. */
import { abs, divide, maximum, multiply, subtract } from '../../ops/elementwise.ts';
import { epsilon, type LossDefinition, meanOfExample } from './loss.ts';

/** 100 · mean(|p − y| / max(|y|, ε)). Source: `keras.losses.MeanAbsolutePercentageError`. */
export const meanAbsolutePercentageError: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => {
    const share = divide(abs(subtract(y, predictions)), maximum(abs(y), epsilon));
    return multiply(meanOfExample(share), 100);
  },
};
