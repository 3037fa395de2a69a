/** Cases of convolutions that are pooled while they are computed, and of their gradients: each layer below gives one case of
 * each. Numbers of the first are fractions with few bits, which sum up without error on every backend, so that
 * equal values, and with them the places of the largest, are the same everywhere. */
import { batchAxis } from '../../src/core/shape.ts';
import { kernelExtent } from '../../src/ops/conv2d.ts';
import { noPlace } from '../../src/ops/conv2d-max-pool2d.ts';
import { type Padding, windowFor, windowOutput } from '../../src/ops/window.ts';
import { arena, exact, type Fill, listed, type OpCase, ofLargest, type Tolerance, uniform, variable } from './case.ts';

interface Layer {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly pool: readonly [number, number];
  readonly padding?: Padding;
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly bench?: number;
}

type PooledCase =
  | OpCase<'conv2dMaxPool2d'>
  | OpCase<'conv2dMaxPool2dInputGradient'>
  | OpCase<'conv2dMaxPool2dKernelGradient'>;

const layers: readonly Layer[] = [
  { batch: 1, size: [3, 3], kernel: [2, 2], channels: 1, filters: 1, pool: [2, 2] },
  { batch: 2, size: [9, 8], kernel: [1, 1], channels: 3, filters: 5, pool: [2, 2] },
  { batch: 3, size: [7, 11], kernel: [3, 3], channels: 3, filters: 8, pool: [2, 2] },
  { batch: 3, size: [28, 28], kernel: [3, 3], channels: 1, filters: 32, pool: [2, 2] },
  { batch: 2, size: [13, 17], kernel: [3, 3], channels: 3, filters: 33, pool: [2, 2], padding: 'same' },
  { batch: 2, size: [150, 150], kernel: [3, 3], channels: 3, filters: 32, pool: [2, 2], bench: 32 },
  { batch: 2, size: [15, 14], kernel: [3, 3], channels: 3, filters: 17, pool: [3, 3] },
  { batch: 2, size: [12, 10], kernel: [5, 5], channels: 3, filters: 6, pool: [2, 3], padding: 'same' },
  {
    batch: 1,
    size: [23, 21],
    kernel: [7, 7],
    channels: 3,
    filters: 24,
    pool: [2, 2],
    padding: 'same',
    strides: [2, 2],
  },
  { batch: 2, size: [14, 9], kernel: [3, 3], channels: 4, filters: 16, pool: [2, 2], strides: [1, 2] },
  { batch: 2, size: [9, 9], kernel: [3, 3], channels: 3, filters: 5, pool: [2, 2], dilations: [2, 2] },
  {
    batch: 1,
    size: [12, 15],
    kernel: [3, 2],
    channels: 2,
    filters: 7,
    pool: [2, 2],
    dilations: [1, 3],
    padding: 'same',
  },
  { batch: 1, size: [8, 8], kernel: [3, 3], channels: 3, filters: 96, pool: [2, 2] },
  { batch: 1, size: [12, 12], kernel: [3, 3], channels: 15, filters: 130, pool: [3, 2] },
  { batch: 7, size: [6, 6], kernel: [3, 3], channels: 3, filters: 64, pool: [4, 4] },
  { batch: 2, size: [4, 403], kernel: [3, 3], channels: 1, filters: 9, pool: [2, 2] },
  { batch: 2, size: [6, 60], kernel: [1, 3], channels: 5, filters: 40, pool: [1, 4] },
  { batch: 1, size: [40, 41], kernel: [3, 3], channels: 2, filters: 7, pool: [16, 15] },
  // Transformed tiles of 4×4 or 2×2 pixels: whole ones and parts of them, windows left over, around and inside the edge.
  { batch: 1, size: [74, 74], kernel: [3, 3], channels: 32, filters: 32, pool: [2, 2], bench: 32 },
  { batch: 1, size: [36, 36], kernel: [3, 3], channels: 32, filters: 64, pool: [2, 2], bench: 32 },
  { batch: 2, size: [17, 17], kernel: [3, 3], channels: 64, filters: 64, pool: [2, 2], padding: 'same' },
  { batch: 3, size: [15, 14], kernel: [3, 3], channels: 32, filters: 32, pool: [2, 2] },
  { batch: 3, size: [11, 13], kernel: [3, 3], channels: 16, filters: 16, pool: [2, 2], padding: 'same' },
  { batch: 2, size: [19, 17], kernel: [3, 3], channels: 17, filters: 19, pool: [2, 2], padding: 'same' },
  { batch: 2, size: [20, 21], kernel: [3, 3], channels: 24, filters: 40, pool: [2, 2] },
  { batch: 2, size: [10, 12], kernel: [3, 3], channels: 33, filters: 47, pool: [2, 2] },
  { batch: 4, size: [5, 5], kernel: [3, 3], channels: 128, filters: 128, pool: [2, 2], padding: 'same' },
  { batch: 2, size: [4, 4], kernel: [3, 3], channels: 130, filters: 128, pool: [2, 2] },
  { batch: 3, size: [6, 9], kernel: [3, 3], channels: 130, filters: 160, pool: [2, 2] },
  { batch: 1, size: [54, 53], kernel: [3, 3], channels: 16, filters: 240, pool: [2, 2], padding: 'same' },
  // Many channels, and windows or strides that tiles do not take.
  { batch: 2, size: [11, 12], kernel: [3, 3], channels: 32, filters: 32, pool: [3, 2] },
  { batch: 2, size: [14, 12], kernel: [3, 3], channels: 16, filters: 24, pool: [2, 2], strides: [1, 2] },
];

