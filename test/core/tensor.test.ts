/** Protects how tensors are made from lists and typed arrays, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShapeError } from '../../src/core/errors.ts';
import { tensor } from '../../src/core/tensor.ts';

describe('tensor', () => {
  it('takes its shape from nested lists', () => {
    const made = tensor([
      [[1], [2], [3]],
      [[4], [5], [6]],
    ]);
    assert.deepEqual(made.shape, [2, 3, 1]);
    assert.equal(made.dtype, 'float32');
    assert.deepEqual(made.data, new Float32Array([1, 2, 3, 4, 5, 6]));
  });

  it('makes a number a tensor without axes', () => {
    assert.deepEqual(tensor(3), { shape: [], dtype: 'float32', data: new Float32Array([3]) });
  });

  it('takes its dtype from a typed array, without a copy', () => {
    const data = new Uint8Array([1, 2, 3, 4]);
    const made = tensor(data, [2, 2]);
    assert.equal(made.dtype, 'uint8');
    assert.equal(made.data, data);
    assert.deepEqual(tensor(data).shape, [4]);
    for (const [array, dtype] of [
      [new Int32Array(1), 'int32'],
      [new Uint16Array(1), 'uint16'],
      [new Int8Array(1), 'int8'],
      [new Float32Array(1), 'float32'],
    ] as const) {
      assert.equal(tensor(array).dtype, dtype);
    }
  });

  it('converts to the dtype that is asked for', () => {
    assert.deepEqual(tensor([[1, 2]], undefined, 'int32').data, new Int32Array([1, 2]));
    assert.deepEqual(tensor(new Uint8Array([7]), [1], 'float32').data, new Float32Array([7]));
  });

  it('refuses a shape with another number of elements', () => {
    assert.throws(() => tensor(new Float32Array(5), [2, 3]), {
      constructor: ShapeError,
      message: 'tensor: expected 6 values for shape [2, 3], received 5.',
    });
    assert.throws(() => tensor([1, 2, 3], [2]), /expected 2 values for shape \[2\], received 3/);
  });

  it('refuses ragged lists', () => {
    const message = 'tensor: expected lists of equal lengths, received ragged ones (the first ones give [2, 2]).';
    for (const lists of [
      [
        [1, 2],
        [3, 4, 5],
      ],
      [[1, 2], 3],
      [
        [1, 2],
        [3, [4]],
      ],
    ]) {
      assert.throws(() => tensor(lists), { constructor: ShapeError, message });
    }
  });
});
