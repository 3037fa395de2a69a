// Protects: early stopping as Keras's, whoever stops the training; the end at a loss that is no number; and what a monitor
// says that is not there.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { Callback, TrainingHandle } from '../../src/training/callbacks/callback.ts';
import { type EarlyStoppingOptions, earlyStopping } from '../../src/training/callbacks/early-stopping.ts';
import { isBetter, monitored } from '../../src/training/callbacks/monitor.ts';
import { terminateOnNaN } from '../../src/training/callbacks/terminate-on-nan.ts';

/** Shows a callback one number per epoch; weights are the epoch's number. */
async function play(callback: Callback, values: readonly number[], monitor = 'val_loss') {
  let weights: Float32Array[] = [Float32Array.of(-1)];
  let stopped: string | undefined;
  const training: TrainingHandle = {
    epochs: values.length,
    steps: 1,
    learningRate: 1,
    stop: (reason) => {
      stopped ??= reason;
    },
    getWeights: async () => weights,
    setWeights: async (next) => {
      weights = [...next];
    },
  };
  await callback.onTrainBegin?.(training);
  let epoch = 0;
  for (; epoch < values.length && stopped === undefined; epoch++) {
    weights = [Float32Array.of(epoch)];
    await callback.onEpochEnd?.(epoch, { [monitor]: values[epoch]! }, training);
  }
  await callback.onTrainEnd?.({}, training);
  return { epochs: epoch, stopped, weights: weights[0]![0] };
}

const stopping = (options: EarlyStoppingOptions, values: readonly number[], monitor?: string) =>
  play(earlyStopping(options), values, monitor);

describe('earlyStopping', () => {
  it('waits for `patience` epochs without a better one', async () => {
    assert.equal((await stopping({}, [1, 0.9, 0.95, 0.8])).epochs, 3);
    const { epochs, stopped } = await stopping({ patience: 2 }, [1, 0.9, 0.95, 0.94, 0.1]);
    assert.deepEqual([epochs, stopped], [4, 'val_loss has not become better for 2 epochs']);
    assert.equal((await stopping({ patience: 2 }, [1, 0.9, 0.95, 0.8, 0.85, 0.7])).stopped, undefined);
  });

  it('never stops at the first epoch, nor before it begins to look', async () => {
    assert.equal((await stopping({}, [Number.NaN, 1, 0.5])).stopped, undefined);
    assert.equal((await stopping({ startFromEpoch: 3 }, [1, 2, 3, 4, 3])).stopped, undefined);
    assert.equal((await stopping({ startFromEpoch: 3 }, [1, 2, 3, 4, 5])).epochs, 5);
  });

  it('counts changes above `minDelta`, of either sign, as better', async () => {
    for (const minDelta of [0.1, -0.1]) assert.equal((await stopping({ minDelta }, [1, 0.95, 0.5])).epochs, 2);
  });

  it('knows which way is better', async () => {
    const rising = [0.1, 0.2, 0.3];
    assert.equal((await stopping({ monitor: 'val_accuracy' }, rising, 'val_accuracy')).stopped, undefined);
    assert.equal((await stopping({ monitor: 'val_accuracy', mode: 'min' }, rising, 'val_accuracy')).epochs, 2);
    assert.equal((await stopping({ monitor: 'meanError' }, rising, 'meanError')).epochs, 2);
    assert.equal((await stopping({ mode: 'max' }, rising)).stopped, undefined);
    assert.ok(!isBetter(Number.NaN, undefined, 'loss', 'auto'));
  });

  it('puts the best weights back, whoever stopped the training', async () => {
    const values = [1, 0.5, 0.9, 0.8, 0.7];
    assert.equal((await stopping({ restoreBestWeights: true }, values)).weights, 1);
    assert.equal((await stopping({ restoreBestWeights: true, patience: 9 }, values)).weights, 1);
    assert.equal((await stopping({ patience: 9 }, values)).weights, 4);
  });

  it('starts anew with each training', async () => {
    const callback = earlyStopping({ restoreBestWeights: true });
    await play(callback, [0.1, 0.2]);
    const again = await play(callback, [5, 4, 3]);
    assert.deepEqual([again.stopped, again.weights], [undefined, 2]);
  });

  it('restores in a real training', async () => {
    const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tensor([[1], [2]]), tensor([[2], [4]])];
    const seen: number[] = [];
    const keep: Callback = {
      async onEpochEnd(epoch, _, training) {
        seen.push((await training.getWeights())[0]![0]!);
        if (epoch === 1) training.learningRate = 10;
      },
    };
    const best = earlyStopping({ monitor: 'loss', restoreBestWeights: true, patience: 50 });
    const { history } = await model.fit(x, y, { epochs: 5, callbacks: [keep, best] });
    const lowest = history['loss']!.indexOf(Math.min(...history['loss']!));
    assert.ok(lowest < 4);
    assert.equal((await model.getWeights()).get('dense/kernel')![0], seen[lowest]);
  });

  it('refuses unknown options, and monitors that are not there', async () => {
    assert.throws(
      () => earlyStopping({ patienc: 1 } as never),
      /^OptionError: earlyStopping: unknown option "patienc"\. Did you mean/,
    );
    assert.throws(
      () => earlyStopping({ patience: -1 }),
      /^OptionError: earlyStopping: patience must be a whole number of at least 0/,
    );
    assert.throws(() => earlyStopping({ mode: 'up' as never }), /^OptionError: earlyStopping: unknown mode "up"/);
    await assert.rejects(stopping({}, [1], 'loss'), {
      name: 'OptionError',
      message: 'earlyStopping: expected a monitor among loss, received "val_loss". Give validation data.',
    });
    assert.throws(
      () => monitored('x', 'val_acc', { val_loss: 1, val_accuracy: 1 }),
      /^OptionError: x: expected a monitor among val_loss, val_accuracy, received "val_acc"\.$/,
    );
  });
});

describe('terminateOnNaN', () => {
  it('stops at the first loss that is no finite number', async () => {
    const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const x = tensor([[1], [2], [Number.NaN], [3]]);
    const { epoch, stopped } = await model.fit(x, tensor([[1], [2], [3], [4]]), {
      epochs: 3,
      batchSize: 1,
      shuffle: false,
      callbacks: [terminateOnNaN()],
    });
    assert.deepEqual(epoch, []);
    assert.equal(stopped, 'the loss is not a finite number (step 3 of the epoch)');
  });
});
