/** What a loss is: for each example, a number that says how wrong the prediction was, written in ops. */
import { divide } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';

/** Keras's epsilon: probabilities are held this far from 0 and 1. */
export const epsilon = 1e-7;

/** What targets a loss expects beside predictions `[batch, …]`: numbers of the same shape, or one class number for each
 * row of predictions, which the trainer writes as a one-hot row. */
export type TargetKind = 'sameShape' | 'classNumber';

/** A kind of loss. A new one is one file with one of these, and a row in the table. */
export interface Loss {
  readonly targets: TargetKind;
  /** Loss of each example, `[batch]`. */
  perExample(targets: Value, predictions: Value): Value;
}

/** The mean over the last axis, and over all axes but the batch. */
export function meanOfExample(x: Value): Value {
  if (x.shape.length <= 1) return x;
  const count = x.shape.slice(1).reduce((product, size) => product * size, 1);
  return divide(sum(x, 1), count);
}

/** The sum over the last axis, and its mean over the axes between that and the batch. */
export function meanOfRows(x: Value): Value {
  return meanOfExample(sum(x, x.shape.length - 1, x.shape.length - 1));
}
