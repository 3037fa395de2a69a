// Protects what a training does with its pictures before the first step, and what it says of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkTrainSettings,
  hasValidation,
  labelModeOf,
  monitorOf,
  type TrainSettings,
} from '../../../src/runs/jobs/train-settings.ts';
import { balancedWeights, describeSkipped } from '../../../src/runs/jobs/training-data.ts';

const settings: TrainSettings = {
  folder: 'cells',
  val: 0.2,
  fraction: 1,
  strict: false,
  arch: 'cnn',
  size: 30,
  colorMode: 'rgb',
  fit: 'stretch',
  interpolation: 'bilinear',
  filters: [4],
  units: 8,
  dropout: 0,
  epochs: 1,
  batchSize: 8,
  optimizer: 'rmsprop',
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  seed: 0,
};

test('balanced weights make every class count the same, as in scikit-learn', () => {
  // compute_class_weight('balanced', classes=[0, 1, 2], y=[0] * 6 + [1] * 3 + [2]): 10 / (3 · count)
  assert.deepEqual(balancedWeights([6, 3, 1]), { 0: 10 / 18, 1: 10 / 9, 2: 10 / 3 });
  assert.deepEqual(balancedWeights([4, 0, 4]), { 0: 1, 1: 1, 2: 1 }, 'an empty class changes nothing');
});

test('files that were left out are counted by reason and the first ones named', () => {
  assert.equal(describeSkipped([]), undefined);
  assert.equal(
    describeSkipped([{ path: 'a.txt', reason: 'unknown extension', detail: '.txt' }]),
    '1 file was left out (1 unknown extension): a.txt (.txt).',
  );
  const many = Array.from({ length: 7 }, (_, index) => ({ path: `${index}.jpg`, reason: 'empty file' as const }));
  assert.equal(
    describeSkipped(many),
    '7 files were left out (7 empty file): 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg and 2 more.',
  );
});

test('the monitor follows from the validation', () => {
  assert.equal(monitorOf(settings), 'val_loss');
  assert.equal(monitorOf({ ...settings, val: 0 }), 'loss');
  assert.equal(hasValidation({ ...settings, val: 0, valFolder: 'other' }), true);
  assert.throws(
    () => checkTrainSettings({ ...settings, val: 0, monitor: 'val_accuracy' }),
    /unknown monitor "val_accuracy"/,
  );
  checkTrainSettings({ ...settings, monitor: 'val_accuracy' });
});

test('targets are class numbers only where the loss wants them', () => {
  assert.equal(labelModeOf(settings), 'categorical');
  assert.equal(labelModeOf({ ...settings, loss: 'sparseCategoricalCrossentropy' }), 'int');
});
