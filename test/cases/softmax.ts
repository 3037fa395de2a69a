/** Cases of softmax: one class, many classes, tails, numbers so large that exp alone would overflow. */
import { batchAxis } from '../../src/core/shape.ts';
import { arena, type Fill, listed, type OpCase, ofEach, uniform } from './case.ts';

function softmaxCase(name: string, batch: number, sizes: readonly number[], fill: Fill): OpCase<'softmax'> {
  return {
    name: `softmax ${[batch, ...sizes].join('×')}${name && ` ${name}`}`,
    op: 'softmax',
    attributes: {},
    batch,
    inputs: [arena([batchAxis, ...sizes], fill)],
    tolerance: ofEach(2e-6, 1e-30),
  };
}

/** The cases. */
export const softmaxCases: readonly OpCase<'softmax'>[] = [
  ...[1, 2, 3, 4, 5, 8, 10, 15, 16, 17, 33, 100].map((classes) => softmaxCase('', 3, [classes], uniform(-3, 3))),
  softmaxCase('', 1, [7], uniform(-3, 3)),
  softmaxCase('', 301, [4], uniform(-3, 3)),
  softmaxCase('', 37, [1000], uniform(-5, 5)),
  softmaxCase('', 2, [3, 5, 9], uniform(-1, 1)),
  { ...softmaxCase('large', 5, [19], uniform(-30, 30)), tolerance: ofEach(8e-6, 1e-30) },
  {
    ...softmaxCase('far apart', 4, [6], listed(1000, -1000, 999, 0, 1001, -3e38)),
    tolerance: ofEach(2e-6, 1e-30),
    withoutGradient: 'flat to the last bit',
  },
  {
    ...softmaxCase('NaN', 3, [5], listed(0, 1, 2, 3, 4, 5, Number.NaN, 7, 8, 9, 10, 11, 12, 13, 14)),
    withoutGradient: 'special values',
  },
  { ...softmaxCase('bench', 512, [10], uniform(-3, 3)), bench: { batch: 4096 } },
];
