/** Cases of resizing and its gradient: larger, smaller, by whole factors and others, in each way to interpolate. */
import { batchAxis } from '../../src/core/shape.ts';
import type { Interpolation } from '../../src/ops/resize2d.ts';
import { arena, type OpCase, ofLargest } from './case.ts';

type Size = readonly [number, number];

const sizes: readonly (readonly [from: Size, to: Size, channels: number, batch: number])[] = [
  [[1, 1], [3, 4], 1, 1],
  [[4, 5], [4, 5], 2, 2],
  [[3, 4], [6, 8], 3, 3],
  [[5, 7], [8, 9], 4, 2],
  [[9, 8], [5, 3], 5, 2],
  [[12, 15], [4, 5], 17, 2],
  [[3, 20], [7, 6], 33, 2],
  [[17, 13], [1, 1], 3, 2],
  [[40, 41], [59, 30], 16, 3],
  [[30, 30], [90, 60], 3, 2],
];

const ways: readonly (readonly [Interpolation, 'no' | 'yes'])[] = [
  ['nearest', 'no'],
  ['bilinear', 'no'],
  ['bilinear', 'yes'],
  ['bicubic', 'no'],
  ['bicubic', 'yes'],
];

type ResizeCase = OpCase<'resize2d'> | OpCase<'resize2dGradient'>;

function casesOf(from: Size, to: Size, channels: number, batch: number, bench?: number): ResizeCase[] {
  return ways.flatMap(([interpolation, antialias]): ResizeCase[] => {
    const name = `${batch}×${from.join('×')}×${channels} to ${to.join('×')} ${interpolation}${antialias === 'yes' ? ' antialias' : ''}`;
    const common = { batch, tolerance: ofLargest(1e-6), ...(bench && { bench: { batch: bench } }) };
    const way = { interpolation, antialias };
    return [
      {
        ...common,
        name: `resize2d ${name}`,
        op: 'resize2d',
        attributes: { ...way, height: to[0], width: to[1] },
        inputs: [arena([batchAxis, ...from, channels])],
      },
      {
        ...common,
        name: `resize2dGradient ${name}`,
        op: 'resize2dGradient',
        attributes: { ...way, height: from[0], width: from[1] },
        inputs: [arena([batchAxis, ...to, channels])],
      },
    ];
  });
}

/** The cases. */
export const resize2dCases: readonly ResizeCase[] = [
  ...sizes.flatMap(([from, to, channels, batch]) => casesOf(from, to, channels, batch)),
  ...casesOf([28, 28], [56, 56], 64, 1, 32).slice(0, 4),
];
