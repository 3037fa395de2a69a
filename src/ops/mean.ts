/** The mean over neighbouring axes: their sum by their number, which for the axis of examples is the size of the batch. */
import { batchAxis, elementCount } from '../core/shape.ts';
import { divide, multiply } from './elementwise.ts';
import type { Value } from './op.ts';
import { axisFromStart, sum } from './reduce.ts';

/**
 * The mean over a run of axes, which are given as those of `sum`.
 *
 * @throws OptionError for axes that `x` does not have
 * @example
 * const ofEachExample = mean(square(subtract(targets, predictions)), 1); // the mean squared error
 */
export function mean(
  x: Value,
  firstAxis = 0,
  lastAxis: number = x.shape.length - 1,
  keepAxes: 'no' | 'yes' = 'no',
): Value {
  const total = sum(x, firstAxis, lastAxis, keepAxes);
  const sizes = x.shape.slice(axisFromStart(x, firstAxis), axisFromStart(x, lastAxis) + 1);
  const count = elementCount(sizes);
  return divide(total, sizes[0] === batchAxis ? multiply(x.graph.scalar('batchSize'), count) : count);
}
