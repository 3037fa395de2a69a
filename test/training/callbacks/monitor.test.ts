// Protects: monitors: which way each known metric gets better, errors for those that are not there or not known, and that
// early stopping and the lowering of the learning rate decide as Keras's.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import { lossNames } from '../../../src/nn/losses/table.ts';
import { metricNames } from '../../../src/nn/metrics/table.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';
import { type EarlyStoppingOptions, earlyStopping } from '../../../src/training/callbacks/early-stopping.ts';
import { directionOf, Monitor, type MonitorMode, monitored } from '../../../src/training/callbacks/monitor.ts';
import { reduceLROnPlateau } from '../../../src/training/callbacks/reduce-lr-on-plateau.ts';
import { golden } from './golden.ts';
import { play } from './play.ts';

const stopping = (options: EarlyStoppingOptions, values: readonly number[], monitor = 'val_loss') =>
  play(
    earlyStopping(options),
    values.map((value) => ({ [monitor]: value })),
  );

describe('monitors', () => {
  it('know which way every metric and loss gets better', () => {
    for (const name of ['loss', ...lossNames])
      if (!/similarity/i.test(name)) assert.equal(directionOf(name), 'down', name);
    for (const name of metricNames) {
      assert.ok(directionOf(name), `say in monitor.ts, or by the metric's direction, which way ${name} gets better`);
    }
    for (const name of ['accuracy', 'auc', 'f1Score', 'precision', 'recall', 'topKCategoricalAccuracy']) {
      assert.equal(directionOf(name), 'up', name);
    }
    const forms = ['val_accuracy', 'val_output_accuracy', 'auc_1', 'val_auc_2'];
    for (const name of forms) assert.equal(directionOf(name), 'up', name);
    assert.equal(directionOf('val_output_loss'), 'down');
    assert.equal(directionOf('lossless'), undefined);
  });

  it('compare as float32, by more than minDelta, and never take what is not a number', () => {
    const watch = (mode: MonitorMode, minDelta = 0) => new Monitor('x', { monitor: 'loss', mode, minDelta, best: 1 });
    assert.ok(watch('min').isBetter(0.999));
    assert.ok(!watch('min').isBetter(1 - 1e-9));
    assert.ok(!watch('min', 0.1).isBetter(0.95));
    assert.ok(!watch('max', 0.1).isBetter(1.05));
    assert.ok(watch('max').isBetter(1.001));
    assert.ok(!watch('max').isBetter(Number.NaN));
    assert.ok(!new Monitor('x', { monitor: 'loss', mode: 'min' }).isBetter(Number.NaN));
  });

  it('that are not there, or of which nothing is known, are errors', async () => {
    await assert.rejects(stopping({}, [1], 'loss'), {
      name: 'OptionError',
      message: 'earlyStopping: expected a monitor among loss, received "val_loss". Give validation data.',
    });
    assert.throws(
      () => monitored('x', 'val_acc', { val_loss: 1, val_accuracy: 1 }),
      /^OptionError: x: expected a monitor among val_loss, val_accuracy, received "val_acc"\.$/,
    );
    await assert.rejects(stopping({ monitor: 'val_beauty' }, [1], 'val_beauty'), {
      name: 'OptionError',
      message:
        'earlyStopping: expected a monitor of which it is known whether it should fall or rise, received "val_beauty". ' +
        "Set mode: 'min' or mode: 'max'.",
    });
  });

  it('follow the direction that a metric of one’s own says', async () => {
    const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
    const falling = () => ({ name: 'ugliness', direction: 'down', reset() {}, update() {}, result: () => 1 }) as const;
    model.compile({ loss: 'meanSquaredError', metrics: [falling] });
    const stop = earlyStopping({ monitor: 'ugliness' });
    const { stopped } = await model.fit(tensor([[1]]), tensor([[1]]), { epochs: 3, callbacks: [stop] });
    assert.equal(stopped, 'ugliness has not become better for 1 epoch');
  });
});

describe('earlyStopping', () => {
  it('decides as Keras', async () => {
    for (const { options, monitor, values, epochs, stopped, weights } of golden.earlyStopping) {
      // Keras takes a first number that is none for the best one, which nothing is ever better than.
      const name = JSON.stringify({ options, monitor, values });
      const seen = await stopping({ monitor, ...options }, values, monitor);
      assert.deepEqual([seen.epochsSeen, seen.stopped !== undefined, seen.weights], [epochs, stopped, weights], name);
    }
  });

  it('says why, and takes no number that is none for the best', async () => {
    const { epochsSeen, stopped } = await stopping({ patience: 2 }, [1, 0.9, 0.95, 0.94, 0.1]);
    assert.deepEqual([epochsSeen, stopped], [4, 'val_loss has not become better for 2 epochs']);
    assert.equal((await stopping({}, [Number.NaN, 1, 0.5])).stopped, undefined);
  });

  it('starts anew with each training', async () => {
    const callback = earlyStopping({ restoreBestWeights: true });
    await play(callback, [{ val_loss: 0.1 }, { val_loss: 0.2 }]);
    const again = await play(
      callback,
      [5, 4, 3].map((value) => ({ val_loss: value })),
    );
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

  it('refuses unknown options', () => {
    assert.throws(
      () => earlyStopping({ patienc: 1 } as never),
      /^OptionError: earlyStopping: unknown option "patienc"\. Did you mean/,
    );
    assert.throws(
      () => earlyStopping({ patience: -1 }),
      /^OptionError: earlyStopping: patience must be a whole number of at least 0/,
    );
    assert.throws(
      () => earlyStopping({ baseline: Number.NaN }),
      /^OptionError: earlyStopping: baseline must be a number, received NaN/,
    );
    assert.throws(() => earlyStopping({ mode: 'up' as never }), /^OptionError: earlyStopping: unknown mode "up"/);
  });
});

describe('reduceLROnPlateau', () => {
  it('decides as Keras', async () => {
    for (const { options, monitor, values, learningRates } of golden.reduceLROnPlateau) {
      const callback = reduceLROnPlateau({ monitor, ...options });
      const rates: number[] = [];
      const onEpochEnd: Callback['onEpochEnd'] = async (epoch, logs, training) => {
        await callback.onEpochEnd!(epoch, logs, training);
        assert.ok(logs['learningRate']! >= training.learningRate);
        rates.push(Math.fround(training.learningRate));
      };
      await play(
        { ...callback, onEpochEnd },
        values.map((value) => ({ [monitor]: value })),
      );
      assert.deepEqual(rates, learningRates, JSON.stringify({ options, monitor }));
    }
  });

  it('prints what it did, where it is asked to', async (context) => {
    const print = context.mock.method(console, 'log', () => undefined);
    const flat = [{ loss: 1 }, { loss: 1 }, { loss: 1 }];
    await play(reduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5 }), flat);
    assert.equal(print.mock.callCount(), 0);
    await play(reduceLROnPlateau({ monitor: 'loss', patience: 2, factor: 0.5, verbose: 1 }), flat);
    const lines = print.mock.calls.map((call) => call.arguments[0]);
    assert.deepEqual(lines, [`Epoch 3: reduceLROnPlateau lowers the learning rate to ${Math.fround(0.1) * 0.5}.`]);
  });

  it('refuses a factor that does not lower', () => {
    assert.throws(
      () => reduceLROnPlateau({ factor: 1 }),
      /^OptionError: reduceLROnPlateau: factor must be a number of at least 0 and below 1, received 1\./,
    );
    assert.throws(() => reduceLROnPlateau({ minLR: 1 } as never), /unknown option "minLR"\. Did you mean "minLr"\?/);
  });
});
