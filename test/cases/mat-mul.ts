/** Cases of the matrix product: every pair of transposes with and without bias and ReLU, sizes around tile edges. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, type OpCase, ofLargest, uniform, variable } from './case.ts';

/** [m, k, n]; m is the batch where the left matrix is not transposed, k where it is. */
const sizes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [2, 3, 1],
  [1, 7, 5],
  [3, 17, 16],
  [5, 64, 33],
  [7, 130, 10],
  [13, 9, 70],
  [32, 100, 31],
  [33, 65, 129],
  [97, 48, 20],
];

/** The 13-layer network's first dense layer and a classifier's last one: [batch, inputs, units]. */
const layers: readonly (readonly [number, number, number])[] = [
  [4, 3136, 256],
  [8, 512, 4],
];

/** Large enough for other orders of the work: more rows than a block has, several groups of columns and blocks of steps;
 * wide sums in chunks; and many rows times a transposed matrix. */
const large: readonly (readonly [[m: number, k: number, n: number], transposeB: 'no' | 'yes'])[] = [
  [[250, 260, 300], 'no'],
  [[14, 8200, 530], 'no'],
  [[100, 270, 2150], 'yes'],
];

const words = ['no', 'yes'] as const;

function product(
  [m, k, n]: readonly [number, number, number],
  transposeA: 'no' | 'yes',
  transposeB: 'no' | 'yes',
  { hasBias, activation }: { hasBias: boolean; activation: 'linear' | 'relu' },
): OpCase<'matMul'> {
  const marks = `${transposeA === 'yes' ? 'ᵀ' : ''}·${transposeB === 'yes' ? 'ᵀ' : ''}`;
  return {
    name: `matMul ${m}×${k}${marks}${k}×${n}${hasBias ? ' bias' : ''}${activation === 'relu' ? ' relu' : ''}`,
    op: 'matMul',
    attributes: { transposeA, transposeB, activation },
    batch: transposeA === 'yes' ? k : m,
    inputs: [
      arena(transposeA === 'yes' ? [batchAxis, m] : [batchAxis, k]),
      transposeA === 'yes'
        ? arena(transposeB === 'yes' ? [n, k] : [batchAxis, n])
        : variable(transposeB === 'yes' ? [n, k] : [k, n]),
      // Positive, so that ReLU lets most of the results through.
      ...(hasBias ? [variable([n], uniform(0, Math.sqrt(k)))] : []),
    ],
    tolerance: ofLargest(1e-5),
  };
}

/** A transposed left matrix carries the batch in its rows; a right one that is transposed too would carry it in columns,
 * which the batch axis never is, so that pair has plain sizes. */
function withPlainSizes(testCase: OpCase<'matMul'>): OpCase<'matMul'> {
  const batch = testCase.batch!;
  return {
    ...testCase,
    inputs: testCase.inputs.map((input) => ({
      ...input,
      shape: input.shape.map((size) => (size === batchAxis ? batch : size)),
    })),
  };
}

/** The cases. */
export const matMulCases: readonly OpCase<'matMul'>[] = [
  ...sizes.flatMap((size, index) =>
    words.flatMap((transposeA) =>
      words.flatMap((transposeB) => {
        const made = [
          product(size, transposeA, transposeB, { hasBias: false, activation: 'linear' }),
          product(size, transposeA, transposeB, { hasBias: true, activation: index % 2 === 1 ? 'relu' : 'linear' }),
        ];
        return transposeA === 'yes' && transposeB === 'yes' ? made.map(withPlainSizes) : made;
      }),
    ),
  ),
  ...large.map(([size, transposeB]) => product(size, 'no', transposeB, { hasBias: true, activation: 'relu' })),
  ...layers.flatMap(([batch, inputs, units]) => [
    { ...product([batch, inputs, units], 'no', 'no', { hasBias: true, activation: 'relu' }), bench: { batch: 32 } },
    { ...product([batch, units, inputs], 'no', 'yes', { hasBias: false, activation: 'linear' }), bench: { batch: 32 } },
    { ...product([inputs, batch, units], 'yes', 'no', { hasBias: false, activation: 'linear' }), bench: { batch: 32 } },
  ]),
];
