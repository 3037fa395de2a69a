/** Cases of numbers as bytes: halves of both kinds, numbers outside, numbers that are none, counts that fall short of a vector. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, exact, listed, type OpCase, uniform } from './case.ts';

type BytesCase = OpCase<'toBytes'>;

function caseOf(sizes: readonly number[], batch: number): BytesCase {
  return {
    name: `toBytes ${batch}×${sizes.join('×')}`,
    op: 'toBytes',
    attributes: {},
    batch,
    inputs: [arena([batchAxis, ...sizes], uniform(-40, 300))],
    tolerance: exact,
  };
}

const { NaN: none } = Number;

/** The cases. */
export const toBytesCases: readonly BytesCase[] = [
  caseOf([1], 2),
  caseOf([5, 7, 3], 3),
  caseOf([31], 2),
  caseOf([150, 75, 3], 2),
  {
    ...caseOf([61], 1),
    name: 'toBytes special',
    inputs: [
      arena(
        [61],
        listed(0.5, 1.5, 2.5, 254.5, 253.5, 255.5, -0.5, 0.49999997, 255.49, none, Infinity, -Infinity, -0, 1e30),
      ),
    ],
  },
  { ...caseOf([150, 150, 3], 1), bench: { batch: 32 } },
];
