// Protects: models with several outputs: a loss, a weight and metrics for each, and the sum of the losses that is trained.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { type Model, model } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';

const { input, dense } = layers;

const numbers = (rows: number, columns: number): Tensor =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, place) => Math.sin(place + 1)),
    [rows, columns],
  );
const weightsOf = async (one: Model) =>
  Object.fromEntries([...(await one.getWeights())].map(([name, data]) => [name, [...data]]));

describe('several outputs', () => {
  const heads = () => {
    const x = input({ shape: [3], name: 'x' });
    const base = dense({ units: 4, activation: 'tanh', name: 'base' })(x);
    const kind = dense({ units: 2, activation: 'softmax', name: 'kind' })(base);
    const size = dense({ units: 1, name: 'size' })(base);
    return model({ inputs: x, outputs: [kind, size], name: 'heads' });
  };
  const kinds = tensor([0, 1, 1, 0, 1]);
  const sizes = numbers(5, 1);
  const x = numbers(5, 3);

  it('have losses, weights and metrics of their own, whose sum is trained', async () => {
    const net = heads();
    net.compile({
      optimizer: 'sgd',
      loss: { size: 'mse', kind: 'sparseCategoricalCrossentropy' },
      lossWeights: { kind: 1, size: 0.5 },
      metrics: { kind: ['accuracy'], size: ['meanAbsoluteError'] },
    });
    const { history } = await net.fit(
      x,
      { kind: kinds, size: sizes },
      { epochs: 3, batchSize: 2, validationData: [x, [kinds, sizes]] },
    );
    assert.deepEqual(Object.keys(history), [
      'loss',
      'kind_loss',
      'size_loss',
      'kind_accuracy',
      'size_meanAbsoluteError',
      'val_loss',
      'val_kind_loss',
      'val_size_loss',
      'val_kind_accuracy',
      'val_size_meanAbsoluteError',
    ]);
    history['loss']!.forEach((loss, epoch) => {
      assert.ok(Math.abs(loss - history['kind_loss']![epoch]! - 0.5 * history['size_loss']![epoch]!) < 1e-5);
    });
    assert.ok(history['val_loss']!.at(-1)! < history['val_loss']![0]!);
    const logs = await net.evaluate(x, [kinds, sizes], { batchSize: 2 });
    assert.ok(Math.abs(logs['loss']! - history['val_loss']!.at(-1)!) < 1e-6);
  });

  it('train one head only where the other weighs nothing', async () => {
    const net = heads();
    net.compile({ optimizer: 'sgd', loss: ['sparseCategoricalCrossentropy', 'mse'], lossWeights: [1, 0] });
    const before = await weightsOf(net);
    await net.trainOnBatch(x, [kinds, sizes]);
    const after = await weightsOf(net);
    assert.deepEqual(after['size/kernel'], before['size/kernel']);
    assert.notDeepEqual(after['kind/kernel'], before['kind/kernel']);
  });

  it('are told where they do not fit', async () => {
    const fails = async (options: object, message: RegExp) => {
      const net = heads();
      net.compile(options as never);
      await assert.rejects(net.trainOnBatch(x, [kinds, sizes]), message);
    };
    await fails(
      { loss: ['mse'] },
      /^OptionError: compile: expected loss for each of 2 outputs \(kind, size\), received 1\./,
    );
    await fails(
      { loss: { kind: 'mse' } },
      /^OptionError: compile: expected loss for each output \(kind, size\), received none for "size"\./,
    );
    await fails(
      { loss: { kind: 'mse', sise: 'mse' } },
      /^OptionError: compile: loss: unknown option "sise"\. Did you mean "size"\?/,
    );
    await fails(
      { loss: 'mse', metrics: { kinds: ['accuracy'] } },
      /^OptionError: compile: metrics: unknown option "kinds"/,
    );
    assert.throws(
      () => heads().compile({ loss: 'mse', lossWeights: [-1, 1] }),
      /^OptionError: compile: each of lossWeights must be a number of at least 0, received -1\./,
    );
    const net = heads();
    net.compile({ loss: 'mse' });
    await assert.rejects(net.fit(x, sizes), /^OptionError: fit: expected 2 targets \(kind, size\), received 1\./);
  });
});
