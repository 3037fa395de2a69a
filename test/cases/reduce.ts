/** Cases of sums and maxima: every run of axes of some shapes, few and many rows, long and short runs. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, exact, type Fill, listed, type OpCase, ofLargest, uniform } from './case.ts';

/** Numbers that do not cancel, so that errors are measured against what was added. */
const positive: Fill = uniform(0.1, 1);

type ReduceCase = OpCase<'reduceSum'> | OpCase<'reduceMax'>;

/** The batch and the rest of the shape. */
const shapes: readonly (readonly number[])[] = [
  [1],
  [37],
  [5, 1],
  [3, 17],
  [2, 3, 5],
  [4, 33, 2],
  [2, 5, 3, 7],
  [3, 6, 5, 40],
  [2, 2, 3, 2, 3],
];

/** Long runs, whose order of adding matters: [shape, first axis, last axis]. */
const long: readonly (readonly [readonly number[], number, number])[] = [
  [[3, 4099], 1, 1],
  [[1500, 3], 0, 0],
  [[2, 37, 41, 32], 0, 2],
  [[7, 1000, 4], 0, 2],
  [[4, 300, 65], 1, 1],
  [[100_003], 0, 0],
];

function casesOf(shape: readonly number[], firstAxis: number, lastAxis: number): ReduceCase[] {
  const keepAxes = (firstAxis + lastAxis) % 2 === 0 ? 'no' : 'yes';
  const attributes = { firstAxis, lastAxis, keepAxes } as const;
  const batched = [batchAxis, ...shape.slice(1)];
  const name = `${shape.join('×')} axes ${firstAxis}…${lastAxis}${keepAxes === 'yes' ? ' kept' : ''}`;
  const common = { batch: shape[0]!, attributes };
  return [
    {
      ...common,
      name: `reduceSum ${name}`,
      op: 'reduceSum',
      inputs: [arena(batched, positive)],
      tolerance: ofLargest(2e-6),
    },
    {
      ...common,
      name: `reduceMax ${name}`,
      op: 'reduceMax',
      inputs: [arena(batched)],
      tolerance: exact,
    },
  ];
}

function runsOf(shape: readonly number[]): [number, number][] {
  return shape.flatMap((_, first) => shape.slice(first).map((__, length): [number, number] => [first, first + length]));
}

/** The cases. */
export const reduceCases: readonly ReduceCase[] = [
  ...shapes.flatMap((shape) => runsOf(shape).flatMap(([first, last]) => casesOf(shape, first, last))),
  ...long.flatMap(([shape, first, last]) => casesOf(shape, first, last)),
  {
    name: 'reduceSum 32×74×74×32 axes 0…2',
    op: 'reduceSum',
    attributes: { firstAxis: 0, lastAxis: 2, keepAxes: 'no' },
    batch: 2,
    inputs: [arena([batchAxis, 74, 74, 32], positive)],
    tolerance: ofLargest(2e-6),
    bench: { batch: 32 },
  },
  {
    name: 'reduceMax NaN',
    op: 'reduceMax',
    attributes: { firstAxis: 1, lastAxis: 1, keepAxes: 'no' },
    batch: 4,
    inputs: [arena([batchAxis, 21], listed(...Array.from({ length: 30 }, (_, i) => i - 7), Number.NaN))],
    tolerance: exact,
    withoutGradient: 'special or equal values',
  },
  {
    name: 'reduceMax all below zero',
    op: 'reduceMax',
    attributes: { firstAxis: 0, lastAxis: 0, keepAxes: 'yes' },
    batch: 19,
    inputs: [arena([batchAxis, 19], listed(-5, -3, -9))],
    tolerance: exact,
    withoutGradient: 'special or equal values',
  },
];
