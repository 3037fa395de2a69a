/** A value that gradients do not pass: the same memory, for derivatives a constant. It costs nothing at run time. */
import { applyOne, defineOp, type OpDefinition, type Value } from './op.ts';

const fields: Record<never, never> = {};

/** The input itself; its gradient is nothing. */
export const stopGradient: OpDefinition<typeof fields> = defineOp({
  fields,
  role: 'alias',
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  gradient: () => [undefined],
});

/** `x`, as if it were a constant for gradients. */
export function withoutGradient(x: Value): Value {
  return applyOne('stopGradient', [x], fields);
}
