/** Protects the arithmetic of shapes with a symbolic batch axis, and broadcasting as NumPy does it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrayClass, bytesPerElement, dtypes } from '../../src/core/dtype.ts';
import { ShapeError } from '../../src/core/errors.ts';
import {
  batchAxis,
  broadcastShapes,
  elementCount,
  formatShape,
  hasBatch,
  sameShape,
  withBatch,
} from '../../src/core/shape.ts';

describe('shapes', () => {
  it('count elements with a batch', () => {
    assert.equal(elementCount([]), 1);
    assert.equal(elementCount([2, 3, 4]), 24);
    assert.equal(elementCount([batchAxis, 3]), 3);
    assert.equal(elementCount([batchAxis, 3], 5), 15);
    assert.equal(elementCount([4, 0]), 0);
  });

  it('put a number in place of the batch axis', () => {
    assert.deepEqual(withBatch([batchAxis, 28, 28, 1], 32), [32, 28, 28, 1]);
    assert.ok(hasBatch([batchAxis, 2]));
    assert.ok(!hasBatch([2, 2]) && !hasBatch([]));
  });

  it('print the batch axis by name', () => {
    assert.equal(formatShape([batchAxis, 28, 28, 1]), '[batch, 28, 28, 1]');
    assert.equal(formatShape([]), '[]');
  });

  it('are the same only where all sizes are', () => {
    assert.ok(sameShape([1, 2], [1, 2]));
    assert.ok(!sameShape([1, 2], [1, 2, 1]) && !sameShape([1, 2], [2, 1]));
  });
});

describe('broadcastShapes', () => {
  const pairs: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
    [[], [], []],
    [[3], [], [3]],
    [[2, 3], [3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [
      [4, 1, 5],
      [6, 1],
      [4, 6, 5],
    ],
    [[batchAxis, 5], [5], [batchAxis, 5]],
    [
      [1, 5],
      [batchAxis, 1],
      [batchAxis, 5],
    ],
    [
      [batchAxis, 5],
      [batchAxis, 5],
      [batchAxis, 5],
    ],
  ];
  for (const [a, b, expected] of pairs) {
    it(`joins ${formatShape(a)} and ${formatShape(b)}`, () => {
      assert.deepEqual(broadcastShapes(a, b, 'add'), expected);
      assert.deepEqual(broadcastShapes(b, a, 'add'), expected);
    });
  }

  it('refuses sizes that differ', () => {
    assert.throws(() => broadcastShapes([2, 3], [4, 3], 'add in block'), {
      constructor: ShapeError,
      message:
        'add in block: expected shapes that broadcast together, received [2, 3] and [4, 3]. ' +
        'Sizes must be equal or 1, counted from the last axis.',
    });
  });

  it('refuses a number where the batch is', () => {
    assert.throws(() => broadcastShapes([batchAxis, 3], [4, 3], 'add'), /received \[batch, 3\] and \[4, 3\]/);
  });
});

describe('dtypes', () => {
  it('have arrays of their size', () => {
    for (const dtype of dtypes) assert.equal(arrayClass(dtype).BYTES_PER_ELEMENT, bytesPerElement(dtype));
  });
});
