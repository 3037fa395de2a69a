// Protects the dataset contract: epochs in an order that depends on seed and epoch alone, whole coverage, restarts in
// mid-epoch, reading ahead, and the split that Keras's validationSplit means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset, splitArrays } from '../../src/data/array-dataset.ts';
import type { Batch, Dataset } from '../../src/data/dataset.ts';
import { indexedDataset } from '../../src/data/indexed-dataset.ts';

const count = 23;
const x = tensor(
  Uint8Array.from({ length: count * 2 }, (_, index) => index),
  [count, 2],
);
const y = tensor(Int32Array.from({ length: count }, (_, index) => index));

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

const labelsOf = (batches: Batch[]) => batches.map(({ targets }) => Array.from(targets.data));
const epochLabels = async (dataset: Dataset, epoch: number, from?: number) =>
  labelsOf(await collect(dataset.epoch(epoch, from)));

test('a batch has rows of x, float32 targets and the right shapes', async () => {
  const dataset = arrayDataset(x, y, { batchSize: 5, shuffle: false });
  assert.deepEqual([dataset.size, dataset.batchSize, dataset.batchCount], [23, 5, 5]);
  assert.deepEqual([dataset.inputShape, dataset.targetShape, dataset.inputType], [[2], [1], 'uint8']);
  const batches = await collect(dataset);
  assert.deepEqual(labelsOf(batches)[0], [0, 1, 2, 3, 4]);
  assert.deepEqual(labelsOf(batches)[4], [20, 21, 22]);
  assert.deepEqual(batches[4]!.inputs, tensor(Uint8Array.from([40, 41, 42, 43, 44, 45]), [3, 2]));
  assert.deepEqual(batches[4]!.targets, tensor(Float32Array.from([20, 21, 22]), [3, 1]));
});

test('each epoch has every example once, in an order of its own that comes again', async () => {
  const dataset = arrayDataset(x, y, { batchSize: 4, seed: 7 });
  const first = await epochLabels(dataset, 0);
  const second = await epochLabels(dataset, 1);
  assert.deepEqual(
    first.flat().sort((a, b) => a - b),
    Array.from(y.data),
  );
  assert.notDeepEqual(first, second);
  assert.deepEqual(await epochLabels(arrayDataset(x, y, { batchSize: 4, seed: 7 }), 1), second);
  assert.notDeepEqual(await epochLabels(arrayDataset(x, y, { batchSize: 4, seed: 8 }), 0), first);
});

test('rows stay with their targets when shuffled', async () => {
  for (const { inputs, targets } of await collect(arrayDataset(x, y, { batchSize: 4, seed: 3 }))) {
    for (const [row, label] of targets.data.entries()) assert.equal(inputs.data[row * 2], label * 2);
  }
});

test('iterating goes on to the next epoch', async () => {
  const dataset = arrayDataset(x, y, { batchSize: 4, seed: 7 });
  assert.deepEqual(labelsOf(await collect(dataset)), await epochLabels(dataset, 0));
  assert.deepEqual(labelsOf(await collect(dataset)), await epochLabels(dataset, 1));
});

test('an epoch that starts later has the same batches, and does not read the ones before', async () => {
  const whole = await epochLabels(arrayDataset(x, y, { batchSize: 4, seed: 7 }), 2);
  const reads: number[] = [];
  const source = {
    size: count,
    inputShape: [2],
    targetShape: [1],
    inputType: 'uint8' as const,
    read: (indices: Uint32Array) => {
      reads.push(indices.length);
      const labels = tensor(Float32Array.from(indices), [indices.length, 1]);
      return { inputs: labels, targets: labels };
    },
  };
  const later = await epochLabels(indexedDataset(source, { batchSize: 4, seed: 7 }), 2, 4);
  assert.deepEqual(later, whole.slice(4));
  assert.deepEqual(reads, [4, 3]);
  assert.deepEqual(await epochLabels(indexedDataset(source, { batchSize: 4, seed: 7 }), 2, 6), []);
});

test('batches are read ahead, no more than asked for, and a failed one throws where it is used', async () => {
  const started: number[] = [];
  const source = {
    size: 10,
    inputShape: [1],
    targetShape: [1],
    inputType: 'float32' as const,
    read: async (indices: Uint32Array): Promise<Batch> => {
      started.push(indices[0]!);
      if (indices[0] === 4) throw new Error('the fifth example cannot be read');
      const values = tensor(Float32Array.from(indices), [1, 1]);
      return { inputs: values, targets: values };
    },
  };
  const batches = indexedDataset(source, { batchSize: 1, shuffle: false, prefetch: 2 })
    .epoch(0)
    [Symbol.asyncIterator]();
  await batches.next();
  assert.deepEqual(started, [0, 1, 2]);
  await batches.next();
  await batches.next();
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  await batches.next();
  await assert.rejects(batches.next(), /the fifth example cannot be read/);
});

test('sample weights go with their examples', async () => {
  const sampleWeights = Array.from(y.data, (label) => label / 10);
  for (const batch of await collect(arrayDataset(x, y, { batchSize: 6, seed: 1, sampleWeights }))) {
    assert.deepEqual(
      batch.sampleWeights,
      Float32Array.from(batch.targets.data, (label) => label / 10),
    );
  }
  assert.throws(
    () => arrayDataset(x, y, { sampleWeights: [1] }),
    /expected 23 sample weights, one for each example, received 1\./,
  );
});

test('wrong arguments are named', () => {
  assert.throws(() => arrayDataset(x, tensor([1, 2])), /same number of examples, received \[23, 2\] and \[2\]/);
  assert.throws(
    () => arrayDataset(x, y, { batchsize: 3 } as object),
    /unknown option "batchsize".* Did you mean "batchSize"/,
  );
  assert.throws(
    () => arrayDataset(x, y, { batchSize: 0 }),
    /batchSize must be a whole number of at least 1, received 0/,
  );
  assert.throws(
    () => arrayDataset(x, tensor(new Uint16Array(23), [23], 'float16')),
    /targets must be float32 or whole numbers, received float16/,
  );
  const batches = arrayDataset(x, y).epoch(-1)[Symbol.asyncIterator]();
  return assert.rejects(batches.next(), /index must be a whole number of at least 0, received -1/);
});

test('validationSplit takes the last examples', () => {
  const { training, validation } = splitArrays(x, y, 0.2);
  assert.deepEqual([training.x.shape, training.y.shape], [[18, 2], [18]]);
  assert.deepEqual(Array.from(validation.y.data), [18, 19, 20, 21, 22]);
  assert.equal(validation.x.data[0], 36);
  assert.throws(() => splitArrays(x, y, 1), /the fraction must be a number above 0 and below 1, received 1/);
  assert.throws(
    () => splitArrays(tensor([[1]]), tensor([1]), 0.5),
    /expected examples on both sides, received 1 example/,
  );
});
