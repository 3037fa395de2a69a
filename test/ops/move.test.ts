/** Protects the shapes of ops that move numbers, and the messages about what they cannot move. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { concatenateAll } from '../../src/ops/concatenate.ts';
import { padWith, sliceOf } from '../../src/ops/slice.ts';
import { transposeAxes } from '../../src/ops/transpose.ts';

const inputOf = (shape: Shape, dtype: 'float32' | 'uint8' = 'float32') => new Graph().input('x', shape, dtype);

describe('shapes of moved arrays', () => {
  it('transposing, margins, parts', () => {
    const x = inputOf([batchAxis, 5, 6, 3]);
    assert.deepEqual(transposeAxes(x, [0, 3, 1, 2]).shape, [batchAxis, 3, 5, 6]);
    const margins = [
      [0, 0],
      [1, 2],
      [0, 4],
    ] as const;
    assert.deepEqual(padWith(x, margins).shape, [batchAxis, 8, 10, 3]);
    assert.deepEqual(sliceOf(x, [0, 1, 2, 0], [batchAxis, 2, 3, 1]).shape, [batchAxis, 2, 3, 1]);
  });

  it('concatenating along the last axis or another', () => {
    const x = inputOf([batchAxis, 5, 6, 3]);
    assert.deepEqual(concatenateAll([x, x]).shape, [batchAxis, 5, 6, 6]);
    assert.deepEqual(concatenateAll([x, x, x], 1).shape, [batchAxis, 15, 6, 3]);
    assert.deepEqual(concatenateAll([x, x], -2).shape, [batchAxis, 5, 12, 3]);
  });

  it('uint8 pictures are widened first', () => {
    const x = inputOf([batchAxis, 5, 6, 3], 'uint8');
    assert.equal(padWith(x, [], 1).node.inputs[0]!.node.op, 'identity');
    assert.equal(padWith(x, [], 1).dtype, 'float32');
  });
});

describe('what cannot be moved', () => {
  it('axes in an order that is none', () => {
    for (const permutation of [
      [0, 2, 2],
      [0, 1],
      [1, 0, 2],
      [0, 1, 3],
    ]) {
      assert.throws(() => transposeAxes(inputOf([batchAxis, 2, 3]), permutation), {
        name: 'OptionError',
        message:
          'transpose: expected each axis of [batch, 2, 3] once, the batch first, ' +
          `received [${permutation.join(', ')}].`,
      });
    }
  });

  it('arrays along an axis that is the batch or none', () => {
    for (const axis of [0, 2, 1.5, -3]) {
      assert.throws(() => concatenateAll([inputOf([batchAxis, 2])], axis), {
        name: 'OptionError',
        message: `concatenate: expected an axis from 1 to 1 to put arrays together, received ${axis < 0 ? axis + 2 : axis}.`,
      });
    }
  });

  it('arrays that differ along another axis', () => {
    const graph = new Graph();
    const inputs = [graph.input('a', [batchAxis, 2, 3]), graph.input('b', [batchAxis, 4, 3])] as const;
    assert.throws(() => concatenateAll(inputs), {
      name: 'ShapeError',
      message: 'concatenate: expected arrays that differ along axis 2 only, received [batch, 2, 3] and [batch, 4, 3].',
    });
  });

  it('parts that are not within the whole, or that are not of the whole batch', () => {
    const parts: readonly (readonly [readonly number[], Shape])[] = [
      [
        [0, 2],
        [batchAxis, 3],
      ],
      [
        [0, -1],
        [batchAxis, 3],
      ],
      [
        [1, 0],
        [batchAxis, 3],
      ],
      [
        [0, 0],
        [2, 3],
      ],
      [
        [0, 0],
        [batchAxis, 0],
      ],
      [[0], [batchAxis, 3]],
      [[0], [batchAxis]],
    ];
    for (const [start, part] of parts) {
      assert.throws(() => sliceOf(inputOf([batchAxis, 4]), start, part), {
        name: 'ShapeError',
        message:
          'slice: expected a part that lies within the whole, with the whole batch, received ' +
          `[${part.join(', ').replace('-1', 'batch')}] from [${start.join(', ')}] on within [batch, 4].`,
      });
    }
    assert.throws(
      () =>
        padWith(inputOf([batchAxis, 4]), [
          [0, 0],
          [-1, 0],
        ]),
      /ShapeError|pad: expected a part/,
    );
    assert.throws(() => padWith(inputOf([batchAxis, 4]), [[1, 0]]), /pad: expected a part that lies within the whole/);
  });
});
