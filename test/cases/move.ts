/** Cases of ops that move numbers: transposing, parts, margins, arrays one behind the other; every axis, runs of every length. */
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { arena, exact, listed, type OpCase } from './case.ts';

type MoveCase = OpCase<'transpose'> | OpCase<'slice'> | OpCase<'pad'> | OpCase<'concatenate'>;

/** Shapes with the axes of the result. */
const transposings: readonly (readonly [Shape, readonly number[], batch?: number])[] = [
  [[1], [0]],
  [
    [7, 5],
    [1, 0],
  ],
  [
    [1, 9],
    [1, 0],
  ],
  [
    [16, 16],
    [1, 0],
  ],
  [
    [17, 33],
    [1, 0],
  ],
  [
    [100, 65],
    [1, 0],
  ],
  [
    [3, 4, 5],
    [2, 1, 0],
  ],
  [
    [3, 4, 5],
    [1, 2, 0],
  ],
  [
    [3, 4, 5],
    [2, 0, 1],
  ],
  [[batchAxis, 6], [0, 1], 4],
  [[batchAxis, 7, 5, 3], [0, 3, 1, 2], 3],
  [[batchAxis, 3, 7, 5], [0, 2, 3, 1], 3],
  [[batchAxis, 9, 1, 20], [0, 3, 2, 1], 2],
  [[batchAxis, 12, 10, 33], [0, 3, 1, 2], 2],
  [[batchAxis, 33, 12, 10], [0, 2, 3, 1], 2],
  [[batchAxis, 5, 6, 7], [0, 2, 1, 3], 3],
  [[batchAxis, 6, 17, 18], [0, 1, 3, 2], 2],
  [[batchAxis, 6, 17, 18], [0, 3, 2, 1], 2],
  [
    [2, 3, 2, 3, 2, 3],
    [5, 3, 1, 4, 2, 0],
  ],
  [[batchAxis, 2, 3, 2, 3, 4], [0, 4, 2, 5, 3, 1], 2],
  [[batchAxis, 28, 28, 64], [0, 3, 1, 2], 3],
  [[batchAxis, 64, 28, 28], [0, 2, 3, 1], 3],
  [[batchAxis, 130, 20, 20], [0, 2, 1, 3], 2],
];

function transposeCase([shape, permutation, batch = 1]: (typeof transposings)[number]): OpCase<'transpose'> {
  return {
    name: `transpose ${shape.join('×')} to ${permutation.join(' ')}`,
    op: 'transpose',
    attributes: { permutation },
    batch,
    inputs: [arena(shape)],
    tolerance: exact,
  };
}

/** The whole, where the part starts, its sizes. */
const parts: readonly (readonly [whole: Shape, start: readonly number[], part: Shape, batch?: number])[] = [
  [[9], [2], [5]],
  [[9], [0], [9]],
  [
    [7, 6],
    [0, 1],
    [7, 4],
  ],
  [
    [7, 6],
    [3, 0],
    [3, 6],
  ],
  [
    [7, 40],
    [6, 3],
    [1, 33],
  ],
  [[batchAxis, 10], [0, 9], [batchAxis, 1], 5],
  [[batchAxis, 8, 9, 3], [0, 1, 2, 0], [batchAxis, 6, 5, 3], 3],
  [[batchAxis, 8, 9, 3], [0, 0, 0, 1], [batchAxis, 8, 9, 1], 3],
  [[batchAxis, 8, 9, 35], [0, 1, 1, 1], [batchAxis, 6, 7, 18], 2],
  [[batchAxis, 5, 4, 3, 2, 6], [0, 1, 0, 1, 1, 2], [batchAxis, 3, 4, 2, 1, 3], 2],
  [[batchAxis, 64, 60, 20], [0, 2, 3, 0], [batchAxis, 60, 55, 20], 3],
  [
    [3, 70_000],
    [1, 5],
    [2, 69_001],
  ],
];

