/** Softmax over the last axis: exp(x − max) / Σ exp(x − max). */
import { elementCount } from '../core/shape.ts';
import { multiply, subtract } from './elementwise.ts';
import { applyOne, defineOp, type OpDefinition, type Value } from './op.ts';
import { sum } from './reduce.ts';

const fields: Record<never, never> = {};

/** dx = y · (dy − Σ dy·y). */
export const softmax: OpDefinition<typeof fields> = defineOp({
  fields,
  infer: ([x]) => [{ shape: x!.shape, dtype: 'float32' }],
  gradient({ outputs: [y], gradients: [dy] }) {
    if (!dy) return [undefined];
    const last = y!.shape.length - 1;
    return [multiply(y!, subtract(dy, sum(multiply(dy, y!), last, last, 'yes')))];
  },
  flops: ([x]) => 5 * elementCount(x!.shape),
});

/** Softmax over the last axis. */
export function softmaxOf(x: Value): Value {
  return applyOne('softmax', [x], fields);
}
