/** Cases of filters along rows and columns: weights longer than pictures, every fill mode, bytes and floats. */
import { batchAxis } from '../../src/core/shape.ts';
import type { FillMode } from '../../src/ops/sampling.ts';
import { arena, bytes, type OpCase, ofLargest } from './case.ts';

type FilterCase = OpCase<'separableFilter'>;

const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap', 'mirror'];

const sizes: readonly (readonly [
  height: number,
  width: number,
  channels: number,
  down: number,
  across: number,
  batch: number,
])[] = [
  [1, 1, 1, 3, 1, 2],
  [5, 7, 3, 3, 5, 3],
  [4, 3, 2, 13, 11, 2],
  [9, 16, 4, 1, 3, 2],
  [40, 71, 3, 7, 7, 3],
];

function caseOf(
  [height, width, channels, down, across, batch]: (typeof sizes)[number],
  dtype: 'uint8' | 'float32',
  fillMode: FillMode,
): FilterCase {
  const picture = [batchAxis, height, width, channels];
  return {
    name: `separableFilter ${down} by ${across} on ${batch}×${height}×${width}×${channels} ${dtype} ${fillMode}`,
    op: 'separableFilter',
    attributes: { fillMode },
    batch,
    inputs: [
      dtype === 'uint8' ? arena(picture, bytes, 'uint8') : arena(picture),
      arena([batchAxis, down]),
      arena([batchAxis, across]),
    ],
    tolerance: ofLargest(2e-6),
  };
}

/** The cases. */
export const separableFilterCases: readonly FilterCase[] = [
  ...sizes.flatMap((size) =>
    (['uint8', 'float32'] as const).flatMap((dtype) => fillModes.map((fillMode) => caseOf(size, dtype, fillMode))),
  ),
  { ...caseOf([150, 150, 3, 7, 7, 1], 'uint8', 'reflect'), bench: { batch: 32 } },
  { ...caseOf([150, 150, 2, 31, 31, 1], 'float32', 'reflect'), bench: { batch: 32 } },
];