function partCases([whole, start, part, batch = 1]: (typeof parts)[number]): MoveCase[] {
  const common = { batch, tolerance: exact };
  const name = `${part.join('×')} at ${start.join(' ')} of ${whole.join('×')}`;
  return [
    { ...common, name: `slice ${name}`, op: 'slice', attributes: { start, shape: part }, inputs: [arena(whole)] },
    ...[0, -1.5].map(
      (value): OpCase<'pad'> => ({
        ...common,
        name: `pad ${name} with ${value}`,
        op: 'pad',
        attributes: { start, shape: whole, value },
        inputs: [arena(part)],
      }),
    ),
  ];
}

/** Shapes that are put together along an axis. */
const groups: readonly (readonly [shapes: readonly Shape[], axis: number, batch?: number])[] = [
  [[[3], [4]], 0],
  [[[3, 5]], 1],
  [
    [
      [3, 5],
      [1, 5],
      [7, 5],
    ],
    0,
  ],
  [
    [
      [3, 5],
      [3, 1],
      [3, 18],
      [3, 40],
    ],
    1,
  ],
  [
    [
      [batchAxis, 3],
      [batchAxis, 5],
    ],
    1,
    4,
  ],
  [
    [
      [batchAxis, 4, 5, 16],
      [batchAxis, 4, 5, 16],
    ],
    3,
    3,
  ],
  [
    [
      [batchAxis, 4, 5, 3],
      [batchAxis, 4, 5, 1],
      [batchAxis, 4, 5, 33],
    ],
    3,
    3,
  ],
  [
    [
      [batchAxis, 4, 5, 3],
      [batchAxis, 1, 5, 3],
    ],
    1,
    3,
  ],
  [
    [
      [batchAxis, 4, 5, 3],
      [batchAxis, 4, 2, 3],
    ],
    2,
    3,
  ],
  [
    [
      [batchAxis, 30, 31, 32],
      [batchAxis, 30, 31, 48],
    ],
    3,
    3,
  ],
  [Array.from({ length: 20 }, (_, index) => [batchAxis, 3, 1 + (index % 3)]), 2, 2],
];

function groupCase([shapes, axis, batch = 1]: (typeof groups)[number]): OpCase<'concatenate'> {
  return {
    name: `concatenate ${shapes.map((shape) => shape.join('×')).join(', ')} along ${axis}`,
    op: 'concatenate',
    attributes: { axis },
    batch,
    inputs: shapes.map((shape) => arena(shape)),
    tolerance: exact,
  };
}

/** Layers of real networks, for the benchmark, and numbers that are none. */
const others: readonly MoveCase[] = [
  { ...transposeCase([[batchAxis, 56, 56, 128], [0, 3, 1, 2], 1]), bench: { batch: 32 } },
  { ...transposeCase([[batchAxis, 128, 56, 56], [0, 2, 3, 1], 1]), bench: { batch: 32 } },
  {
    ...groupCase([
      [
        [batchAxis, 56, 56, 64],
        [batchAxis, 56, 56, 64],
      ],
      3,
      1,
    ]),
    bench: { batch: 32 },
  },
  {
    name: 'pad 1 around 56×56×128',
    op: 'pad',
    attributes: { start: [0, 1, 1, 0], shape: [batchAxis, 58, 58, 128], value: 0 },
    inputs: [arena([batchAxis, 56, 56, 128])],
    tolerance: exact,
    bench: { batch: 32 },
  },
  {
    ...transposeCase([
      [5, 3],
      [1, 0],
    ]),
    name: 'transpose special',
    inputs: [arena([5, 3], listed(Number.NaN, Infinity, -Infinity, -0))],
    withoutGradient: 'special values',
  },
];

/** The cases. */
export const moveCases: readonly MoveCase[] = [
  ...transposings.map(transposeCase),
  ...parts.flatMap(partCases),
  ...groups.map(groupCase),
  ...others,
];
