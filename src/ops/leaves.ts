/** Leaves: where values come from. They have no kernels. */
import type { DType } from '../core/dtype.ts';
import { type AttributesOf, defineOp, dtypeName, float, name, type OpDefinition, shape } from './op.ts';

const placed = { name, shape, dtype: dtypeName };
type Placed = typeof placed;

function inferPlaced(_: unknown, attributes: AttributesOf<Placed>): { shape: readonly number[]; dtype: DType }[] {
  return [{ shape: attributes.shape, dtype: attributes.dtype }];
}

/** A batch of examples or targets, written before each run. */
export const input: OpDefinition<Placed> = defineOp({ fields: placed, role: 'leaf', infer: inferPlaced });

/** A weight or an optimizer's slot: lasts from run to run, and changes only by `assign`. */
export const variable: OpDefinition<Placed> = defineOp({ fields: placed, role: 'leaf', infer: inferPlaced });

const scalarFields = { name, dtype: dtypeName };

/** A number that may differ at each run (learning rate, step, seed, batch size): changing it compiles nothing. */
export const scalar: OpDefinition<typeof scalarFields> = defineOp({
  fields: scalarFields,
  role: 'leaf',
  infer: (_, attributes) => [{ shape: [], dtype: attributes.dtype }],
});

const constantFields = { value: float };

/** A number known when the graph is made. */
export const constant: OpDefinition<typeof constantFields> = defineOp({
  fields: constantFields,
  role: 'leaf',
  infer: () => [{ shape: [], dtype: 'float32' }],
});
