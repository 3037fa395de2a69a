/** Protects the shapes of resized and averaged pictures, and the messages about what cannot be resized or averaged. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { averagePool } from '../../src/ops/average-pool2d.ts';
import { resize } from '../../src/ops/resize2d.ts';
import { windowFor } from '../../src/ops/window.ts';

const inputOf = (shape: Shape) => new Graph().input('x', shape);

describe('resizing and averaging', () => {
  it('give pictures of the size asked for, and a mean for each window', () => {
    const x = inputOf([batchAxis, 5, 7, 3]);
    assert.deepEqual(resize(x, [9, 2]).shape, [batchAxis, 9, 2, 3]);
    const window = windowFor(x.shape, [2, 2], [2, 2], 'same');
    assert.deepEqual(averagePool(x, { ...window, poolHeight: 2, poolWidth: 2 }).shape, [batchAxis, 3, 4, 3]);
  });

  it('refuse what is no picture, and sizes without pixels', () => {
    const window = windowFor([1, 5, 7, 3], [2, 2], [2, 2], 'valid');
    assert.throws(() => averagePool(inputOf([batchAxis, 5]), { ...window, poolHeight: 2, poolWidth: 2 }), {
      name: 'ShapeError',
      message: 'averagePool2d: expected pictures to average, [batch, height, width, channels], received [batch, 5].',
    });
    for (const [shape, size] of [
      [
        [batchAxis, 5],
        [2, 2],
      ],
      [
        [batchAxis, 5, 7, 3],
        [0, 2],
      ],
    ] as const) {
      const received = `[${shape.join(', ').replace('-1', 'batch')}] and ${size.join('×')}.`;
      assert.throws(() => resize(inputOf(shape), size), {
        name: 'ShapeError',
        message:
          'resize2d: expected pictures [batch, height, width, channels] to resize, and a size from 1×1, ' +
          `received ${received}`,
      });
    }
  });
});
