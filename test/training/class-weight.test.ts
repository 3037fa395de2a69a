// Protects: weights of classes reach the examples of those classes, and wrong ones are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { checkClassWeight, withClassWeight } from '../../src/training/class-weight.ts';

test('an example counts as much as its class, times its own weight', () => {
  const inputs = tensor([[0], [0], [0]]);
  const rows = tensor([
    [0, 1],
    [1, 0],
    [0, 1],
  ]);
  const sampleWeights = Float32Array.of(1, 2, 3);
  assert.deepEqual([...withClassWeight({ inputs, targets: rows, sampleWeights }, { 1: 5 }).sampleWeights!], [5, 2, 15]);
  const labels = tensor([[1], [0], [1]]);
  assert.deepEqual([...withClassWeight({ inputs, targets: labels }, { 0: 0.5 }).sampleWeights!], [1, 0.5, 1]);
});

test('weights of classes that do not exist, and no weights, are refused', () => {
  checkClassWeight({ 0: 1, 1: 0 }, [-1, 1]);
  assert.throws(() => checkClassWeight({ 2: 1 }, [-1, 1]), {
    name: 'OptionError',
    message: 'fit: expected classWeight for classes from 0 to 1, received one for 2. Classes are numbered from 0.',
  });
  for (const weight of [-1, Number.NaN]) {
    assert.throws(
      () => checkClassWeight({ 0: weight }, [-1, 3]),
      /fit: classWeight of class 0 must be a number of at least 0/,
    );
  }
});
