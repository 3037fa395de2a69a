/** What a loss is: for each example, a number that says how wrong the prediction was, written in ops. */
import { checkNumber } from '../../core/options.ts';
import { add, divide, multiply } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import type { PartDefinition } from '../part.ts';

/** Keras's epsilon: probabilities are held this far from 0 and 1. */
export const epsilon = 1e-7;

/** What targets a loss expects beside predictions `[batch, …]`: numbers of the same shape, or one class number for each
 * row of predictions, which the trainer writes as a one-hot row. */
export type TargetKind = 'sameShape' | 'classNumber';

/** The loss of each example, `[batch]`, or of each of its places, `[batch, …]`, over which the mean is taken. */
export type LossFunction = (targets: Value, predictions: Value) => Value;

/** A kind of loss. A new one is one file with one of these, and a row in the table. */
export interface LossDefinition<Options extends object> extends PartDefinition<Options, LossFunction> {
  readonly targets: TargetKind;
  /** Where given, targets must lie between 0 and 1: they are shares or probabilities. */
  readonly range?: 'shares';
}

/** A loss ready to be traced. */
export interface Loss {
  /** As messages and histories name it. */
  readonly name: string;
  readonly targets: TargetKind;
  readonly range: 'shares' | 'any';
  /** The class number that is left out, where there is one. */
  readonly ignoreClass: number | undefined;
  /** Loss of each example, `[batch]`. */
  perExample(targets: Value, predictions: Value): Value;
}

/** The mean over all axes but the batch. */
export function meanOfExample(x: Value): Value {
  if (x.shape.length <= 1) return x;
  const count = x.shape.slice(1).reduce((product, size) => product * size, 1);
  return divide(sum(x, 1), count);
}

/** The sum over the last axis. */
export function sumOfRows(x: Value, keepAxes: 'no' | 'yes' = 'no'): Value {
  const last = x.shape.length - 1;
  return sum(x, last, last, keepAxes);
}

/** The sum over the last axis, and its mean over the axes between that and the batch. */
export function meanOfRows(x: Value): Value {
  return meanOfExample(sumOfRows(x));
}

/** Targets drawn towards `share`: y · (1 − s) + s · share. */
export function smoothed(targets: Value, smoothing: number, share: number): Value {
  return smoothing === 0 ? targets : add(multiply(targets, 1 - smoothing), smoothing * share);
}

/** Checks `labelSmoothing`. */
export function checkSmoothing(where: string, labelSmoothing: number): void {
  checkNumber(where, 'labelSmoothing', labelSmoothing, { min: 0, max: 1 });
}
