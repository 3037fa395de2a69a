// Protects: how layers become a network: names, shapes, weights, and errors that name the layer and the shape.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';

describe('Network', () => {
  it('names layers as Keras, around names that the user gave', () => {
    const dense = (name?: string) => layers.dense({ units: 2, ...(name && { name }) });
    const network = Network.sequential([dense(), dense('dense_1'), dense(), dense('head'), dense()], [3]);
    assert.deepEqual(
      network.layers.map(({ name }) => name),
      ['dense', 'dense_1', 'dense_2', 'head', 'dense_3'],
    );
    assert.deepEqual(network.weights.map(({ name }) => name).slice(2, 6), [
      'dense_1/kernel',
      'dense_1/bias',
      'dense_2/kernel',
      'dense_2/bias',
    ]);
  });

  it('counts parameters and operations, and knows its output', () => {
    const network = Network.sequential(
      [layers.conv2d({ filters: 4, kernelSize: 3 }), layers.flatten(), layers.dense({ units: 5 })],
      [6, 6, 2],
    );
    assert.deepEqual(network.outputShape, [batchAxis, 5]);
    assert.equal(network.parameterCount, 3 * 3 * 2 * 4 + 4 + 64 * 5 + 5);
    assert.equal(network.layers[0]!.flops, 2 * 16 * 3 * 3 * 2 * 4);
    assert.equal(network.layers[2]!.flops, 2 * 64 * 5);
  });

  it('says which layer cannot take which shape', () => {
    const build = (list: Parameters<typeof layers.flatten>[0] | unknown, shape: readonly number[]) => () =>
      Network.sequential(list as never, shape);
    assert.throws(build([layers.flatten(), layers.conv2d({ filters: 1, kernelSize: 3, name: 'late' })], [4, 4, 1]), {
      name: 'ShapeError',
      message: 'Conv2D "late": expected pictures [batch, height, width, channels], received [batch, 16].',
    });
    assert.throws(build([layers.maxPooling2d()], [4]), /^ShapeError: MaxPooling2D "max_pooling2d": expected pictures/);
    const deep = [layers.maxPooling2d(), layers.maxPooling2d(), layers.conv2d({ filters: 1, kernelSize: 3 })];
    assert.throws(
      build(deep, [8, 8, 1]),
      /^ShapeError: conv2d in conv2d: expected an input of at least 3×3 for its window, received \[batch, 2, 2, 1\]\./,
    );
    assert.throws(
      build([layers.maxPooling2d({ poolSize: 17 })], [32, 32, 1]),
      /max_pooling2d: expected a pool window of at most 256/,
    );
  });

  it('refuses no layers, names twice and an input layer inside', () => {
    assert.throws(() => Network.sequential([], [2]), {
      message: 'sequential: expected at least one layer, received none.',
    });
    const twice = [layers.dense({ units: 2, name: 'a' }), layers.dense({ units: 2, name: 'a' })];
    assert.throws(() => Network.sequential(twice, [2]), {
      message: 'sequential: expected different layer names, received "a" twice. Rename one of them.',
    });
    const late = [layers.dense({ units: 2 }), layers.input({ shape: [2] })];
    assert.throws(() => Network.sequential(late, [2]), {
      message: 'sequential: expected an input in the first place only, received one in place 2.',
    });
  });

  it('draws weights from the seed and the weight’s name alone', () => {
    const network = (...units: readonly number[]) =>
      Network.sequential(
        units.map((count) => layers.dense({ units: count })),
        [8],
      );
    const firstOf = (made: Network, seed: number, name: string) => {
      const fill = made.initialize(seed).get(name);
      assert.ok(typeof fill === 'function');
      return [fill(), fill(), fill()];
    };
    const drawn = firstOf(network(4, 4), 7, 'dense/kernel');
    assert.deepEqual(drawn, firstOf(network(4), 7, 'dense/kernel'));
    assert.notDeepEqual(drawn, firstOf(network(4), 8, 'dense/kernel'));
    assert.notDeepEqual(firstOf(network(8, 8), 7, 'dense/kernel'), firstOf(network(8, 8), 7, 'dense_1/kernel'));
  });
});
