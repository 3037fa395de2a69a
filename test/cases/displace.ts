/** Cases of displaced pictures: every fill mode, small steps and far ones, bytes and floats. */
import { batchAxis } from '../../src/core/shape.ts';
import type { FillMode } from '../../src/ops/sampling.ts';
import { arena, bytes, type Fill, listed, type OpCase, ofLargest } from './case.ts';

type DisplaceCase = OpCase<'displace'>;

const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap', 'mirror'];

/** Whole 64ths and an odd 128th: no place is near a half. */
function steps(farthest: number): Fill {
  return (random) => (random.integer(128 * farthest) - 64 * farthest) / 64 + 1 / 128;
}

const sizes: readonly (readonly [height: number, width: number, channels: number, batch: number, farthest: number])[] =
  [
    [1, 1, 1, 2, 3],
    [6, 7, 3, 3, 2],
    [9, 20, 2, 2, 60],
    [11, 5, 5, 2, 4],
    [66, 71, 3, 3, 6],
  ];

function caseOf(
  [height, width, channels, batch, farthest]: (typeof sizes)[number],
  dtype: 'uint8' | 'float32',
  interpolation: 'nearest' | 'bilinear',
  fillMode: FillMode,
  outputType: 'float32' | 'uint8' = 'float32',
): DisplaceCase {
  const picture = [batchAxis, height, width, channels];
  return {
    name: `displace ${batch}×${height}×${width}×${channels} ${dtype}${outputType === 'uint8' ? ' to bytes' : ''} up to ${farthest} ${interpolation} ${fillMode}`,
    op: 'displace',
    attributes: { interpolation, fillMode, fillValue: -3.25, outputType },
    batch,
    inputs: [
      dtype === 'uint8' ? arena(picture, bytes, 'uint8') : arena(picture),
      arena([batchAxis, height, width, 2], steps(farthest)),
    ],
    tolerance: ofLargest(outputType === 'uint8' ? 1 / 160 : 1e-6),
  };
}

/** The cases. */
export const displaceCases: readonly DisplaceCase[] = [
  ...sizes.flatMap((size) =>
    (['uint8', 'float32'] as const).flatMap((dtype) =>
      (['nearest', 'bilinear'] as const).flatMap((interpolation) =>
        fillModes.map((fillMode) => caseOf(size, dtype, interpolation, fillMode)),
      ),
    ),
  ),
  caseOf([66, 71, 3, 3, 6], 'uint8', 'bilinear', 'constant', 'uint8'),
  caseOf([66, 71, 3, 3, 6], 'uint8', 'nearest', 'wrap', 'uint8'),
  {
    ...caseOf([5, 6, 3, 2, 1], 'uint8', 'bilinear', 'reflect'),
    name: 'displace by no number, and beyond all pixels',
    inputs: [
      arena([batchAxis, 5, 6, 3], bytes, 'uint8'),
      arena([batchAxis, 5, 6, 2], listed(0, Number.NaN, 1e20, 0, -Infinity, 1, 0.25, 0.5)),
    ],
  },
  { ...caseOf([150, 150, 3, 1, 4], 'uint8', 'bilinear', 'reflect'), bench: { batch: 32 } },
];
