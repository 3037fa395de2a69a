// Protects mixing: MixUp and CutMix mix pictures and targets by the same share, with another picture of the batch, from draws of
// (seed, epoch, picture); Beta numbers are distributed as they should; label smoothing follows; other targets are refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { augment } from '../../src/augmentation/augment.ts';
import { cutMix, drawPartners, mixUp } from '../../src/augmentation/batch-mixer.ts';
import { drawBeta } from '../../src/augmentation/draw-beta.ts';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import type { Batch } from '../../src/data/dataset.ts';
import { arrayDataset, toCategorical } from '../../src/data/index.ts';

const [count, height, width] = [8, 10, 12];
const size = height * width;
// Every picture has one value of its own, so that its share in a mixture can be read off.
const pictures = tensor(
  Float32Array.from({ length: count * size }, (_, index) => 10 * Math.floor(index / size)),
  [count, height, width, 1],
);
const labels = toCategorical([0, 1, 2, 3, 4, 5, 6, 7], count);
const dataset = arrayDataset(pictures, labels, { batchSize: 4, seed: 2 });

async function batchesOf(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

/** The expected brightness of each picture, from its targets. */
function meanByTargets({ targets, inputs }: Batch): number[] {
  return Array.from({ length: inputs.shape[0]! }, (_, example) =>
    Array.from(targets.data.subarray(example * count, (example + 1) * count)).reduce(
      (sum, share, label) => sum + share * 10 * label,
      0,
    ),
  );
}

for (const [name, mixer] of Object.entries({ mixUp: mixUp({ alpha: 1 }), cutMix: cutMix() })) {
  test(`${name} mixes targets by the share of the pictures`, async () => {
    const mixed = augment(dataset, [], { batchMix: mixer, seed: 4 });
    let changed = 0;
    for (const batch of await batchesOf(mixed.epoch(0))) {
      meanByTargets(batch).forEach((expected, example) => {
        const pixels = Array.from(batch.inputs.data.subarray(example * size, (example + 1) * size));
        const mean = pixels.reduce((sum, value) => sum + value, 0) / size;
        assert.ok(Math.abs(mean - expected) < 1e-3, `${mean} instead of ${expected}`);
        const values = new Set(pixels);
        if (name === 'cutMix') assert.ok(values.size <= 2, 'pixels are whole');
        else assert.equal(values.size, 1, 'all pixels are mixed alike');
        if (Math.abs(mean - 10 * batch.indices![example]!) > 0.01) changed++;
      });
    }
    assert.ok(changed >= 6, `${changed} of 8 pictures are mixed`);
    assert.deepEqual(await batchesOf(mixed.epoch(0, 1)), (await batchesOf(mixed.epoch(0))).slice(1));
    assert.notDeepEqual(await batchesOf(mixed.epoch(1)), await batchesOf(mixed.epoch(0)));
  });
}

test('partners are others, and a picture alone stays', async () => {
  for (let epoch = 0; epoch < 50; epoch++) {
    const randoms = Array.from({ length: 5 }, (_, index) => new Random(1, 'x', epoch, index));
    const partners = [...drawPartners(randoms)];
    assert.ok(partners.every((partner, example) => partner !== example));
    assert.deepEqual([...partners].sort(), [0, 1, 2, 3, 4]);
  }
  assert.deepEqual([...drawPartners([new Random(1)])], [0]);
});

test('Beta numbers have their mean and variance', () => {
  for (const alpha of [0.2, 1, 3]) {
    const random = new Random(5, 'beta');
    const numbers = Array.from({ length: 20_000 }, () => drawBeta(random, alpha));
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length;
    assert.ok(Math.abs(mean - 0.5) < 0.01, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.004, `variance ${variance} for ${alpha}`);
  }
  const tiny = drawBeta(new Random(1), 1e-6);
  assert.ok(tiny === 0 || tiny === 1 || Number.isFinite(tiny));
});

test('label smoothing follows, with or without mixing; of several mixers one is drawn', async () => {
  const whole = arrayDataset(pictures, labels, { batchSize: 8, shuffle: false });
  const [plain] = await batchesOf(augment(whole, [], { batchMix: mixUp(), seed: 1 }));
  const [smooth] = await batchesOf(augment(whole, [], { batchMix: mixUp(), seed: 1, labelSmoothing: 0.2 }));
  smooth!.targets.data.forEach((target, index) => {
    assert.ok(Math.abs(target - (0.8 * plain!.targets.data[index]! + 0.025)) < 1e-6);
  });
  const both = augment(dataset, [], { batchMix: [mixUp(), cutMix()] });
  const kinds = new Set<boolean>();
  for (let epoch = 0; epoch < 8; epoch++) {
    for (const { inputs } of await batchesOf(both.epoch(epoch))) {
      kinds.add(inputs.data.every((value) => Math.abs(value / 10 - Math.round(value / 10)) < 1e-6));
    }
  }
  assert.equal(kinds.size, 2);
});

test('targets that are no one-hot rows are refused', () => {
  const sparse = arrayDataset(pictures, tensor([0, 1, 2, 3, 4, 5, 6, 7]));
  assert.throws(() => augment(sparse, [], { batchMix: cutMix() }), {
    name: 'OptionError',
    message:
      "augment: batchMix needs one-hot targets [batch, classes], received [batch, 1]. Give labelMode: 'categorical', or toCategorical(labels).",
  });
  assert.throws(() => augment(sparse, [], { labelSmoothing: 0.1 }), /augment: labelSmoothing needs one-hot targets/);
  assert.throws(() => mixUp({ alpha: 0 }), /mixUp: alpha must be a number above 0, received 0/);
});
