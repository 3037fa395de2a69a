/** Cases of max pooling and its gradient: overlapping windows, windows that leave rows over, padding, equal values. */
import { batchAxis } from '../../src/core/shape.ts';
import { type Padding, windowFor, windowOutput } from '../../src/ops/window.ts';
import { arena, exact, listed, type OpCase, ofLargest, uniform, wholes } from './case.ts';

interface Layer {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly pool: readonly [number, number];
  readonly channels: number;
  readonly strides?: readonly [number, number];
  readonly padding?: Padding;
  readonly bench?: number;
}

const layers: readonly Layer[] = [
  { batch: 1, size: [1, 1], pool: [1, 1], channels: 1 },
  { batch: 2, size: [4, 4], pool: [2, 2], channels: 3 },
  { batch: 3, size: [5, 7], pool: [2, 2], channels: 17 },
  { batch: 2, size: [148, 148], pool: [2, 2], channels: 32, bench: 32 },
  { batch: 2, size: [13, 13], pool: [2, 2], channels: 33, padding: 'same' },
  { batch: 2, size: [9, 11], pool: [3, 3], channels: 8, strides: [2, 2] },
  { batch: 2, size: [8, 10], pool: [3, 3], channels: 16, strides: [2, 2], padding: 'same' },
  { batch: 2, size: [7, 6], pool: [3, 3], channels: 5, strides: [1, 1], padding: 'same' },
  { batch: 1, size: [9, 9], pool: [2, 2], channels: 4, strides: [3, 3] },
  { batch: 1, size: [12, 9], pool: [2, 3], channels: 7, strides: [1, 2] },
  { batch: 2, size: [7, 7], pool: [7, 7], channels: 20 },
  { batch: 1, size: [17, 16], pool: [16, 16], channels: 3 },
  { batch: 4, size: [6, 1], pool: [3, 1], channels: 65 },
];

type MaxPoolCase = OpCase<'maxPool2d'> | OpCase<'maxPool2dGradient'>;

function casesOf(layer: Layer): MaxPoolCase[] {
  const { batch, channels, bench } = layer;
  const [height, width] = layer.size;
  const [poolHeight, poolWidth] = layer.pool;
  const picture = [batchAxis, height, width, channels];
  const window = windowFor(picture, layer.pool, layer.strides ?? layer.pool, layer.padding ?? 'valid');
  const attributes = { ...window, poolHeight, poolWidth };
  const dy = [batchAxis, ...windowOutput(picture, layer.pool, window, 'case'), channels];
  const common = { batch, ...(bench && { bench: { batch: bench } }) };
  const name = [
    `${batch}×${height}×${width}×${channels} pool ${layer.pool.join('×')}`,
    layer.strides ? ` strides ${layer.strides.join('×')}` : '',
    layer.padding ? ` ${layer.padding}` : '',
  ].join('');
  // A place at the window's middle lies inside the picture under `same` padding, which adds at most half a window.
  const middle = Math.floor(poolHeight / 2) * poolWidth + Math.floor(poolWidth / 2);
  const places = layer.padding === 'same' ? listed(middle) : wholes(poolHeight * poolWidth);
  return [
    { ...common, name: `maxPool2d ${name}`, op: 'maxPool2d', attributes, inputs: [arena(picture)], tolerance: exact },
    {
      ...common,
      name: `maxPool2d ${name} equal values`,
      op: 'maxPool2d',
      attributes,
      inputs: [arena(picture, wholes(3))],
      tolerance: exact,
      withoutGradient: 'equal values are kinks',
    },
    {
      ...common,
      name: `maxPool2dGradient ${name}`,
      op: 'maxPool2dGradient',
      attributes: { ...attributes, height, width },
      inputs: [arena(dy), arena(dy, places, 'uint8')],
      tolerance: ofLargest(1e-6),
      withoutGradient: 'it has none',
    },
  ];
}

/** Windows with NaN and infinities, and all below zero at a padded edge. */
const special: readonly MaxPoolCase[] = (
  [
    ['NaN', listed(1, Number.NaN, 3, -2, 0.5, Number.NaN, Number.NaN)],
    ['infinities', listed(1, -Infinity, -Infinity, -Infinity, Infinity, 2, -Infinity, -Infinity)],
    ['all below zero', uniform(-2, -1)],
  ] as const
).map(([name, fill]) => ({
  name: `maxPool2d ${name}`,
  op: 'maxPool2d',
  attributes: {
    ...windowFor([1, 9, 9, 3], [3, 3], [2, 2], 'same'),
    poolHeight: 3,
    poolWidth: 3,
  },
  batch: 2,
  inputs: [arena([batchAxis, 9, 9, 3], fill)],
  tolerance: exact,
  withoutGradient: 'special values',
}));

/** The cases. */
export const maxPool2dCases: readonly MaxPoolCase[] = [...layers.flatMap(casesOf), ...special];
