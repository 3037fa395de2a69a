// Protects: the settings of a training make its optimizer, and one that does not take them says so before a picture is read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optimizerFor, type TrainSettings } from '../../../src/runs/jobs/train-settings.ts';

const settings = (given: Partial<TrainSettings>) => ({ optimizer: 'sgd', ...given }) as TrainSettings;

test('settings make the optimizer', () => {
  const { config } = optimizerFor(
    settings({ learningRate: 0.5, momentum: 0.9, weightDecay: 0.1, clipnorm: 2, decay: 0.25 }),
  );
  assert.deepEqual(config, {
    learningRate: 0.5,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0.1,
    clipnorm: 2,
    decay: 0.25,
  });
  assert.deepEqual(optimizerFor(settings({})).config, { learningRate: 0.01, momentum: 0, nesterov: false });
});

test('an optimizer without momentum refuses it', () => {
  assert.throws(
    () => optimizerFor(settings({ optimizer: 'adagrad', momentum: 0.9 })),
    /^OptionError: adagrad: unknown option "momentum"\./,
  );
});
