// Protects augmentation of datasets: what is drawn for a picture follows from (seed, layer, epoch, picture) alone, on every
// backend and number of threads; batches may be skipped; bytes are rounded; what cannot be augmented is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { augment } from '../../src/augmentation/augment.ts';
import { tensor } from '../../src/core/tensor.ts';
import type { Batch } from '../../src/data/dataset.ts';
import { arrayDataset } from '../../src/data/index.ts';
import { defineLayer } from '../../src/nn/layers/define-layer.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { add, multiply } from '../../src/ops/elementwise.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';

const brighten = defineLayer<{ factor: number }, { factor: number }>({
  className: 'Brighten',
  options: ['factor'],
  configure: ({ factor }) => ({ factor }),
  call({ inputs: [x], config: { factor }, training, drawPerExample }) {
    if (!training) return x!;
    return add(x!, multiply(reshapeTo(drawPerExample(1), [x!.shape[0]!, 1, 1, 1]), factor));
  },
});

const count = 10;
const pictures = tensor(
  Uint8Array.from({ length: count * 12 }, (_, index) => (index * 7) % 200),
  [count, 2, 2, 3],
);
const labels = tensor(Float32Array.from({ length: count }, (_, index) => index));

async function batchesOf(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

async function collect(batches: AsyncIterable<Batch>): Promise<Map<number, number[]>> {
  const found = new Map<number, number[]>();
  for await (const { inputs, targets } of batches) {
    const size = inputs.data.length / inputs.shape[0]!;
    targets.data.forEach((label, place) => {
      found.set(label, [...inputs.data.subarray(place * size, (place + 1) * size)]);
    });
  }
  return found;
}

test('a picture is augmented alike in any batch and order, and differently in the next epoch', async () => {
  const augmentation = [brighten({ factor: 50 })];
  const one = augment(arrayDataset(pictures, labels, { batchSize: 4, seed: 1 }), augmentation, { seed: 3 });
  const other = augment(arrayDataset(pictures, labels, { batchSize: 7, shuffle: false }), augmentation, { seed: 3 });
  const first = await collect(one.epoch(0));
  assert.equal(first.size, count);
  assert.deepEqual(new Map([...(await collect(other.epoch(0)))].sort()), new Map([...first].sort()));
  assert.notDeepEqual(await collect(one.epoch(1)), await collect(one.epoch(0)));
  assert.deepEqual(await collect(one), first);
  assert.deepEqual(await collect(one), await collect(other.epoch(1)));
  const differences = new Set([...first].map(([label, pixels]) => pixels[0]! - pictures.data[label * 12]!));
  assert.ok(differences.size > 5, 'pictures draw numbers of their own');
});

test('it does not matter which backend runs it, with how many threads', async () => {
  const given = arrayDataset(pictures, labels, { batchSize: 3 });
  const augmentation = [brighten({ factor: 50, name: 'one' }), brighten({ factor: 20, name: 'two' })];
  const results = await Promise.all(
    [{ threads: 1 }, { threads: 2 }, { backend: 'wasm' }, { backend: 'reference' }].map((options) =>
      collect(augment(given, augmentation, options as object).epoch(2)),
    ),
  );
  for (const result of results) assert.deepEqual(result, results[0]);
});

test('an epoch begins at any batch', async () => {
  const dataset = augment(arrayDataset(pictures, labels, { batchSize: 3 }), [brighten({ factor: 50 })]);
  const whole = await collect(dataset.epoch(4));
  const rest = await collect(dataset.epoch(4, 2));
  assert.equal(rest.size, 4);
  for (const [label, pixels] of rest) assert.deepEqual(pixels, whole.get(label));
});

test('bytes are rounded to the nearest and kept within 0 and 255; float32 keeps fractions', async () => {
  const x = tensor(Uint8Array.from([0, 1, 2, 3, 200, 255]), [6, 1, 1, 1]);
  const given = arrayDataset(x, tensor([0, 1, 2, 3, 4, 5]), { shuffle: false });
  const half = [layers.rescaling({ scale: 0.5 })];
  const [bytes] = await batchesOf(augment(given, half).epoch(0));
  assert.deepEqual([...bytes!.inputs.data], [0, 0, 1, 2, 100, 128]);
  const [floats] = await batchesOf(augment(given, half, { outputType: 'float32' }).epoch(0));
  assert.equal(floats!.inputs.dtype, 'float32');
  assert.deepEqual([...floats!.inputs.data], [0, 0.5, 1, 1.5, 100, 127.5]);
  const [large] = await batchesOf(augment(given, [layers.rescaling({ scale: 2, offset: -10 })]).epoch(0));
  assert.deepEqual([...large!.inputs.data], [0, 0, 0, 0, 255, 255]);
});

test('the layers say the shape; targets, names and numbers stay', async () => {
  const given = arrayDataset(pictures, labels, { batchSize: 4, classNames: ['a'] });
  const padded = augment(given, [layers.zeroPadding2d({ padding: 1 })]);
  assert.deepEqual(padded.inputShape, [4, 4, 3]);
  assert.deepEqual(padded.classNames, ['a']);
  const [batch] = await batchesOf(padded.epoch(0));
  const [original] = await batchesOf(given.epoch(0));
  assert.deepEqual(batch!.inputs.shape, [4, 4, 4, 3]);
  assert.deepEqual(batch!.targets, original!.targets);
  assert.deepEqual([...batch!.indices!], [...batch!.targets.data]);
});

test('layers with fixed weights have them, layers that train are refused', async () => {
  const given = arrayDataset(pictures, labels, { batchSize: 4, shuffle: false });
  const normalization = layers.normalization({ mean: [1, 2, 3], variance: [1, 4, 16] });
  const [batch] = await batchesOf(augment(given, [normalization], { outputType: 'float32' }).epoch(0));
  assert.deepEqual([...batch!.inputs.data.subarray(0, 6)], [-1, 2.5, 2.75, 20, 13, 8]);
  assert.throws(() => augment(given, [layers.dense({ units: 2, name: 'inner' })]), {
    name: 'OptionError',
    message:
      'augment: expected layers without weights to train, received "inner/kernel" [3, 2]. Put that layer into the model.',
  });
});

test('what cannot be is refused', () => {
  const given = arrayDataset(pictures, labels);
  assert.throws(() => augment(given, [], {}), /sequential: expected at least one layer/);
  assert.throws(() => augment(given, [brighten({ factor: 1 })], { sead: 1 } as object), /Did you mean "seed"/);
  assert.throws(
    () => augment(given, [brighten({ factor: 1 })], { outputType: 'int8' as 'uint8' }),
    /outputType "int8"/,
  );
  assert.throws(() => augment(given, [brighten({ factor: 1 })], { prefetch: -1 }), /prefetch must be a whole number/);
});
