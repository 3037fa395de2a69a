/** Cases of convolution and its two gradients: each shape below gives one case of each op. Sizes are odd, channels fall
 * short of vectors, and every way to pick an algorithm (1×1, 3×3 with many channels, strides, dilations) occurs. */
import { batchAxis } from '../../src/core/shape.ts';
import { kernelExtent } from '../../src/ops/conv2d.ts';
import { type Padding, windowFor, windowOutput } from '../../src/ops/window.ts';
import { arena, type CaseInput, type OpCase, ofLargest, type Tolerance, uniform, variable, weights } from './case.ts';

interface Layer {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  readonly padding?: Padding;
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly groups?: number;
  readonly bench?: number;
}

type Conv2dCase = OpCase<'conv2d'> | OpCase<'conv2dInputGradient'> | OpCase<'conv2dKernelGradient'>;

const same = 'same';

/** Layers in groups: some channels in each, one in each (depthwise), and one with several filters. */
const groupedLayers: readonly Layer[] = [
  { batch: 2, size: [5, 7], kernel: [1, 1], channels: 6, filters: 4, groups: 2 },
  { batch: 2, size: [6, 5], kernel: [3, 3], channels: 4, filters: 6, groups: 2, padding: same },
  { batch: 3, size: [9, 8], kernel: [3, 3], channels: 40, filters: 24, groups: 4 },
  { batch: 2, size: [13, 11], kernel: [3, 3], channels: 64, filters: 64, groups: 2, padding: same },
  { batch: 1, size: [14, 14], kernel: [3, 3], channels: 128, filters: 128, groups: 32, padding: same, strides: [2, 2] },
  { batch: 2, size: [11, 10], kernel: [3, 2], channels: 9, filters: 21, groups: 3, padding: same, dilations: [2, 1] },
  { batch: 1, size: [12, 13], kernel: [5, 3], channels: 6, filters: 70, groups: 2, padding: same, strides: [2, 3] },
  { batch: 1, size: [5, 4], kernel: [3, 3], channels: 4, filters: 96, groups: 2 },
  { batch: 1, size: [1, 1], kernel: [1, 1], channels: 2, filters: 2, groups: 2 },
  { batch: 1, size: [4, 3], kernel: [3, 3], channels: 3, filters: 3, groups: 3, padding: same },
  { batch: 3, size: [7, 9], kernel: [3, 3], channels: 5, filters: 5, groups: 5 },
  { batch: 2, size: [19, 23], kernel: [3, 3], channels: 33, filters: 33, groups: 33, padding: same },
  { batch: 2, size: [18, 27], kernel: [3, 3], channels: 24, filters: 24, groups: 24, padding: same, strides: [2, 2] },
  { batch: 5, size: [7, 7], kernel: [3, 3], channels: 80, filters: 80, groups: 80, padding: same },
  { batch: 2, size: [15, 21], kernel: [5, 5], channels: 20, filters: 20, groups: 20, padding: same, strides: [2, 2] },
  { batch: 1, size: [20, 17], kernel: [7, 7], channels: 16, filters: 16, groups: 16, padding: same },
  { batch: 2, size: [13, 16], kernel: [3, 3], channels: 18, filters: 18, groups: 18, padding: same, dilations: [2, 3] },
  {
    batch: 1,
    size: [17, 14],
    kernel: [3, 3],
    channels: 8,
    filters: 8,
    groups: 8,
    padding: same,
    strides: [3, 2],
    dilations: [2, 1],
  },
  { batch: 2, size: [10, 14], kernel: [2, 2], channels: 17, filters: 17, groups: 17, strides: [3, 3] },
  { batch: 2, size: [9, 24], kernel: [3, 4], channels: 6, filters: 6, groups: 6, padding: same, strides: [1, 4] },
  { batch: 1, size: [2, 3], kernel: [5, 5], channels: 12, filters: 12, groups: 12, padding: same },
  { batch: 9, size: [2, 2], kernel: [3, 3], channels: 16, filters: 16, groups: 16, padding: same },
  { batch: 2, size: [11, 9], kernel: [3, 3], channels: 5, filters: 10, groups: 5, padding: same },
  { batch: 2, size: [8, 13], kernel: [3, 3], channels: 7, filters: 21, groups: 7, padding: same, strides: [2, 2] },
  { batch: 1, size: [9, 12], kernel: [3, 3], channels: 3, filters: 48, groups: 3, dilations: [2, 2] },
  { batch: 1, size: [112, 112], kernel: [3, 3], channels: 32, filters: 32, groups: 32, padding: same, bench: 1 },
  {
    batch: 1,
    size: [112, 112],
    kernel: [3, 3],
    channels: 64,
    filters: 64,
    groups: 64,
    padding: same,
    strides: [2, 2],
    bench: 1,
  },
  { batch: 1, size: [56, 56], kernel: [3, 3], channels: 128, filters: 128, groups: 128, padding: same, bench: 32 },
  { batch: 1, size: [14, 14], kernel: [3, 3], channels: 512, filters: 512, groups: 512, padding: same, bench: 32 },
  { batch: 1, size: [6, 21], kernel: [1, 3], channels: 1, filters: 1, padding: same, strides: [1, 2] },
];

