/** Sums and maxima over a run of neighbouring axes. */
import { OptionError } from '../core/errors.ts';
import { elementCount, type Shape, sameShape } from '../core/shape.ts';
import {
  type AttributesOf,
  applyOne,
  choice,
  defineOp,
  int,
  type OpDefinition,
  type Value,
  type ValueType,
} from './op.ts';
import { reshapeTo } from './reshape.ts';

const fields = { firstAxis: int, lastAxis: int, keepAxes: choice('no', 'yes') };
type Fields = typeof fields;

function infer([x]: readonly ValueType[], attributes: AttributesOf<Fields>, where: string): ValueType[] {
  const { firstAxis, lastAxis, keepAxes } = attributes;
  if (firstAxis < 0 || lastAxis < firstAxis || lastAxis >= x!.shape.length) {
    throw new OptionError(
      `${where}: expected axes from 0 to ${x!.shape.length - 1} in order, received ${firstAxis} to ${lastAxis}.`,
    );
  }
  const kept = keepAxes === 'yes' ? x!.shape.slice(firstAxis, lastAxis + 1).map(() => 1) : [];
  const shape = [...x!.shape.slice(0, firstAxis), ...kept, ...x!.shape.slice(lastAxis + 1)];
  return [{ shape, dtype: 'float32' }];
}

function keptShape(x: Value, { firstAxis, lastAxis }: AttributesOf<Fields>): Shape {
  return x.shape.map((size, axis) => (axis >= firstAxis && axis <= lastAxis ? 1 : size));
}

/** Sum over axes firstAxis … lastAxis. */
export const reduceSum: OpDefinition<Fields> = defineOp({
  fields,
  infer,
  gradient: ({ inputs: [x], gradients: [dy], attributes }) => [
    dy && applyOne('broadcast', [reshapeTo(dy, keptShape(x!, attributes))], { shape: x!.shape }),
  ],
  flops: ([x]) => elementCount(x!.shape),
});

/** Largest value over axes firstAxis … lastAxis. Equal largest values share the gradient, as in TensorFlow. */
export const reduceMax: OpDefinition<Fields> = defineOp({
  fields,
  infer,
  gradient({ inputs: [x], outputs: [y], gradients: [dy], attributes }) {
    if (!dy) return [undefined];
    const kept = keptShape(x!, attributes);
    const isLargest = applyOne('equal', [x!, reshapeTo(y!, kept)], {});
    const count = applyOne('reduceSum', [isLargest], { ...attributes, keepAxes: 'yes' });
    const share = applyOne('divide', [reshapeTo(dy, kept), count], {});
    return [applyOne('multiply', [isLargest, share], {})];
  },
  flops: ([x]) => elementCount(x!.shape),
});

/**
 * The sum over a run of axes.
 *
 * @param firstAxis the first of them, default 0; negative axes count from the end
 * @param lastAxis the last of them, itself included; default the last axis of `x`, so that `sum(x, 1)` of `[batch, …]` is one
 *   number for each example, and `sum(x, -1)` one for each row
 * @param keepAxes `'yes'`: summed axes stay, with size 1; default `'no'`
 * @throws OptionError for axes that `x` does not have
 */
export function sum(
  x: Value,
  firstAxis = 0,
  lastAxis: number = x.shape.length - 1,
  keepAxes: 'no' | 'yes' = 'no',
): Value {
  if (x.shape.length === 0) return x;
  return applyOne('reduceSum', [x], {
    firstAxis: axisFromStart(x, firstAxis),
    lastAxis: axisFromStart(x, lastAxis),
    keepAxes,
  });
}

/** An axis counted from the start, where a negative one counts from the end. One that is not there stays as it is. */
export function axisFromStart({ shape }: Value, axis: number): number {
  return axis < 0 && axis >= -shape.length ? axis + shape.length : axis;
}

/** Sums away the axes over which a value of shape `target` was broadcast: the gradient of broadcasting. */
export function sumTo(x: Value, target: Shape): Value {
  if (sameShape(x.shape, target)) return x;
  const extra = x.shape.length - target.length;
  const isSummed = x.shape.map((size, axis) => axis < extra || (target[axis - extra] === 1 && size !== 1));
  let result = x;
  for (let last = isSummed.length - 1; last >= 0; last--) {
    if (!isSummed[last]) continue;
    let first = last;
    while (first > 0 && isSummed[first - 1]) first--;
    result = sum(result, first, last, 'yes');
    last = first;
  }
  return sameShape(result.shape, target) ? result : reshapeTo(result, target);
}
