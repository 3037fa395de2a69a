// Protects what a profile says and what it leaves alone: every instruction of the step with its place, cost and limit;
// the model's weights, slots and step count as they were.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nativeAvailability } from '../../src/backends/native/index.ts';
import type { BackendOptions } from '../../src/engine/choose-backend.ts';
import { type Layer, layers, type Model, type ProfileOptions, sequential, tensor } from '../../src/index.ts';

const noNative = nativeAvailability().available ? false : 'no native addon';

function small(options: BackendOptions = {}, head: Layer = layers.dense({ units: 3, activation: 'softmax' })): Model {
  const model = sequential(
    [
      layers.input({ shape: [12, 12, 3] }),
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      head,
    ],
    options,
  );
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}

describe('profile', () => {
  it('runs by themselves what convolutions take in, to the same result, where it is asked not to fuse', async () => {
    const model = small({ backend: 'reference' });
    const fused = await model.profile({ batchSize: 2, repeats: 1 });
    const apart = await model.profile({ batchSize: 2, repeats: 1, fusion: false });
    const opsOf = ({ rows }: typeof fused) => new Set(rows.map(({ op }) => op));
    assert.deepEqual([fused.fusion, apart.fusion], [true, false]);
    assert.ok(opsOf(fused).has('conv2dMaxPool2d') && !opsOf(fused).has('maxPool2d'));
    assert.ok(opsOf(fused).has('matMul+elementwise') && !opsOf(apart).has('matMul+elementwise'));
    for (const op of ['conv2d', 'maxPool2d', 'maxPool2dGradient', 'conv2dKernelGradient']) {
      assert.ok(opsOf(apart).has(op), `${op} in ${[...opsOf(apart)].join(', ')}`);
    }
    assert.ok(![...opsOf(apart)].some((op) => op.startsWith('conv2dMaxPool2d')));
  });

  it('lists the instructions of a step with their layers, phases, costs and limits', { skip: noNative }, async () => {
    const profile = await small({ backend: 'native', threads: 2 }).profile({ batchSize: 8, repeats: 3 });
    const { rows, peak, stepMs, outsideMs, arenaBytes, ...rest } = profile;
    const { backend, threads, batchSize, step, repeats } = rest;
    assert.deepEqual(
      { backend, threads, batchSize, step, repeats },
      { backend: 'native', threads: 2, batchSize: 8, step: 'train', repeats: 3 },
    );
    assert.ok(peak && peak.gflops > 0 && peak.gbPerSecond > 0);
    assert.ok(stepMs > 0 && outsideMs >= 0 && arenaBytes > 0);
    const places = rows.map(({ op, layer, phase }) => `${op} ${layer} ${phase}`);
    for (const place of [
      'conv2dMaxPool2d conv2d forward',
      'conv2dMaxPool2dKernelGradient conv2d gradient',
      'elementwise conv2d update',
      'matMul dense forward',
      'matMul dense gradient',
      'elementwise dense update',
      'softmax dense forward',
    ]) {
      assert.ok(places.includes(place), `${place} in:\n${places.join('\n')}`);
    }
    const known = ['conv2d', 'max_pooling2d', 'flatten', 'dropout', 'dense', 'loss', 'inputs'];
    assert.deepEqual(
      rows.filter(({ layer }) => !known.includes(layer)),
      [],
    );
    const convolution = rows.find(({ op }) => op === 'conv2dMaxPool2d')!;
    assert.equal(convolution.flops, (2 * 27 + 1) * 100 * 4 * 8);
    const { gflops, gbPerSecond } = peak;
    for (const { ms, flops, bytes, limit } of rows) {
      assert.ok(Number.isFinite(ms) && ms >= 0);
      const compute = flops / gflops / 1e6;
      const memory = bytes / gbPerSecond / 1e6;
      assert.deepEqual(limit, compute > memory ? { by: 'compute', ms: compute } : { by: 'memory', ms: memory });
    }
  });

  it('leaves weights, slots and the number of steps as they were', async () => {
    const model = small({ backend: 'reference' });
    const x = tensor(
      Float32Array.from({ length: 4 * 432 }, (_, index) => Math.sin(index)),
      [4, 12, 12, 3],
    );
    const y = tensor(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0), [4, 3]);
    await model.trainOnBatch(x, y);
    const trainer = await model.trainer();
    const names = trainer.memory.types.map(({ name }) => name);
    const state = () => Promise.all(names.map((name) => trainer.memory.read(name)));
    const before = await state();
    await model.profile({ batchSize: 2, repeats: 1 });
    assert.ok(names.some((name) => name.startsWith('adam/')));
    assert.deepEqual(await state(), before);
    assert.equal(trainer.iterations, 1);
  });

  it('has no peak on the reference, and profiles predictions of a model that is not compiled', async () => {
    const model = sequential([layers.input({ shape: [4] }), layers.dense({ units: 2 })], { backend: 'reference' });
    const profile = await model.profile({ step: 'predict', batchSize: 1, repeats: 2 });
    assert.equal(profile.peak, undefined);
    assert.deepEqual(
      profile.rows.map(({ op, layer, phase, flops, limit }) => ({ op, layer, phase, flops, limit })),
      [{ op: 'matMul', layer: 'dense', phase: 'forward', flops: 16, limit: undefined }],
    );
    await assert.rejects(model.profile(), /^TrainingError: profile: expected a compiled model\./);
  });

  it('evaluates without gradients and updates', async () => {
    const { rows, step } = await small({ backend: 'reference' }).profile({
      step: 'evaluate',
      batchSize: 2,
      repeats: 1,
    });
    assert.equal(step, 'evaluate');
    assert.deepEqual(new Set(rows.map(({ phase }) => phase)), new Set(['forward']));
    assert.ok(rows.some(({ layer }) => layer === 'loss'));
  });

  it('refuses what it does not know', async () => {
    const model = small({ backend: 'reference' });
    const refuses = async (options: object, message: RegExp) => {
      await assert.rejects(model.profile(options as ProfileOptions), message);
    };
    await refuses({ batch: 4 }, /profile: unknown option "batch"/);
    await refuses({ step: 'tain' }, /profile: unknown step "tain"\. Did you mean "train"/);
    await refuses({ repeats: 0 }, /profile: repeats must be a whole number of at least 1, received 0/);
    await refuses({ batchSize: 1.5 }, /profile: batchSize must be a whole number of at least 1, received 1\.5/);
  });
});
