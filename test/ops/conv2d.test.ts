/** Protects what groups and transposition mean for shapes, and the messages about those that do not fit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OptionError, ShapeError } from '../../src/core/errors.ts';
import { batchAxis, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { convolve, transposedConvolve } from '../../src/ops/conv2d.ts';
import type { Value } from '../../src/ops/op.ts';

const window = { strideHeight: 1, strideWidth: 1, paddingTop: 0, paddingBottom: 0, paddingLeft: 0, paddingRight: 0 };
const steps = { ...window, dilationHeight: 1, dilationWidth: 1 };

function withOperands(picture: Shape, kernel: Shape, build: (x: Value, kernel: Value) => Value): Value {
  const graph = new Graph();
  return build(graph.input('x', picture), graph.variable('kernel', kernel));
}

function convolved(picture: Shape, kernel: Shape, groups?: number): Value {
  const attributes = { ...steps, activation: 'linear' as const, ...(groups !== undefined && { groups }) };
  return withOperands(picture, kernel, (x, weights) => convolve(x, weights, undefined, attributes));
}

function transposed(picture: Shape, kernel: Shape, height: number, width: number, options: object = {}): Value {
  const attributes = { ...steps, height, width, ...options };
  return withOperands(picture, kernel, (x, weights) => transposedConvolve(x, weights, attributes));
}

describe('convolve in groups', () => {
  it('reads as many channels as the kernel has in each group', () => {
    assert.deepEqual(convolved([batchAxis, 9, 9, 6], [3, 3, 6, 8]).shape, [batchAxis, 7, 7, 8]);
    assert.deepEqual(convolved([batchAxis, 9, 9, 6], [3, 3, 3, 8], 2).shape, [batchAxis, 7, 7, 8]);
    assert.deepEqual(convolved([batchAxis, 9, 9, 6], [3, 3, 1, 12], 6).shape, [batchAxis, 7, 7, 12]);
  });

  it('refuses other channels', () => {
    assert.throws(() => convolved([batchAxis, 9, 9, 6], [3, 3, 3, 8], 4), {
      name: ShapeError.name,
      message:
        'conv2d: expected pictures [batch, height, width, channels] and a kernel [height, width, channels / 4, filters] ' +
        'with equal channels, received [batch, 9, 9, 6] and [3, 3, 3, 8].',
    });
  });

  it('refuses groups that filters cannot be cut into', () => {
    for (const [groups, channels] of [
      [3, 2],
      [0.5, 12],
    ] as const) {
      assert.throws(() => convolved([batchAxis, 9, 9, 6], [3, 3, channels, 8], groups), {
        name: OptionError.name,
        message: `conv2d: expected groups that divide the 8 filters, received ${groups}.`,
      });
    }
  });
});

describe('transposedConvolve', () => {
  it('gives pictures that the convolution would read', () => {
    assert.deepEqual(transposed([batchAxis, 8, 10, 4], [3, 3, 5, 4], 10, 12).shape, [batchAxis, 10, 12, 5]);
    const options = { strideHeight: 2, strideWidth: 3, groups: 2 };
    assert.deepEqual(transposed([batchAxis, 8, 10, 4], [3, 2, 5, 4], 18, 30, options).shape, [batchAxis, 18, 30, 10]);
  });

  it('refuses other filters', () => {
    assert.throws(() => transposed([batchAxis, 8, 8, 4], [3, 3, 3, 8], 10, 10), {
      name: ShapeError.name,
      message:
        'conv2dInputGradient: expected pictures [batch, height, width, filters] and a kernel ' +
        '[height, width, channels, filters] with equal filters, received [batch, 8, 8, 4] and [3, 3, 3, 8].',
    });
  });

  it('refuses a height and width whose convolution would not give those of x', () => {
    assert.throws(() => transposed([batchAxis, 8, 8, 4], [3, 3, 3, 4], 10, 12), {
      name: ShapeError.name,
      message:
        'transposedConvolve: expected pictures of 8×10 for a result of 10×12, received [batch, 8, 8, 4]. ' +
        'Use another height and width, or other paddings.',
    });
  });
});
