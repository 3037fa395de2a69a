/** Protects the shapes of transformed pictures, and the messages about what cannot be transformed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { transformPictures } from '../../src/ops/affine-transform.ts';
import { sum } from '../../src/ops/reduce.ts';

describe('affineTransform', () => {
  it('reads bytes and floats as they are, and gives floats of any size', () => {
    for (const dtype of ['uint8', 'float32'] as const) {
      const graph = new Graph();
      const [x, transforms] = [graph.input('x', [batchAxis, 5, 7, 3], dtype), graph.input('t', [batchAxis, 8])];
      const y = transformPictures(x, transforms);
      assert.deepEqual([y.shape, y.dtype, y.node.inputs[0]], [[batchAxis, 5, 7, 3], 'float32', x]);
      assert.deepEqual(transformPictures(x, transforms, { size: [2, 9] }).shape, [batchAxis, 2, 9, 3]);
    }
  });

  it('refuses what is no picture, transforms that do not fit, sizes without pixels', () => {
    const graph = new Graph();
    const [x, transforms] = [graph.input('x', [batchAxis, 5, 7, 3]), graph.input('t', [batchAxis, 8])];
    assert.throws(() => transformPictures(transforms, transforms), {
      name: 'ShapeError',
      message:
        'affineTransform: expected pictures [batch, height, width, channels] of uint8 or float32, ' +
        'received float32 [batch, 8].',
    });
    for (const [given, size] of [
      [graph.input('six', [batchAxis, 6]), [5, 7]],
      [graph.input('one', [1, 8]), [5, 7]],
      [transforms, [0, 7]],
    ] as const) {
      const received = given.shape.join(', ').replace('-1', 'batch');
      assert.throws(() => transformPictures(x, given, { size }), {
        name: 'ShapeError',
        message:
          'affineTransform: expected a transform of 8 numbers for each picture, float32 [batch, 8], and a size from 1×1, ' +
          `received float32 [${received}] and ${size.join('×')}.`,
      });
    }
  });

  it('has no gradient, and says so', () => {
    const graph = new Graph();
    const weight = graph.variable('weight', [1, 8]);
    const y = transformPictures(graph.input('x', [1, 5, 7, 3]), weight);
    assert.throws(() => gradient(graph, sum(y), [weight]), {
      message: 'gradient: affineTransform has no gradient, and the loss depends on it.',
    });
  });
});
