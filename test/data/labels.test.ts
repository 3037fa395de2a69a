// Protects targets: one-hot rows, the three label modes, and the order of class names on any text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { compareCodePoints } from '../../src/data/code-point-order.ts';
import { encodeLabels, targetShapeOf } from '../../src/data/label-mode.ts';
import { toCategorical } from '../../src/data/to-categorical.ts';

test('toCategorical takes lists, typed arrays and tensors', () => {
  const expected = tensor([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  assert.deepEqual(toCategorical([0, 2, 1]), expected);
  assert.deepEqual(toCategorical(Uint8Array.of(0, 2, 1), 3), expected);
  assert.deepEqual(toCategorical(tensor([[0], [2], [1]])), expected);
  assert.deepEqual(toCategorical([1], 4).shape, [1, 4]);
});

test('toCategorical refuses labels that are no classes', () => {
  assert.throws(() => toCategorical([0, 3], 3), /whole numbers from 0 to 2, received 3 at position 1/);
  assert.throws(() => toCategorical([0.5], 2), /received 0\.5 at position 0/);
  assert.throws(() => toCategorical([-1, 1]), /received -1 at position 0/);
  assert.throws(() => toCategorical([]), /numClasses must be a whole number of at least 1/);
});

test('label modes', () => {
  assert.deepEqual(
    encodeLabels([1, 0], 'categorical', 3),
    tensor([
      [0, 1, 0],
      [1, 0, 0],
    ]),
  );
  assert.deepEqual(encodeLabels([1, 0], 'int', 3), tensor([[1], [0]]));
  assert.deepEqual(encodeLabels([1, 0], 'binary', 2), tensor([[1], [0]]));
  assert.deepEqual(
    [targetShapeOf('categorical', 3), targetShapeOf('int', 3), targetShapeOf('binary', 2)],
    [[3], [1], [1]],
  );
  assert.throws(() => targetShapeOf('binary', 3), /"binary" needs two classes, received 3/);
  assert.throws(
    () => targetShapeOf('categoric' as 'int', 3),
    /unknown label mode "categoric"\. Did you mean "categorical"/,
  );
});

test('names are ordered by code points, as Python does', () => {
  const names = ['b', 'a10', 'a', 'B', 'ñ', '\u{1f600}', '\uffee', 'a2', ''];
  assert.deepEqual(names.sort(compareCodePoints), ['', 'B', 'a', 'a10', 'a2', 'b', 'ñ', '\uffee', '\u{1f600}']);
});
