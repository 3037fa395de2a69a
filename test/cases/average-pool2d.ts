/** Cases of average pooling and its gradient: windows side by side, apart and overlapping, at padded edges, few and many channels. */
import { batchAxis } from '../../src/core/shape.ts';
import { type Padding, windowFor, windowOutput } from '../../src/ops/window.ts';
import { arena, type OpCase, ofLargest } from './case.ts';

interface Layer {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly pool: readonly [number, number];
  readonly channels: number;
  /** The pool's sizes where absent. */
  readonly strides?: readonly [number, number];
  /** `valid` where absent. */
  readonly padding?: Padding;
  /** A batch for the benchmark. */
  readonly bench?: number;
}

const layers: readonly Layer[] = [
  { batch: 1, size: [1, 1], pool: [1, 1], channels: 1 },
  { batch: 2, size: [4, 4], pool: [2, 2], channels: 1 },
  { batch: 3, size: [5, 7], pool: [2, 2], channels: 3 },
  { batch: 2, size: [5, 7], pool: [2, 2], channels: 3, padding: 'same' },
  { batch: 2, size: [6, 6], pool: [3, 3], channels: 5, strides: [2, 2], padding: 'same' },
  { batch: 2, size: [7, 9], pool: [3, 3], channels: 17, strides: [1, 1], padding: 'same' },
  { batch: 2, size: [8, 8], pool: [2, 3], channels: 33, strides: [3, 4] },
  { batch: 1, size: [9, 9], pool: [4, 5], channels: 2, strides: [3, 2], padding: 'same' },
  { batch: 2, size: [7, 7], pool: [7, 7], channels: 20 },
  { batch: 2, size: [3, 4], pool: [5, 6], channels: 4, strides: [1, 1], padding: 'same' },
  { batch: 1, size: [1, 12], pool: [1, 2], channels: 9 },
  { batch: 3, size: [28, 28], pool: [2, 2], channels: 64 },
  { batch: 3, size: [30, 31], pool: [2, 2], channels: 67 },
  { batch: 2, size: [40, 41], pool: [20, 18], channels: 3, strides: [17, 18] },
  { batch: 1, size: [56, 56], pool: [2, 2], channels: 128, bench: 32 },
  { batch: 1, size: [35, 35], pool: [3, 3], channels: 64, strides: [1, 1], padding: 'same', bench: 32 },
];

type AverageCase = OpCase<'averagePool2d'> | OpCase<'averagePool2dGradient'>;

function casesOf({ batch, size, pool, channels, strides = pool, padding = 'valid', bench }: Layer): AverageCase[] {
  const [height, width] = size;
  const [poolHeight, poolWidth] = pool;
  const picture = [batchAxis, height, width, channels];
  const window = windowFor(picture, pool, strides, padding);
  const attributes = { ...window, poolHeight, poolWidth };
  const pooled = [batchAxis, ...windowOutput(picture, pool, window, 'case'), channels];
  const name = `${batch}×${height}×${width}×${channels} pool ${pool.join('×')} strides ${strides.join('×')} ${padding}`;
  const common = { batch, tolerance: ofLargest(1e-6), ...(bench && { bench: { batch: bench } }) };
  return [
    { ...common, name: `averagePool2d ${name}`, op: 'averagePool2d', attributes, inputs: [arena(picture)] },
    {
      ...common,
      name: `averagePool2dGradient ${name}`,
      op: 'averagePool2dGradient',
      attributes: { ...attributes, height, width },
      inputs: [arena(pooled)],
    },
  ];
}

/** The cases. */
export const averagePool2dCases: readonly AverageCase[] = layers.flatMap(casesOf);
