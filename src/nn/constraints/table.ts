/** Constraints by their Keras names: what a weight is brought back to after each update. A constraint of one's own is a
 * function in ops: `(weight) => clip(weight, -1, 1)`. */
import { relu } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { type Part, type PartDefinition, type PartTable, partTable } from '../part.ts';
import { maxNorm, minMaxNorm, unitNorm } from './norms.ts';

/** The weight within its bounds, in its shape. */
export type Constraint = (weight: Value) => Value;

const rows = {
  /** max(w, 0). */
  nonNeg: { defaults: {}, make: () => relu } satisfies PartDefinition<Record<never, never>, Constraint>,
  maxNorm,
  minMaxNorm,
  unitNorm,
};

const table: PartTable<typeof rows, Constraint> = partTable<Constraint, typeof rows>('constraint', rows);

/** The names that `kernelConstraint` and its like take. */
export type ConstraintName = keyof typeof rows;

/** What `kernelConstraint` and its like take: a name, one of `constraints` with its options, or a function. */
export type ConstraintPart = Part<ConstraintName, Constraint>;

/** All names. */
export const constraintNames: readonly ConstraintName[] = table.names;

/** Constraints with options: `constraints.maxNorm({ maxValue: 3, axis: [0, 1, 2] })`. */
export const constraints: PartTable<typeof rows, Constraint>['factories'] = table.factories;

/** The constraint's function. */
export function constraint(part: ConstraintPart): Constraint {
  return table.make(part);
}

/** Checks a constraint; absent is none. @throws OptionError naming the nearest one */
export function checkConstraint(where: string, given: unknown): ConstraintPart | undefined {
  return given === undefined || given === null ? undefined : table.check(where, given);
}
