/** Cases of picked examples: of every element type, each example from itself or one before it, and numbers outside. */
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { arena, bytes, exact, type Fill, listed, type OpCase, wholes } from './case.ts';

type TakeCase = OpCase<'take'>;

/** So that the first examples of a batch need none behind them. */
const oneBefore: Fill = (random, index) => random.integer(index + 1);

const sizes: readonly (readonly [shape: Shape, batch: number])[] = [
  [[batchAxis], 7],
  [[batchAxis, 1], 5],
  [[batchAxis, 33], 9],
  [[batchAxis, 150, 75, 3], 3],
  [[batchAxis, 5, 7, 3], 16],
  [[batchAxis, 3001], 12],
];

function caseOf(shape: Shape, batch: number, dtype: 'float32' | 'uint8' | 'int32'): TakeCase {
  const fill = { float32: undefined, uint8: bytes, int32: wholes(2 ** 24) }[dtype];
  return {
    name: `take from ${batch}×${shape.slice(1).join('×')} ${dtype}`,
    op: 'take',
    attributes: {},
    batch,
    inputs: [arena(shape, fill, dtype), arena([batchAxis], oneBefore, 'int32')],
    tolerance: exact,
  };
}

/** The cases. */
export const takeCases: readonly TakeCase[] = [
  ...sizes.flatMap(([shape, batch]) =>
    (['float32', 'uint8', 'int32'] as const).map((dtype) => caseOf(shape, batch, dtype)),
  ),
  {
    ...caseOf([5, 6], 1, 'float32'),
    name: 'take numbers outside',
    inputs: [arena([5, 6]), arena([8], listed(4, -1, 5, 0, 2 ** 31 - 1, 1, -(2 ** 31), 3), 'int32')],
  },
  { ...caseOf([batchAxis, 150, 150, 3], 1, 'uint8'), bench: { batch: 32 } },
];
