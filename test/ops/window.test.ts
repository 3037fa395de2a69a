/** Protects the padding of windows: `same` as TensorFlow computes it, with the odd row at the end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { windowFor, windowOutput } from '../../src/ops/window.ts';

describe('windowFor', () => {
  it('adds nothing for valid', () => {
    const window = windowFor([1, 9, 9, 1], [3, 3], [1, 1], 'valid');
    assert.deepEqual(window, {
      strideHeight: 1,
      strideWidth: 1,
      paddingTop: 0,
      paddingBottom: 0,
      paddingLeft: 0,
      paddingRight: 0,
    });
  });

  it('puts the odd row of same at the end', () => {
    const window = windowFor([1, 6, 7, 1], [2, 3], [1, 2], 'same');
    assert.deepEqual([window.paddingTop, window.paddingBottom], [0, 1]);
    assert.deepEqual([window.paddingLeft, window.paddingRight], [1, 1]);
  });

  it('pads nothing where strides are larger than windows', () => {
    const window = windowFor([1, 9, 9, 1], [1, 1], [3, 3], 'same');
    assert.deepEqual([window.paddingTop, window.paddingBottom], [0, 0]);
  });

  it('gives ⌈size / stride⌉ for same, whatever the window', () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      for (const extent of [1, 2, 3, 4, 7]) {
        for (const stride of [1, 2, 3]) {
          const input = [1, size, size, 1];
          const window = windowFor(input, [extent, extent], [stride, stride], 'same');
          const expected = Math.ceil(size / stride);
          assert.deepEqual(windowOutput(input, [extent, extent], window, 'test'), [expected, expected]);
        }
      }
    }
  });
});
