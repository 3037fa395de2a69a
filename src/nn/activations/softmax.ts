/** Softmax and its logarithm over any axis. The largest value is taken off first, so that no exponential overflows; it
 * cancels out, so gradients do not pass through it. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { divide, exp, log, subtract } from '../../ops/elementwise.ts';
import { applyOne, type Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { softmaxOf } from '../../ops/softmax.ts';
import { withoutGradient } from '../../ops/stop-gradient.ts';
import type { PartDefinition } from '../part.ts';

type AxisOptions = { axis: number };
type OverAxis = PartDefinition<AxisOptions, (x: Value) => Value>;

/** exp(x) / Σ exp(x) over `axis`: the last one by default. */
export const softmax: OverAxis = overAxis((x, axis) => {
  if (axis === x.shape.length - 1) return softmaxOf(x);
  const powers = exp(belowLargest(x, axis));
  return divide(powers, sum(powers, axis, axis, 'yes'));
});

/** x − log Σ exp(x) over `axis`: the last one by default. */
export const logSoftmax: OverAxis = overAxis((x, axis) => {
  const below = belowLargest(x, axis);
  return subtract(below, log(sum(exp(below), axis, axis, 'yes')));
});

function belowLargest(x: Value, axis: number): Value {
  const fields = { firstAxis: axis, lastAxis: axis, keepAxes: 'yes' } as const;
  return subtract(x, withoutGradient(applyOne('reduceMax', [x], fields)));
}

function overAxis(compute: (x: Value, axis: number) => Value): OverAxis {
  return {
    defaults: { axis: -1 },
    make({ axis }, where) {
      checkNumber(where, 'axis', axis, { integer: true });
      return (x) => {
        const resolved = axis < 0 ? axis + x.shape.length : axis;
        if (resolved < 0 || resolved >= x.shape.length) {
          throw new OptionError(
            `${where}: expected an axis that the input has, received axis ${axis} for ${formatShape(x.shape)}.`,
          );
        }
        return compute(x, resolved);
      };
    },
  };
}
