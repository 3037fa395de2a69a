/** Cases of colours changed: pictures of fewer pixels than a vector and of more than one part, bytes and floats, colours that
 * are grey, and changes by nothing. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, bytes, listed, type OpCase, ofLargest, uniform } from './case.ts';

type MixCase = OpCase<'mixChannels'> | OpCase<'adjustHsv'>;
type Size = readonly [height: number, width: number, batch: number];
const types = ['uint8', 'float32'] as const;

const sizes: readonly Size[] = [
  [1, 1, 2],
  [3, 5, 3],
  [1, 16, 2],
  [7, 9, 3],
  [65, 67, 2],
];

function pictures(shape: readonly number[], dtype: 'uint8' | 'float32', low: number, high: number) {
  if (dtype === 'uint8') return arena(shape, bytes, 'uint8');
  const value = uniform(low, high);
  // Every fifth pixel is grey.
  let last = low;
  return arena(shape, (random, index) => {
    const drawn = value(random, index);
    if (Math.floor(index / 3) % 5 !== 0 || index % 3 === 0) last = drawn;
    return last;
  });
}

function mixCase(
  [height, width, batch]: Size,
  channels: number,
  results: number,
  dtype: 'uint8' | 'float32',
): OpCase<'mixChannels'> {
  return {
    name: `mixChannels ${batch}×${height}×${width}, ${channels} to ${results}, ${dtype}`,
    op: 'mixChannels',
    attributes: { low: -20, high: 200 },
    batch,
    inputs: [pictures([batchAxis, height, width, channels], dtype, 0, 255), arena([batchAxis, results, channels + 1])],
    tolerance: ofLargest(2e-6),
  };
}

const turns = listed(1.3, 0.21, 0.4, -0.4, 7, 0.5);
const saturations = listed(0.3, 0, 5, 0, 1, 0);

function hsvCase(
  [height, width, batch]: Size,
  dtype: 'uint8' | 'float32',
  changes: 'turns' | 'saturations',
  low: number,
): OpCase<'adjustHsv'> {
  return {
    name: `adjustHsv ${batch}×${height}×${width} ${dtype} ${changes} from ${low}`,
    op: 'adjustHsv',
    attributes: { low, high: 250 },
    batch,
    inputs: [
      pictures([batchAxis, height, width, 3], dtype, low, 255),
      arena([batchAxis, 2], changes === 'turns' ? turns : saturations),
    ],
    // A hue near the end of the circle is rounded by 5e-7 of a sixth.
    tolerance: ofLargest(4e-6),
  };
}

/** The cases. */
export const mixColorsCases: readonly MixCase[] = [
  ...sizes.flatMap((size) =>
    types.flatMap((dtype) => [
      ...(
        [
          [3, 3],
          [1, 1],
          [3, 1],
          [5, 4],
        ] as const
      ).map(([channels, results]) => mixCase(size, channels, results, dtype)),
      hsvCase(size, dtype, 'turns', 0),
      hsvCase(size, dtype, 'saturations', 0),
    ]),
  ),
  hsvCase([7, 9, 3], 'float32', 'turns', -100),
  hsvCase([7, 9, 3], 'float32', 'saturations', -100),
  { ...mixCase([150, 150, 1], 3, 3, 'uint8'), bench: { batch: 32 } },
  { ...hsvCase([150, 150, 1], 'uint8', 'turns', 0), bench: { batch: 32 } },
];