/** One layer: [batch, height × width, kernel, channels → filters, padding, strides, dilations, groups]. */
const layers: readonly Layer[] = [
  { batch: 1, size: [1, 1], kernel: [1, 1], channels: 1, filters: 1 },
  { batch: 2, size: [5, 7], kernel: [1, 1], channels: 3, filters: 5 },
  { batch: 3, size: [9, 9], kernel: [1, 1], channels: 17, filters: 33 },
  { batch: 2, size: [8, 8], kernel: [1, 1], channels: 64, filters: 48, strides: [2, 2] },
  { batch: 1, size: [3, 3], kernel: [3, 3], channels: 1, filters: 1 },
  { batch: 2, size: [4, 5], kernel: [3, 3], channels: 2, filters: 3, padding: 'same' },
  { batch: 3, size: [7, 11], kernel: [3, 3], channels: 3, filters: 8 },
  { batch: 3, size: [28, 28], kernel: [3, 3], channels: 1, filters: 32 },
  { batch: 2, size: [13, 17], kernel: [3, 3], channels: 3, filters: 32, padding: 'same' },
  { batch: 2, size: [150, 150], kernel: [3, 3], channels: 3, filters: 32, bench: 32 },
  { batch: 2, size: [11, 13], kernel: [3, 3], channels: 16, filters: 16, padding: 'same' },
  { batch: 2, size: [15, 14], kernel: [3, 3], channels: 32, filters: 32 },
  { batch: 1, size: [74, 74], kernel: [3, 3], channels: 32, filters: 32, bench: 32 },
  { batch: 1, size: [36, 36], kernel: [3, 3], channels: 32, filters: 64, bench: 32 },
  { batch: 2, size: [17, 17], kernel: [3, 3], channels: 64, filters: 64, padding: 'same', bench: 32 },
  { batch: 5, size: [6, 6], kernel: [3, 3], channels: 33, filters: 47 },
  { batch: 2, size: [9, 10], kernel: [3, 3], channels: 40, filters: 72, padding: 'same' },
  { batch: 1, size: [8, 8], kernel: [3, 3], channels: 130, filters: 66, padding: 'same' },
  { batch: 2, size: [6, 7], kernel: [3, 3], channels: 32, filters: 3 },
  { batch: 2, size: [7, 7], kernel: [3, 3], channels: 5, filters: 40, strides: [2, 2], padding: 'same' },
  { batch: 2, size: [15, 12], kernel: [3, 3], channels: 32, filters: 32, strides: [2, 2], padding: 'same' },
  { batch: 2, size: [15, 12], kernel: [3, 3], channels: 4, filters: 6, strides: [1, 2] },
  { batch: 1, size: [16, 9], kernel: [3, 3], channels: 4, filters: 16, strides: [3, 1], padding: 'same' },
  { batch: 2, size: [11, 12], kernel: [3, 3], channels: 3, filters: 4, strides: [4, 4] },
  { batch: 2, size: [10, 14], kernel: [2, 2], channels: 3, filters: 4, strides: [3, 3] },
  { batch: 1, size: [9, 11], kernel: [1, 1], channels: 5, filters: 4, strides: [2, 3] },
  { batch: 1, size: [13, 15], kernel: [5, 4], channels: 4, filters: 18, strides: [3, 2], padding: 'same' },
  { batch: 1, size: [16, 15], kernel: [3, 3], channels: 5, filters: 7, dilations: [3, 2], strides: [3, 2] },
  { batch: 2, size: [9, 9], kernel: [3, 3], channels: 3, filters: 5, dilations: [2, 2] },
  { batch: 2, size: [11, 9], kernel: [3, 3], channels: 32, filters: 32, dilations: [2, 2], padding: 'same' },
  { batch: 1, size: [12, 15], kernel: [3, 2], channels: 2, filters: 7, dilations: [1, 3], padding: 'same' },
  {
    batch: 1,
    size: [14, 14],
    kernel: [3, 3],
    channels: 6,
    filters: 6,
    dilations: [2, 3],
    strides: [2, 1],
    padding: 'same',
  },
  { batch: 2, size: [6, 6], kernel: [2, 2], channels: 3, filters: 4, padding: 'same' },
  { batch: 2, size: [9, 7], kernel: [4, 4], channels: 2, filters: 9, padding: 'same', strides: [2, 2] },
  { batch: 2, size: [12, 10], kernel: [5, 5], channels: 3, filters: 6, padding: 'same' },
  { batch: 2, size: [14, 14], kernel: [5, 5], channels: 6, filters: 16 },
  { batch: 1, size: [23, 21], kernel: [7, 7], channels: 3, filters: 24, strides: [2, 2], padding: 'same' },
  { batch: 1, size: [31, 27], kernel: [11, 11], channels: 3, filters: 20, strides: [4, 4] },
  { batch: 2, size: [10, 9], kernel: [1, 7], channels: 5, filters: 8, padding: 'same' },
  { batch: 2, size: [10, 9], kernel: [7, 1], channels: 5, filters: 8, padding: 'same' },
  { batch: 2, size: [5, 4], kernel: [5, 4], channels: 12, filters: 10 },
  { batch: 1, size: [2, 3], kernel: [5, 5], channels: 3, filters: 4, padding: 'same' },
  { batch: 7, size: [4, 4], kernel: [3, 3], channels: 8, filters: 8, padding: 'same' },
  { batch: 1, size: [1, 40], kernel: [1, 3], channels: 16, filters: 16, padding: 'same' },
  { batch: 1, size: [40, 1], kernel: [3, 3], channels: 16, filters: 16, padding: 'same' },
  // Transformed tiles of 4×4 or 2×2 pixels: rests of one, two and three, and pictures smaller than a tile.
  { batch: 3, size: [19, 21], kernel: [3, 3], channels: 32, filters: 48 },
  { batch: 2, size: [20, 18], kernel: [3, 3], channels: 24, filters: 16 },
  { batch: 2, size: [19, 17], kernel: [3, 3], channels: 17, filters: 19, padding: 'same' },
  { batch: 4, size: [5, 5], kernel: [3, 3], channels: 128, filters: 128, padding: 'same' },
  { batch: 2, size: [3, 3], kernel: [3, 3], channels: 130, filters: 128, padding: 'same' },
  { batch: 3, size: [3, 4], kernel: [3, 3], channels: 128, filters: 144 },
  { batch: 2, size: [2, 2], kernel: [3, 3], channels: 128, filters: 128, padding: 'same' },
  // Many channels, where all threads share a block of tiles: one block, and more than one.
  { batch: 3, size: [6, 9], kernel: [3, 3], channels: 130, filters: 160 },
  { batch: 1, size: [54, 53], kernel: [3, 3], channels: 16, filters: 240 },
  ...groupedLayers,
];

