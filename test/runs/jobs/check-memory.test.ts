// Protects the machine: a network that cannot fit is refused with numbers before anything is allocated, and what is counted
// is what a training holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMemory, memoryNeeds } from '../../../src/runs/jobs/check-memory.ts';
import { makeModel } from '../../../src/runs/jobs/make-model.ts';
import type { TrainSettings } from '../../../src/runs/jobs/train-settings.ts';
import { run } from '../../cli/command-line.ts';

const settings: TrainSettings = {
  folder: 'pictures',
  arch: 'cnn',
  size: 24,
  colorMode: 'rgb',
  fit: 'stretch',
  interpolation: 'bilinear',
  filters: [4, 8],
  units: 16,
  dropout: 0.4,
  val: 0,
  fraction: 1,
  strict: false,
  epochs: 1,
  batchSize: 8,
  optimizer: 'adam',
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  seed: 1,
};

test('what is counted is what a trainer allocates', async () => {
  const { parameterCount, weightBytes, arenaBytes } = memoryNeeds(settings, 3);
  const model = makeModel(settings, 3);
  const trainer = await model.trainer();
  assert.equal(parameterCount, model.network.parameterCount);
  assert.equal(weightBytes, parameterCount * 4 * 3, 'adam keeps two numbers for each weight');
  assert.equal(arenaBytes, trainer.executable('train', ['uint8']).arenaBytes(settings.batchSize));
  checkMemory(settings, 3, weightBytes + arenaBytes);
  assert.throws(() => checkMemory(settings, 3, weightBytes + arenaBytes - 1), { name: 'OptionError' });
});

test('networks beyond any machine are refused with numbers', async () => {
  assert.throws(() => checkMemory({ ...settings, size: 16384 }, 2, 2 ** 33), {
    name: 'OptionError',
    message:
      /^train: expected a network that fits into 8\.0 GiB of memory, received one of [\d,]+ parameters with [\d.]+ GiB for weights and optimizer and [\d.]+ GiB for a step of 8 pictures of 16384 by 16384\. Lower --size/,
  });
  const { code, notes } = await run(['train', 'test', '--units', '1000000000', '--out', 'never-made']);
  assert.equal(code, 2, notes);
  assert.match(notes, /expected a network that fits into/);
});
