/** Kullback and Leibler's divergence of predicted from true shares. */
import { clip, divide, log, multiply } from '../../ops/elementwise.ts';
import { epsilon, type LossDefinition, meanOfRows } from './loss.ts';

/** Σ y·ln(y / p), both held within [ε, 1]. Source: `keras.losses.KLDivergence`. */
export const klDivergence: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (targets, predictions) => {
    const y = clip(targets, epsilon, 1);
    return meanOfRows(multiply(y, log(divide(y, clip(predictions, epsilon, 1)))));
  },
};
