// Protects: the weights that fit is given reach the loss of their examples, in training and in a held-out share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { fitArrays } from '../../src/model/fit-data.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { Network } from '../../src/nn/network.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';

const x = tensor([[0], [0], [0], [0]]);
const y = tensor([[1], [2], [3], [4]]);

function zero() {
  const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
  model.build([1]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: 'mse', weightedMetrics: ['mae'] });
  return model;
}

test('weights of examples', async () => {
  const sampleWeights = [1, 0, 2, 0.5];
  const { history } = await zero().fit(x, y, { sampleWeights, batchSize: 2, shuffle: false });
  assert.deepEqual(history['loss'], [(1 + 2 * 9 + 0.5 * 16) / 4]);
  assert.deepEqual(history['meanAbsoluteError'], [(1 + 2 * 3 + 0.5 * 4) / 3.5]);
  const held = await zero().fit(x, y, { sampleWeights, validationSplit: 0.5 });
  assert.deepEqual(held.history['loss'], [1 / 2]);
  assert.deepEqual(held.history['val_loss'], [(2 * 9 + 0.5 * 16) / 2]);
});

test('weights of examples in evaluate', async () => {
  const sampleWeights = Float32Array.of(1, 0, 2, 0.5);
  for (const batchSize of [1, 3, 32]) {
    const logs = await zero().evaluate(x, y, { sampleWeights, batchSize });
    assert.ok(Math.abs(logs['loss']! - (1 + 2 * 9 + 0.5 * 16) / 4) < 1e-6);
    assert.deepEqual(logs['meanAbsoluteError'], (1 + 2 * 3 + 0.5 * 4) / 3.5);
  }
  await assert.rejects(zero().evaluate(x, y, { sampleWeights: [1, 1] }), {
    name: 'ShapeError',
    message: 'evaluate: expected as many sample weights as inputs (4), received 2.',
  });
  await assert.rejects(
    zero().evaluate(x, y, { sampleWeights: [1, 1, 1, Number.NaN] }),
    /^DataError: evaluate: expected sample weights of 0 or more, received NaN \(number 3 of the batch\)/,
  );
});

test('wrong weights are refused before training', async () => {
  await assert.rejects(zero().fit(x, y, { sampleWeights: [1] }), /ShapeError: fit: expected as many sample weights/);
  await assert.rejects(zero().fit(x, y, { sampleWeights: [1, 1, -1, 1] }), /received -1 \(number 2 of the batch\)/);
  const network = { inputNames: ['a', 'b'], outputNames: ['c'] } as unknown as Network;
  assert.throws(() => fitArrays([x, x], y, { sampleWeights: [1, 1, 1, 1] }, network, 0), {
    name: 'OptionError',
    message:
      'fit: expected sampleWeights for a model with one input and one output, received them for more. ' +
      'Give a dataset whose batches have sampleWeights.',
  });
});
