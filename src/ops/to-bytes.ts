/** Numbers as bytes, as pictures are stored. */
import { applyOne, defineOp, type OpDefinition, type Value } from './op.ts';

/** min(max(x, 0), 255) rounded, halves to even; NaN becomes 0. */
export const toBytes: OpDefinition<Record<never, never>> = defineOp({
  fields: {},
  infer: ([x]) => [{ shape: x!.shape, dtype: 'uint8' }],
});

/** `x` held within 0 and 255 and rounded to uint8, halves to even; NaN becomes 0. Bytes stay as they are. */
export function asBytes(x: Value): Value {
  return x.dtype === 'uint8' ? x : applyOne('toBytes', [x], {});
}
