/** Hinge losses, for targets of −1 and 1: what is right by a margin of 1 costs nothing. */
import { add, equal, maximum, multiply, square, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { type LossDefinition, meanOfExample } from './loss.ts';

/** Targets of a batch that are all 0 or 1 become −1 and 1. */
function signsOf(y: Value): Value {
  const isOther = multiply(subtract(1, equal(y, 0)), subtract(1, equal(y, 1)));
  const isBinary = equal(sum(isOther), 0);
  return add(y, multiply(isBinary, subtract(y, 1)));
}

const shortfall = (y: Value, predictions: Value): Value => maximum(subtract(1, multiply(signsOf(y), predictions)), 0);

/** mean(max(1 − y·p, 0)). Targets that are all 0 or 1 become −1 and 1. Source: `keras.losses.Hinge`. */
export const hinge: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(shortfall(y, predictions)),
};

/** mean(max(1 − y·p, 0)²). Targets that are all 0 or 1 become −1 and 1. Source: `keras.losses.SquaredHinge`. */
export const squaredHinge: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => meanOfExample(square(shortfall(y, predictions))),
};
