/** Cases of affine and projective transforms: every fill mode, few and many channels, bytes and floats, pictures that turn,
 * shear, flip and lie far away. Places of `nearest` keep away from halves, where a rounding error decides. */
import { batchAxis } from '../../src/core/shape.ts';
import type { FillMode } from '../../src/ops/sampling.ts';
import { arena, bytes, exact, type Fill, listed, type OpCase, ofLargest, uniform } from './case.ts';

type TransformCase = OpCase<'affineTransform'>;

const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap', 'mirror'];

/** A turn by an angle in radians with a zoom, about the middle of a picture, and a shift. */
function turned(angle: number, zoom: number, [height, width]: readonly [number, number], shift: number): number[] {
  const [cos, sin] = [Math.cos(angle) * zoom, Math.sin(angle) * zoom];
  const [y, x] = [(height - 1) / 2, (width - 1) / 2];
  return [cos, -sin, x - cos * x + sin * y + shift, sin, cos, y - sin * x - cos * y - shift, 0, 0];
}

/** For each example of a batch another transform: turned, projected, sheared and flipped, far outside. */
function mixed(size: readonly [number, number]): Fill {
  const projected = turned(-2.1, 0.83, size, -1.37);
  projected.splice(6, 2, 0.0031, -0.0017);
  const far = turned(1.03, 3.7, size, 211.3);
  // Whole 64ths and an odd 128th: no place is near a half.
  const sheared = [-69 / 64, 20 / 64, size[1] - 153 / 128, 8 / 64, 62 / 64, 51 / 128, 0, 0];
  return listed(...turned(0.3, 1.21, size, 2.43), ...projected, ...sheared, ...far);
}

const sizes: readonly (readonly [from: [number, number], to: [number, number], channels: number, batch: number])[] = [
  [[1, 1], [2, 3], 3, 2],
  [[7, 9], [7, 9], 1, 4],
  [[13, 17], [13, 17], 3, 4],
  [[11, 6], [19, 5], 4, 4],
  [[9, 33], [9, 33], 7, 3],
  [[70, 75], [70, 75], 3, 3],
];

function caseOf(
  [from, to, channels, batch]: (typeof sizes)[number],
  dtype: 'uint8' | 'float32',
  interpolation: 'nearest' | 'bilinear',
  fillMode: FillMode,
  outputType: 'float32' | 'uint8' = 'float32',
): TransformCase {
  const picture = [batchAxis, ...from, channels];
  return {
    name: `affineTransform ${batch}×${from.join('×')}×${channels} ${dtype} to ${to.join('×')}${outputType === 'uint8' ? ' bytes' : ''} ${interpolation} ${fillMode}`,
    op: 'affineTransform',
    attributes: { height: to[0], width: to[1], interpolation, fillMode, fillValue: 17.5, outputType },
    batch,
    inputs: [
      dtype === 'uint8'
        ? arena(picture, bytes, 'uint8')
        : arena(picture, outputType === 'uint8' ? uniform(-20, 280) : undefined),
      arena([batchAxis, 8], mixed(from)),
    ],
    // What lies near a half is rounded either way.
    tolerance: ofLargest(outputType === 'uint8' ? 1 / 160 : interpolation === 'nearest' ? 1e-6 : 1e-4),
  };
}

/** Transforms of which each place is a pixel: nothing may be off by a bit. */
function wholeCase(name: string, transform: readonly number[], fillMode: FillMode): TransformCase {
  return {
    ...caseOf([[12, 12], [12, 12], 3, 2], 'uint8', 'bilinear', fillMode),
    name: `affineTransform ${name}`,
    inputs: [arena([batchAxis, 12, 12, 3], bytes, 'uint8'), arena([batchAxis, 8], listed(...transform))],
    tolerance: exact,
  };
}

/** A transform such as augmentation draws: turned by some degrees, a little nearer, a little aside. */
const mild: TransformCase = {
  ...caseOf([[150, 150], [150, 150], 3, 1], 'uint8', 'bilinear', 'reflect', 'uint8'),
  name: 'affineTransform mild 1×150×150×3 uint8 to bytes bilinear reflect',
  inputs: [
    arena([batchAxis, 150, 150, 3], bytes, 'uint8'),
    arena(
      [batchAxis, 8],
      listed(
        ...turned(0.2, 0.9, [150, 150], 7.3),
        ...turned(-0.13, 1.15, [150, 150], -11.6),
        ...turned(0.02, 1, [150, 150], 3.1),
      ),
    ),
  ],
};

const large: TransformCase = caseOf([[150, 150], [150, 150], 3, 1], 'uint8', 'bilinear', 'reflect');

/** The cases. */
export const affineTransformCases: readonly TransformCase[] = [
  ...sizes.flatMap((size) =>
    (['uint8', 'float32'] as const).flatMap((dtype) =>
      (['nearest', 'bilinear'] as const).flatMap((interpolation) =>
        fillModes.map((fillMode) => caseOf(size, dtype, interpolation, fillMode)),
      ),
    ),
  ),
  ...sizes.flatMap((size) =>
    (['uint8', 'float32'] as const).flatMap((dtype) =>
      (['nearest', 'bilinear'] as const).flatMap((interpolation) =>
        (['constant', 'reflect'] as const).map((fillMode) => caseOf(size, dtype, interpolation, fillMode, 'uint8')),
      ),
    ),
  ),
  caseOf([[23, 150], [23, 150], 3, 3], 'uint8', 'bilinear', 'constant'),
  caseOf([[23, 150], [23, 150], 3, 3], 'uint8', 'nearest', 'wrap', 'uint8'),
  wholeCase('identity', [1, 0, 0, 0, 1, 0, 0, 0], 'constant'),
  wholeCase('flipped', [-1, 0, 11, 0, 1, 0, 0, 0], 'reflect'),
  wholeCase('turned by a quarter', [0, 1, 0, -1, 0, 11, 0, 0], 'constant'),
  wholeCase('shifted by 30 columns', [1, 0, 30, 0, 1, -17, 0, 0], 'mirror'),
  wholeCase('no number', [Number.NaN, 0, 0, 0, 1, 0, 0, 0], 'wrap'),
  wholeCase('beyond all pixels', [1e30, 0, 0, 0, 1, 1e7, 0, 0], 'nearest'),
  { ...mild, bench: { batch: 32 } },
  { ...large, bench: { batch: 32 } },
  { ...caseOf([[150, 150], [150, 150], 3, 1], 'float32', 'bilinear', 'constant'), bench: { batch: 32 } },
];
