// Protects: normalization's `adapt`: mean and variance over arrays, batches and datasets, what they are used for, and what it
// says where it comes too late or finds nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/index.ts';
import { sequential } from '../../src/model/model.ts';
import { layerFromConfig, layers } from '../../src/nn/layers/table.ts';

const pictures = tensor(Float32Array.of(0, 10, 2, 10, 4, 10, 6, 40), [2, 1, 2, 2]);

function near(actual: unknown, expected: readonly number[]): void {
  assert.ok(Array.isArray(actual) && actual.length === expected.length);
  expected.forEach((value, place) => {
    assert.ok(Math.abs(actual[place] - value) < 1e-9, `${actual} instead of ${expected}`);
  });
}

describe('adapt', () => {
  it('measures each channel, each place of other axes, or all values', async () => {
    const channels = layers.normalization();
    await channels.adapt(pictures);
    near(channels.config['mean'], [3, 17.5]);
    near(channels.config['variance'], [5, 168.75]);
    const columns = layers.normalization({ axis: [2, -1] });
    await columns.adapt(pictures);
    near(columns.config['mean'], [2, 10, 4, 25]);
    const all = layers.normalization({ axis: null });
    await all.adapt(pictures);
    near(all.config['mean'], [10.25]);
  });

  it('takes batches of any size and datasets, and keeps its digits where the mean is large', async () => {
    const batched = layers.normalization();
    await batched.adapt([
      tensor(Float32Array.of(4_000_000, 4_000_001), [2, 1]),
      tensor(Float32Array.of(4_000_002), [1, 1]),
    ]);
    near(batched.config['mean'], [4_000_001]);
    near(batched.config['variance'], [2 / 3]);
    const bytes = layers.normalization();
    const x = tensor(Uint8Array.of(0, 100, 200, 60), [4, 1]);
    await bytes.adapt(arrayDataset(x, tensor(new Float32Array(4), [4, 1]), { batchSize: 3 }));
    near(bytes.config['mean'], [90]);
  });

  it('is saved with the model, and gives mean 0 and variance 1', async () => {
    const layer = layers.normalization({ name: 'scale' });
    await layer.adapt(pictures);
    const saved = JSON.parse(JSON.stringify(layer.config));
    assert.deepEqual(layerFromConfig('Normalization', saved).config, layer.config);
    const model = sequential([layers.input({ shape: [1, 2, 2] }), layer]);
    const { data } = await model.predict(pictures);
    const first = [...data].filter((_, place) => place % 2 === 0);
    near([first.reduce((sum, value) => sum + value, 0).toFixed(5)].map(Number), [0]);
    near([first.reduce((sum, value) => sum + value ** 2, 0).toFixed(5)].map(Number), [4]);
  });

  it('refuses what it cannot measure', async () => {
    const layer = layers.normalization({ name: 'scale' });
    await assert.rejects(layer.adapt([]), {
      name: 'DataError',
      message: 'Normalization "scale": expected examples to adapt to, received none.',
    });
    await assert.rejects(layer.adapt([pictures, tensor(new Float32Array(4), [2, 2])]), {
      name: 'ShapeError',
      message: 'Normalization "scale": expected examples of one shape, received [1, 2, 2] and [2].',
    });
    assert.throws(() => sequential([layers.input({ shape: [2] }), layer]), {
      message: 'Normalization "scale": expected a mean and a variance, received none. Call adapt(data) first.',
    });
    await layer.adapt(pictures);
    sequential([layers.input({ shape: [1, 2, 2] }), layer]);
    await assert.rejects(layer.adapt(pictures), {
      name: 'OptionError',
      message: 'Normalization "scale": expected adapt before the layer is in a model, received it afterwards.',
    });
  });

  it('is checked where its numbers are given', () => {
    const refuses = (options: object, message: string) =>
      assert.throws(() => layers.normalization(options), { message: `Normalization: ${message}` });
    refuses({ mean: 1 }, 'mean and variance go together, received mean alone.');
    refuses({ mean: 1, variance: -1 }, 'variance must be a number of at least 0, received -1.');
    refuses({ axis: 'all' }, 'axis must be a whole number, a list of them or null, received "all".');
    refuses({ invert: 1 }, 'invert must be true or false, received 1.');
    const layer = layers.normalization({ mean: [1, 2], variance: [1, 1] });
    assert.throws(() => sequential([layers.input({ shape: [3] }), layer]), {
      message: 'Normalization "normalization": expected mean with 3 numbers for an input [batch, 3], received 2.',
    });
  });
});
