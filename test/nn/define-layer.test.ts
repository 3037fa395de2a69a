// Protects: a layer of the user's own, written as its documentation shows, trains and is checked like any other.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { defineLayer, layers, Model, sequential, tensor } from '../../src/index.ts';
import { add, multiply } from '../../src/ops/index.ts';

const affine = defineLayer<{ start?: 'ones' | 'zeros' }, { start: 'ones' | 'zeros' }>({
  className: 'Affine',
  options: ['start'],
  configure: ({ start = 'ones' }) => ({ start }),
  weights: ({ start }, inputShape) => ({
    scale: { shape: [inputShape.at(-1)!], initializer: start, trainable: true },
    shift: { shape: [inputShape.at(-1)!], initializer: 'zeros', trainable: true },
  }),
  call: ({ inputs: [x], weights: { scale, shift } }) => add(multiply(x!, scale!), shift!),
});

it('a layer of one’s own learns 2x + 3', async () => {
  const model = sequential([layers.input({ shape: [1] }), affine({ name: 'line' })]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const x = tensor(Float32Array.of(-1, 0, 1, 2), [4, 1]);
  const y = tensor(Float32Array.of(1, 3, 5, 7), [4, 1]);
  await model.fit(x, y, { epochs: 600, batchSize: 4 });
  const weights = await model.getWeights();
  assert.ok(Math.abs(weights.get('line/scale')![0]! - 2) < 0.01);
  assert.ok(Math.abs(weights.get('line/shift')![0]! - 3) < 0.01);
});

it('a layer of one’s own is saved and loaded', () => {
  const saved = JSON.parse(
    JSON.stringify(sequential([layers.input({ shape: [3] }), affine({ start: 'zeros' })]).getConfig()),
  );
  const again = Model.fromConfig(saved, { customLayers: [affine] });
  assert.deepEqual(again.getConfig(), saved);
  assert.throws(
    () => Model.fromConfig(saved),
    /^OptionError: layer: unknown class "Affine"\..*customLayers: \[itsFunction\] \}\.$/,
  );
});

it('a layer of one’s own whose options are required is loaded like any other', () => {
  const scaled = defineLayer<{ factor: number }, { factor: number }>({
    className: 'Scaled',
    options: ['factor'],
    configure: ({ factor }) => ({ factor }),
    call: ({ config, inputs: [x] }) => multiply(x!, config.factor),
  });
  const config = sequential([layers.input({ shape: [3] }), scaled({ factor: 2 })]).getConfig();
  assert.deepEqual(Model.fromConfig(config, { customLayers: [affine, scaled] }).getConfig(), config);
});

it('a layer of one’s own knows its options', () => {
  assert.throws(() => affine({ begin: 'ones' } as never), {
    name: 'OptionError',
    message: 'Affine: unknown option "begin". Choose from start.',
  });
});
