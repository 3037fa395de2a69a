/** Cases of equalized histograms: few bins and many, tiles that divide a picture or not, with and without a limit. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, bytes, listed, type OpCase, ofLargest, uniform } from './case.ts';

type EqualizeCase = OpCase<'equalizeHistogram'> | OpCase<'clahe'>;
type Size = readonly [height: number, width: number, channels: number, batch: number];

const sizes: readonly Size[] = [
  [1, 1, 1, 2],
  [5, 7, 3, 3],
  [16, 24, 2, 2],
  [40, 33, 3, 2],
];

function pictures([height, width, channels]: Size, dtype: 'uint8' | 'float32') {
  const shape = [batchAxis, height, width, channels];
  // Few values that lie close together, as in a dull picture.
  const dull = uniform(90, 140);
  return dtype === 'uint8'
    ? arena(shape, (random, index) => Math.floor(dull(random, index)), dtype)
    : arena(shape, dull);
}

function equalizeCase(size: Size, dtype: 'uint8' | 'float32', bins: number): OpCase<'equalizeHistogram'> {
  return {
    name: `equalizeHistogram ${size[3]}×${size.slice(0, 3).join('×')} ${dtype} ${bins} bins`,
    op: 'equalizeHistogram',
    attributes: { bins },
    batch: size[3],
    inputs: [pictures(size, dtype)],
    tolerance: ofLargest(1e-6),
  };
}

function claheCase(
  size: Size,
  dtype: 'uint8' | 'float32',
  tiles: readonly [number, number],
  clipLimit: number,
): OpCase<'clahe'> {
  return {
    name: `clahe ${size[3]}×${size.slice(0, 3).join('×')} ${dtype} ${tiles.join('×')} tiles limit ${clipLimit}`,
    op: 'clahe',
    attributes: { tilesDown: tiles[0], tilesAcross: tiles[1], clipLimit },
    batch: size[3],
    inputs: [pictures(size, dtype)],
    tolerance: ofLargest(1e-6),
  };
}

const special = listed(Number.NaN, -3, 300, Infinity, 12.5, 13.5, 0, 255);

/** The cases. */
export const equalizeCases: readonly EqualizeCase[] = [
  ...sizes.flatMap((size) =>
    (['uint8', 'float32'] as const).flatMap((dtype) => [
      ...[2, 100, 256, 1000].map((bins) => equalizeCase(size, dtype, bins)),
      ...(
        [
          [8, 8],
          [2, 3],
          [1, 1],
        ] as const
      ).flatMap((tiles) => [0, 2, 40].map((limit) => claheCase(size, dtype, tiles, limit))),
    ]),
  ),
  {
    ...equalizeCase([4, 6, 1, 1], 'float32', 256),
    name: 'equalizeHistogram special',
    inputs: [arena([batchAxis, 4, 6, 1], special)],
  },
  {
    ...claheCase([4, 6, 1, 1], 'float32', [2, 2], 4),
    name: 'clahe special',
    inputs: [arena([batchAxis, 4, 6, 1], special)],
  },
  {
    ...equalizeCase([150, 150, 3, 1], 'uint8', 256),
    inputs: [arena([batchAxis, 150, 150, 3], bytes, 'uint8')],
    bench: { batch: 32 },
  },
  {
    ...claheCase([150, 150, 3, 1], 'uint8', [8, 8], 4),
    inputs: [arena([batchAxis, 150, 150, 3], bytes, 'uint8')],
    bench: { batch: 32 },
  },
];
