// Protects: a split of arrays keeps examples with their targets, loses none, and takes the share of each class that it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { trainTestSplit } from '../../../src/data/splits/train-test-split.ts';

const x = tensor(Array.from({ length: 40 }, (_, example) => [example, -example]));
const y = tensor(Array.from({ length: 40 }, (_, example) => [example < 30 ? 0 : 1]));

test('every example is on one side, with its target', () => {
  const { train, test } = trainTestSplit(x, y, { testSize: 0.2 });
  assert.deepEqual(
    [train.x.shape, train.y.shape, test.x.shape, test.y.shape],
    [
      [32, 2],
      [32, 1],
      [8, 2],
      [8, 1],
    ],
  );
  const seen: number[] = [];
  for (const { x, y } of [train, test]) {
    for (let row = 0; row < y.data.length; row++) {
      const example = x.data[2 * row]!;
      seen.push(example);
      assert.deepEqual([x.data[2 * row + 1], y.data[row]], [-example, example < 30 ? 0 : 1]);
    }
  }
  assert.notDeepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    Array.from({ length: 40 }, (_, example) => example),
  );
});

test('the seed decides, and stratify takes the same share of each class', () => {
  const testOf = (seed: number) => [...trainTestSplit(x, y, { seed, stratify: true }).test.y.data];
  const first = (seed: number) => [...trainTestSplit(x, y, { seed }).test.x.data];
  assert.deepEqual(first(1), first(1));
  assert.notDeepEqual(first(1), first(2));
  for (const seed of [0, 1, 2]) assert.equal(testOf(seed).filter((label) => label === 0).length, 8);
  for (const seed of [0, 1, 2]) assert.equal(testOf(seed).length, 8 + 3);
});

test('what cannot be split is named', () => {
  assert.throws(() => trainTestSplit(tensor([[1]]), tensor([[1]])), {
    message:
      'trainTestSplit: expected some examples to train and some to test on, received 1 in all and testSize 0.25. Choose another testSize.',
  });
  assert.throws(() => trainTestSplit(x, tensor([1])), /same number of examples/);
  assert.throws(() => trainTestSplit(x, y, { testSize: 1 }), /^OptionError: trainTestSplit: testSize/);
});
