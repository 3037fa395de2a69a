/** Categorical hinge: the right class must be ahead of the strongest other one by a margin of 1. */
import { add, divide, equal, maximum, multiply, subtract } from '../../ops/elementwise.ts';
import { applyOne, type Value } from '../../ops/op.ts';
import { withoutGradient } from '../../ops/stop-gradient.ts';
import { type LossDefinition, meanOfExample, sumOfRows } from './loss.ts';

/** The largest number of each row. Its gradient goes to the places that hold it, in equal parts. */
function largestOfRows(x: Value): Value {
  const last = x.shape.length - 1;
  const fields = { firstAxis: last, lastAxis: last, keepAxes: 'yes' } as const;
  const isLargest = equal(x, withoutGradient(applyOne('reduceMax', [x], fields)));
  return divide(sumOfRows(multiply(x, isLargest)), sumOfRows(isLargest));
}

/** max(max((1 − y)·p) − Σ y·p + 1, 0) for one-hot rows. Source: `keras.losses.CategoricalHinge`. */
export const categoricalHinge: LossDefinition<object> = {
  targets: 'sameShape',
  defaults: {},
  make: () => (y, predictions) => {
    const right = sumOfRows(multiply(y, predictions));
    const other = largestOfRows(multiply(subtract(1, y), predictions));
    return meanOfExample(maximum(add(subtract(other, right), 1), 0));
  },
};
