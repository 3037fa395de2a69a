/** Splits tensors in memory into examples to learn from and examples to be tested on, as scikit-learn's `train_test_split`. */
import { DataError } from '../../core/errors.ts';
import { checkKeys, checkNumber } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type Arrays, exampleCount, gatherRows } from '../array-dataset.ts';

/** How examples are split. */
export interface TrainTestSplitOptions {
  /** The share of the examples that goes to the test, above 0 and below 1; default 0.25. */
  readonly testSize?: number;
  /** Default 0. The same seed gives the same split. */
  readonly seed?: number;
  /** True takes the same share of each class; default false. */
  readonly stratify?: boolean;
}

/**
 * Shuffles examples and splits them.
 *
 * @param x `[examples, …]`
 * @param y class numbers `[examples]` or `[examples, 1]`, or targets `[examples, …]`
 * @throws ShapeError where `x` and `y` differ in their number of examples; DataError where a side would be empty
 * @example
 * const { train, test } = trainTestSplit(x, y, { testSize: 0.2, stratify: true });
 * await model.fit(train.x, train.y);
 */
export function trainTestSplit(
  x: Tensor,
  y: Tensor,
  options: TrainTestSplitOptions = {},
): { train: Arrays; test: Arrays } {
  const where = 'trainTestSplit';
  checkKeys(where, options, ['testSize', 'seed', 'stratify']);
  const testSize = checkNumber(where, 'testSize', options.testSize ?? 0.25, { min: 0, max: 1, exclusive: true });
  const seed = checkNumber(where, 'seed', options.seed ?? 0, { integer: true });
  const count = exampleCount(x, y);
  const order = new Random(seed, 'split').permutation(count);
  const groups = options.stratify ? groupsOf(order, y) : [order];
  const isTest = new Uint8Array(count);
  for (const group of groups) {
    for (const example of group.slice(0, Math.round(group.length * testSize))) isTest[example] = 1;
  }
  const side = (wanted: number): Arrays => {
    const examples = order.filter((example) => isTest[example] === wanted);
    if (examples.length > 0) return { x: gatherRows(x, examples), y: gatherRows(y, examples) };
    throw new DataError(
      `${where}: expected some examples to train and some to test on, received ${count} in all and testSize ${testSize}. Choose another testSize.`,
    );
  };
  return { train: side(0), test: side(1) };
}

/** The examples of each class, in their shuffled order; examples with equal targets are of one class. */
function groupsOf(order: Uint32Array, y: Tensor): number[][] {
  const width = y.data.length / order.length;
  const groups = new Map<string, number[]>();
  for (const example of order) {
    const label = y.data.subarray(example * width, (example + 1) * width).join(' ');
    const group = groups.get(label);
    if (group) group.push(example);
    else groups.set(label, [example]);
  }
  return [...groups.values()];
}
