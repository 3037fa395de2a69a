// Protects: predictions become class numbers as NumPy's argmax makes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argMax } from '../../src/core/arg-max.ts';
import { tensor } from '../../src/core/tensor.ts';

test('argMax gives the first of the largest numbers of each row', () => {
  const x = tensor([
    [0.1, 0.7, 0.2],
    [0.4, 0.2, 0.4],
    [-3, -2, -1],
  ]);
  assert.deepEqual([...argMax(x)], [1, 0, 2]);
  assert.deepEqual([...argMax(tensor([3, 9, 4]))], [1]);
  assert.deepEqual([...argMax(tensor(new Float32Array(0), [0, 4]))], []);
});

test('argMax needs rows', () => {
  assert.throws(
    () => argMax(tensor(5)),
    /^ShapeError: argMax: expected rows of at least one number, received a tensor of shape \[\]\.$/,
  );
});
