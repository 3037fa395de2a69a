// Protects balanced sampling: as many examples of each class in every epoch, rounds that leave none out, an order by seed and
// epoch alone, and numbers that differ where an example comes twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import type { Batch } from '../../src/data/dataset.ts';

// 12 of class 0, 5 of class 1, 1 of class 2.
const labels = [...Array(12).fill(0), ...Array(5).fill(1), 2] as number[];
const x = tensor(
  Float32Array.from(labels, (_, example) => example),
  [18, 1],
);
const y = tensor(Int32Array.from(labels));
const balanced = (seed = 7) => arrayDataset(x, y, { batchSize: 4, seed, sampling: 'balanced' });

async function epochOf(dataset: AsyncIterable<Batch>) {
  const batches: Batch[] = [];
  for await (const batch of dataset) batches.push(batch);
  return {
    examples: batches.flatMap(({ inputs }) => Array.from(inputs.data)),
    classes: batches.flatMap(({ targets }) => Array.from(targets.data)),
    numbers: batches.flatMap(({ indices }) => Array.from(indices!)),
  };
}

test('every epoch has as many of each class, and is about as long', async () => {
  const dataset = balanced();
  assert.deepEqual([dataset.size, dataset.batchCount], [18, 5]);
  for (const epoch of [0, 1, 5]) {
    const { classes } = await epochOf(dataset.epoch(epoch));
    assert.deepEqual(
      [0, 1, 2].map((label) => classes.filter((one) => one === label).length),
      [6, 6, 6],
    );
  }
});

test('two epochs show each of the twelve once, and five epochs each of the five six times', async () => {
  const dataset = balanced();
  const epochs = [];
  for (let epoch = 0; epoch < 5; epoch++) epochs.push((await epochOf(dataset.epoch(epoch))).examples);
  const common = epochs.slice(0, 2).flatMap((examples) => examples.filter((example) => example < 12));
  assert.deepEqual(
    common.sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, example) => example),
  );
  const rare = epochs.flat().filter((example) => example >= 12 && example < 17);
  for (let example = 12; example < 17; example++) assert.equal(rare.filter((one) => one === example).length, 6);
});

test('the order follows from seed and epoch, and an epoch can begin anywhere', async () => {
  const first = await epochOf(balanced().epoch(3));
  assert.deepEqual(await epochOf(balanced().epoch(3)), first);
  assert.notDeepEqual(await epochOf(balanced().epoch(4)), first);
  assert.notDeepEqual(await epochOf(balanced(8).epoch(3)), first);
  assert.deepEqual((await epochOf(balanced().epoch(3, 2))).numbers, first.numbers.slice(8));
});

test('an example that comes again in an epoch has another number there', async () => {
  const { examples, numbers } = await epochOf(balanced().epoch(0));
  assert.equal(new Set(numbers).size, 18);
  assert.deepEqual(
    numbers.map((number) => number % 18),
    examples,
  );
  assert.equal(Math.max(...numbers), 17 + 5 * 18);
});

test('one-hot rows name classes too', async () => {
  const rows = tensor(
    labels.flatMap((label) => [0, 1, 2].map((place) => Number(place === label))),
    [18, 3],
  );
  const { examples } = await epochOf(arrayDataset(x, rows, { batchSize: 4, seed: 7, sampling: 'balanced' }).epoch(0));
  assert.deepEqual(examples, (await epochOf(balanced().epoch(0))).examples);
});

test('what cannot be balanced is said', () => {
  const wrong = (options: object, targets = y) => arrayDataset(x, targets, { sampling: 'balanced', ...options });
  assert.throws(() => wrong({ shuffle: false }), {
    message:
      'dataset: balanced sampling needs a random order, received shuffle: false. Leave sampling out, or weigh classes in the loss (classWeight).',
  });
  const shares = tensor(
    labels.map(() => 0.5),
    [18, 1],
  );
  assert.throws(() => wrong({}, shares), {
    message:
      'arrayDataset: balanced sampling needs class numbers or one-hot rows, received the target 0.5. Leave sampling out.',
  });
  assert.throws(() => wrong({ sampling: 'balance' }), /dataset: unknown sampling "balance"/);
});
