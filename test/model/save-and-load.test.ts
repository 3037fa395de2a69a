// Protects: a saved model comes back to the bit, with what belongs to it, and can be trained on.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import type { BackendOptions } from '../../src/engine/choose-backend.ts';
import { loadModel, restoreModel } from '../../src/model/load-model.ts';
import { type Model, sequential } from '../../src/model/model.ts';
import { storeModel } from '../../src/model/store.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { losses } from '../../src/nn/losses/table.ts';
import { defineOptimizer, type Optimizer } from '../../src/nn/optimizers/optimizer.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { schedules } from '../../src/nn/schedules/table.ts';
import { square, subtract } from '../../src/ops/elementwise.ts';
import { listTargets } from '../support/backends-under-test.ts';

const reference: BackendOptions = { backend: 'reference' };
const random = new Random(8);
const x = tensor(
  Uint8Array.from({ length: 12 * 64 * 3 }, () => random.integer(256)),
  [12, 8, 8, 3],
);
const y = tensor(
  Float32Array.from({ length: 24 }, (_, place) => (place % 2 === (place >> 1) % 2 ? 1 : 0)),
  [12, 2],
);

function convolutional(options: BackendOptions = reference): Model {
  const model = sequential(
    [
      layers.rescaling({ scale: 1 / 255 }),
      layers.conv2d({ filters: 3, kernelSize: [3, 2], padding: 'same', activation: 'relu', name: 'eyes' }),
      layers.maxPooling2d(),
      layers.activation({ activation: 'tanh' }),
      layers.flatten(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'heNormal' }),
    ],
    { ...options, name: 'little', seed: 11 },
  );
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.05 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

describe('a saved model', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'cajal-save-'));
  after(() => rm(root, { recursive: true, force: true }));

  for (const { backend, instructionSet, missing } of await listTargets()) {
    it(`predicts the same bits on ${backend} ${instructionSet}`, { skip: missing ?? false }, async () => {
      const options = { backend, instructionSet };
      const model = convolutional(options);
      await model.fit(x, y, { batchSize: 5, epochs: 2 });
      const folder = path.join(root, `${backend}-${instructionSet}`);
      await model.save(folder);
      const { model: loaded } = await loadModel(folder, options);
      assert.deepEqual(await loaded.predict(x), await model.predict(x));
      assert.deepEqual(await loaded.getWeights(), await model.getWeights());
    });
  }

  it('knows its layers, names, numbers and how it was compiled', async () => {
    const model = convolutional();
    await model.fit(x, y, { batchSize: 5 });
    const folder = path.join(root, 'trained');
    await model.save(folder, { classNames: ['left', 'right'], metrics: { val_accuracy: 0.75 } });
    const { model: loaded, description } = await loadModel(folder, { backend: 'reference' });
    assert.deepEqual(await loaded.getWeights(), await model.getWeights());
    assert.equal(loaded.summary(), model.summary());
    assert.deepEqual([loaded.name, loaded.seed], ['little', 11]);
    assert.deepEqual(description.classNames, ['left', 'right']);
    assert.deepEqual(description.metrics, { val_accuracy: 0.75 });
    assert.deepEqual(description.compiled, {
      optimizer: 'sgd',
      optimizerConfig: { learningRate: 0.05, momentum: 0, nesterov: false },
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
    });
  });

  it('keeps an optimizer with its schedule and options; without one of the user’s own it is not compiled', async () => {
    const loadedWith = async (optimizer: Optimizer) => {
      const model = convolutional();
      model.build([8, 8, 3]);
      model.compile({ optimizer, loss: 'categoricalCrossentropy' });
      const folder = path.join(root, `with ${optimizer.name}`);
      await model.save(folder);
      return (await loadModel(folder, { backend: 'reference' })).model.compiled?.optimizer;
    };
    const learningRate = schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
    const adam = optimizers.adam({
      learningRate,
      weightDecay: 0.5,
      excludeFromWeightDecay: ['bias'],
      clipnorm: 1,
      learningRateMultipliers: { 'e*s': 0.5 },
    });
    const restored = await loadedWith(adam);
    assert.deepEqual(restored!.config, adam.config);
    assert.deepEqual(restored!.scalars(5), adam.scalars(5));
    const still = defineOptimizer('still', {
      defaults: { learningRate: 1 },
      slots: () => ({}),
      update: ({ weight }) => ({ weight }),
    });
    assert.equal(await loadedWith(still()), undefined);
  });

  it('is compiled as it was, and goes on from its weights', async () => {
    const model = convolutional();
    await model.fit(x, y, { batchSize: 5 });
    // A file holds float32; the reference computes with more bits.
    await model.setWeights(await model.getWeights());
    model.compiled!.optimizer.learningRate = 0.125;
    const folder = path.join(root, 'continued');
    await model.save(folder);
    const { model: loaded } = await loadModel(folder, { backend: 'reference' });
    assert.deepEqual(await loaded.evaluate(x, y), await model.evaluate(x, y));
    assert.equal(loaded.compiled!.optimizer.learningRate, 0.125);
    // Steps are numbered from 0 again, as after another compile.
    model.compile({ optimizer: loaded.compiled!.optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const options = { batchSize: 5, epochs: 3, initialEpoch: 1 };
    assert.deepEqual((await loaded.fit(x, y, options)).history, (await model.fit(x, y, options)).history);
    assert.deepEqual(await loaded.getWeights(), await model.getWeights());
  });

  it('keeps the options of its loss', async () => {
    const model = convolutional();
    const loss = losses.categoricalCrossentropy({ labelSmoothing: 0.25 });
    model.build([8, 8, 3]);
    model.compile({ loss });
    const { description, weights } = await storeModel(model);
    assert.deepEqual(description.compiled!.loss, loss);
    const restored = await restoreModel({ description: JSON.parse(JSON.stringify(description)), weights }, reference);
    assert.deepEqual(restored.compiled!.loss, loss);
    assert.deepEqual(await restored.evaluate(x, y), await model.evaluate(x, y));
  });

  it('whose loss is a function is loaded without its compilation', async () => {
    const model = convolutional();
    model.build([8, 8, 3]);
    model.compile({ loss: (targets, predictions) => square(subtract(targets, predictions)) });
    const stored = await storeModel(model);
    assert.equal(stored.description.compiled, undefined);
    assert.equal((await restoreModel(stored, reference)).compiled, undefined);
  });

  it('that was never compiled predicts, and asks to be compiled', async () => {
    const model = sequential([layers.dense({ units: 2 })], { backend: 'reference' });
    model.build([3]);
    const restored = await restoreModel(await storeModel(model), { backend: 'reference' });
    const inputs = tensor([[1, 2, 3]]);
    assert.deepEqual(await restored.predict(inputs), await model.predict(inputs));
    await assert.rejects(restored.fit(inputs, inputs), /^TrainingError: fit: expected a compiled model/);
  });

  it('needs a class name for each output, or two for a single one', async () => {
    const model = convolutional();
    model.build([8, 8, 3]);
    await assert.rejects(model.save(path.join(root, 'x'), { classNames: ['one'] }), {
      name: 'OptionError',
      message: 'save: expected 2 class names, one for each output, received 1.',
    });
    await assert.rejects(
      model.save(path.join(root, 'x'), { labels: [] } as never),
      /^OptionError: save: unknown option "labels"/,
    );
    const single = sequential([layers.dense({ units: 1, activation: 'sigmoid' })], { backend: 'reference' });
    single.build([3]);
    assert.deepEqual((await storeModel(single, { classNames: ['no', 'yes'] })).description.classNames, ['no', 'yes']);
  });
});