/** Fractions that sum up without error; none of the second is near zero. */
const eighths: Fill = (random) => (random.integer(17) - 8) / 8;
const exactWeights: Fill = (random) => ((random.next() < 0.5 ? -1 : 1) * (32 + random.integer(33))) / 64;

/** What arrives at pooled values, and their places: nothing passes at some, where the largest numbers arrive. */
function arriving(places: number): [Fill, Fill] {
  const passes = (index: number) => index % 23 !== 5;
  const sign: Fill = (random) => (random.next() < 0.5 ? -1 : 1);
  return [
    (random, index) => sign(random, index) * (passes(index) ? random.uniform(0.5, 0.9) : random.uniform(0.9, 1)),
    (random, index) => (passes(index) ? random.integer(places) : noPlace),
  ];
}

function nameOf({ batch, size, kernel, channels, filters, pool, padding, strides, dilations }: Layer): string {
  const parts = [`${batch}×${size.join('×')}`, kernel.join('×'), `${channels}→${filters}`, `pool ${pool.join('×')}`];
  if (padding) parts.push(padding);
  if (strides) parts.push(`strides ${strides.join('×')}`);
  if (dilations) parts.push(`dilations ${dilations.join('×')}`);
  return parts.join(' ');
}

function mayTransform({ kernel, channels, strides, dilations, pool }: Layer): boolean {
  return kernel.join() === '3,3' && channels >= 16 && !strides && !dilations && pool.join() === '2,2';
}

/** Sums in order stay within 5e-6, and transformed tiles lose about one digit more. */
function toleranceOf(layer: Layer): Tolerance {
  return ofLargest(mayTransform(layer) ? 3e-5 : 5e-6);
}

/** Numbers of a layer that goes through transformed tiles, whose sums have errors: channel 0 and its weights make the four
 * sums of each window end in different eighths, none of which is 0, and all else are whole numbers. */
function farApart({ size, channels, filters }: Layer): [Fill, Fill, Fill] {
  const picture: Fill = (random, index) => {
    const pixel = Math.floor(index / channels);
    const [row, column] = [Math.floor(pixel / size[1]) % size[0], pixel % size[1]];
    return index % channels === 0 ? ((row % 2) * 2 + (column % 2)) / 4 + 1 / 8 : random.integer(5) - 2;
  };
  const kernel: Fill = (random, index) => {
    const [tap, channel] = [Math.floor(index / filters / channels), Math.floor(index / filters) % channels];
    return channel === 0 ? Number(tap === 4) : random.next() < 0.5 ? -1 : 1;
  };
  return [picture, kernel, (random) => random.integer(7) - 3];
}