/** Sums in order stay within 5e-6. Where 3×3 kernels meet many channels, backends may multiply through transformed tiles
 * (Winograd's), which lose about one digit more. */
function toleranceOf({ kernel, channels, strides, dilations, groups }: Layer): Tolerance {
  const mayTransform = kernel.join() === '3,3' && channels >= 16 && !strides && !dilations && !groups;
  return ofLargest(mayTransform ? 3e-5 : 5e-6);
}

function nameOf({ batch, size, kernel, channels, filters, padding, strides, dilations, groups }: Layer): string {
  const parts = [`${batch}×${size.join('×')}`, `${kernel.join('×')}`, `${channels}→${filters}`];
  if (padding) parts.push(padding);
  if (strides) parts.push(`strides ${strides.join('×')}`);
  if (dilations) parts.push(`dilations ${dilations.join('×')}`);
  if (groups) parts.push(`groups ${groups}`);
  return parts.join(' ');
}

function casesOf(layer: Layer, index: number): Conv2dCase[] {
  const { batch, channels, filters, bench, groups = 1 } = layer;
  const [height, width] = layer.size;
  const [kernelHeight, kernelWidth] = layer.kernel;
  const [dilationHeight, dilationWidth] = layer.dilations ?? [1, 1];
  const picture = [batchAxis, height, width, channels];
  const kernel = [kernelHeight, kernelWidth, channels / groups, filters];
  const extent = kernelExtent(kernelHeight, kernelWidth, { dilationHeight, dilationWidth });
  const window = windowFor(picture, extent, layer.strides ?? [1, 1], layer.padding ?? 'valid');
  const attributes = { ...window, dilationHeight, dilationWidth, groups };
  const dy = [batchAxis, ...windowOutput(picture, extent, window, 'case'), filters];
  const common = { batch, tolerance: toleranceOf(layer), ...(bench && { bench: { batch: bench } }) };
  const forward = (name: string, activation: 'linear' | 'relu', bias: readonly CaseInput[]): OpCase<'conv2d'> => ({
    ...common,
    name: `conv2d ${nameOf(layer)}${name}`,
    op: 'conv2d',
    attributes: { ...attributes, activation },
    inputs: [arena(picture), variable(kernel), ...bias],
  });
  const bias = variable([filters]);
  return [
    index % 2 === 0 ? forward(' bias relu', 'relu', [bias]) : forward('', 'linear', []),
    ...(index % 4 === 0 ? [forward(' bias', 'linear', [bias])] : []),
    ...(index % 4 === 1 ? [forward(' relu', 'relu', [])] : []),
    {
      ...common,
      name: `conv2dInputGradient ${nameOf(layer)}`,
      op: 'conv2dInputGradient',
      attributes: { ...attributes, height, width },
      inputs: [arena(dy), variable(kernel)],
    },
    {
      ...common,
      name: `conv2dKernelGradient ${nameOf(layer)}`,
      op: 'conv2dKernelGradient',
      attributes: { ...attributes, kernelHeight, kernelWidth },
      inputs: [arena(picture, uniform(-1, 1)), arena(dy, weights)],
    },
  ];
}

/** The cases. */
export const conv2dCases: readonly Conv2dCase[] = layers.flatMap(casesOf);
