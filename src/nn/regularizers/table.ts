/** Regularizers by their Keras names: numbers added to the loss for the size of weights or outputs. A regularizer of one's own
 * is a function in ops: `(x) => multiply(sum(abs(x)), 0.01)`. */
import { checkNumber } from '../../core/options.ts';
import { abs, add, multiply, square } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { type Part, type PartDefinition, type PartTable, partTable } from '../part.ts';
import { orthogonalRegularizer } from './orthogonal.ts';

/** The penalty, one number, of a weight or an output. */
export type Regularizer = (x: Value) => Value;

const sumOfSizes = (x: Value): Value => sum(abs(x));
const sumOfSquares = (x: Value): Value => sum(square(x));

const atLeastZero = (where: string, strengths: Readonly<Record<string, number>>): void => {
  for (const [name, strength] of Object.entries(strengths)) checkNumber(where, name, strength, { min: 0 });
};

const rows = {
  /** l1 · Σ|w|. */
  l1: {
    defaults: { l1: 0.01 },
    make({ l1 }, where) {
      atLeastZero(where, { l1 });
      return (x) => multiply(sumOfSizes(x), l1);
    },
  } satisfies PartDefinition<{ l1: number }, Regularizer>,
  /** l2 · Σw², without a half. */
  l2: {
    defaults: { l2: 0.01 },
    make({ l2 }, where) {
      atLeastZero(where, { l2 });
      return (x) => multiply(sumOfSquares(x), l2);
    },
  } satisfies PartDefinition<{ l2: number }, Regularizer>,
  /** l1 · Σ|w| + l2 · Σw²; both are 0 unless they are given, as Keras's L1L2. */
  l1l2: {
    defaults: { l1: 0, l2: 0 },
    make({ l1, l2 }, where) {
      atLeastZero(where, { l1, l2 });
      return (x) => add(multiply(sumOfSizes(x), l1), multiply(sumOfSquares(x), l2));
    },
  } satisfies PartDefinition<{ l1: number; l2: number }, Regularizer>,
  orthogonalRegularizer,
};

const table: PartTable<typeof rows, Regularizer> = partTable<Regularizer, typeof rows>('regularizer', rows);

/** The names that `kernelRegularizer` and its like take. */
export type RegularizerName = keyof typeof rows;

/** What `kernelRegularizer` and its like take: a name, one of `regularizers` with its options, or a function. */
export type RegularizerPart = Part<RegularizerName, Regularizer>;

/** All names. */
export const regularizerNames: readonly RegularizerName[] = table.names;

/** Regularizers with options: `regularizers.l2({ l2: 0.001 })`. */
export const regularizers: PartTable<typeof rows, Regularizer>['factories'] = table.factories;

/** The regularizer's function. */
export function regularizer(part: RegularizerPart): Regularizer {
  return table.make(part);
}

/** Checks a regularizer; absent is none. @throws OptionError naming the nearest one */
export function checkRegularizer(where: string, given: unknown): RegularizerPart | undefined {
  return given === undefined || given === null ? undefined : table.check(where, given);
}