function attributesOf(layer: Layer) {
  const [kernelHeight, kernelWidth] = layer.kernel;
  const [dilationHeight, dilationWidth] = layer.dilations ?? [1, 1];
  const extent = kernelExtent(kernelHeight, kernelWidth, { dilationHeight, dilationWidth });
  const picture = [batchAxis, ...layer.size, layer.channels];
  const window = windowFor(picture, extent, layer.strides ?? [1, 1], layer.padding ?? 'valid');
  const [height, width] = windowOutput(picture, extent, window, 'case');
  const [poolHeight, poolWidth] = layer.pool;
  return { picture, height, width, steps: { ...window, dilationHeight, dilationWidth, poolHeight, poolWidth } };
}

function casesOf(layer: Layer, index: number): PooledCase[] {
  const { batch, channels, filters, bench } = layer;
  const [kernelHeight, kernelWidth] = layer.kernel;
  const { picture, height, width, steps } = attributesOf(layer);
  const { poolHeight, poolWidth } = steps;
  const pooled = [batchAxis, Math.floor(height / poolHeight), Math.floor(width / poolWidth), filters];
  const common = { batch, withoutGradient: 'it has none', ...(bench && { bench: { batch: bench } }) };
  const isApart = mayTransform(layer);
  const [numbers, kernelNumbers, biasNumbers] = isApart ? farApart(layer) : [eighths, exactWeights, exactWeights];
  const bias = index % 3 === 0 ? [] : [variable([filters], biasNumbers)];
  const kernelShape = [...layer.kernel, channels, filters];
  const [dyOf, placesOf] = arriving(poolHeight * poolWidth);
  return [
    {
      ...common,
      name: `conv2dMaxPool2d ${nameOf(layer)}${bias.length > 0 ? ' bias' : ''}${index % 2 === 1 ? ' relu' : ''}`,
      op: 'conv2dMaxPool2d',
      attributes: { ...steps, activation: index % 2 === 1 ? 'relu' : 'linear' },
      inputs: [arena(picture, numbers), variable(kernelShape, kernelNumbers), ...bias],
      tolerance: isApart ? toleranceOf(layer) : exact,
    },
    {
      ...common,
      name: `conv2dMaxPool2dInputGradient ${nameOf(layer)}`,
      op: 'conv2dMaxPool2dInputGradient',
      attributes: { ...steps, height: layer.size[0], width: layer.size[1] },
      inputs: [arena(pooled, dyOf), variable(kernelShape), arena(pooled, placesOf, 'uint8')],
      tolerance: toleranceOf(layer),
    },
    {
      ...common,
      name: `conv2dMaxPool2dKernelGradient ${nameOf(layer)}`,
      op: 'conv2dMaxPool2dKernelGradient',
      attributes: { ...steps, kernelHeight, kernelWidth, height, width },
      inputs: [arena(picture, uniform(-1, 1)), arena(pooled, dyOf), arena(pooled, placesOf, 'uint8')],
      tolerance: toleranceOf(layer),
    },
  ];
}

/** Pictures with NaN and infinities, which win their windows or make NaN in them. */
const special: readonly PooledCase[] = (
  [
    ['NaN', listed(1, 0.5, -2, 0.25, ...Array<number>(60).fill(-0.5), Number.NaN)],
    ['infinities', listed(1, -Infinity, 0.5, ...Array<number>(40).fill(0.25), Infinity, 2)],
  ] as const
).map(([name, fill]) => ({
  name: `conv2dMaxPool2d ${name}`,
  op: 'conv2dMaxPool2d',
  attributes: {
    ...attributesOf({ batch: 2, size: [11, 14], kernel: [3, 3], channels: 2, filters: 35, pool: [2, 2] }).steps,
    activation: 'linear',
  },
  batch: 2,
  inputs: [arena([batchAxis, 11, 14, 2], fill), variable([3, 3, 2, 35], exactWeights)],
  tolerance: exact,
  withoutGradient: 'it has none',
}));

/** The cases. */
export const conv2dMaxPool2dCases: readonly PooledCase[] = [...layers.flatMap(casesOf), ...special];
