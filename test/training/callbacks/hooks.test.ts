// Protects: which hooks a training calls and what callbacks can do there; the small callbacks; the documented example of a
// callback of one's own.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../../src/core/tensor.ts';
import { sequential } from '../../../src/model/model.ts';
import { layers } from '../../../src/nn/layers/table.ts';
import { type Callback, hookNames } from '../../../src/training/callbacks/callback.ts';
import { history } from '../../../src/training/callbacks/history.ts';
import { lambdaCallback } from '../../../src/training/callbacks/lambda-callback.ts';
import { learningRateScheduler } from '../../../src/training/callbacks/learning-rate-scheduler.ts';
import { terminateOnNaN } from '../../../src/training/callbacks/terminate-on-nan.ts';
import { play } from './play.ts';

const x = tensor([[1], [2], [3], [4]]);
const y = tensor([[2], [4], [6], [8]]);

function line(learningRate = 0.01) {
  const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  model.compiled!.optimizer.learningRate = learningRate;
  return model;
}

/** Writes down every hook that is called. */
function journal(calls: string[]): Callback {
  const hooks = hookNames.map((name) => [
    name,
    (...received: unknown[]) => {
      const logs = received.find((value) => typeof value === 'object' && !('steps' in (value as object)));
      const number = typeof received[0] === 'number' ? ` ${received[0]}` : '';
      calls.push(`${name}${number}${logs ? ` ${Object.keys(logs as object).join()}` : ''}`);
    },
  ]);
  return Object.fromEntries(hooks) as Callback;
}

describe('hooks', () => {
  it('are called in Keras’s order, those of a validation too', async () => {
    const calls: string[] = [];
    await line().fit(x, y, { batchSize: 2, validationData: [x, y], callbacks: [journal(calls)] });
    assert.deepEqual(calls, [
      'onTrainBegin',
      'onEpochBegin 0',
      'onTrainBatchBegin 0',
      'onTrainBatchEnd 0 loss',
      'onTrainBatchBegin 1',
      'onTrainBatchEnd 1 loss',
      'onTestBegin',
      'onTestBatchBegin 0',
      'onTestBatchEnd 0 loss',
      'onTestBatchBegin 1',
      'onTestBatchEnd 1 loss',
      'onTestEnd loss',
      'onEpochEnd 0 loss,val_loss',
      'onTrainEnd loss,val_loss',
    ]);
  });

  it('are called by evaluate', async () => {
    const calls: string[] = [];
    await line().evaluate(x, y, { callbacks: [journal(calls)] });
    assert.deepEqual(calls, ['onTestBegin', 'onTestBatchBegin 0', 'onTestBatchEnd 0 loss', 'onTestEnd loss']);
  });

  it('are called by predict, which needs no compiled model and may end after some steps', async () => {
    const model = sequential([layers.dense({ units: 1 })], { backend: 'reference' });
    const whole = await model.predict(x);
    const calls: string[] = [];
    const seen: unknown[] = [];
    const look: Callback = {
      onPredictBegin: ({ model, steps }) => void seen.push(model.name, steps),
      onPredictBatchEnd: async (batch, { outputs }) => void seen.push(batch, [...outputs[0]!.data]),
    };
    const part = await model.predict(x, { batchSize: 1, steps: 2, callbacks: [journal(calls), look] });
    assert.deepEqual(calls, [
      'onPredictBegin',
      'onPredictBatchBegin 0',
      'onPredictBatchEnd 0 outputs',
      'onPredictBatchBegin 1',
      'onPredictBatchEnd 1 outputs',
      'onPredictEnd',
    ]);
    assert.deepEqual(seen, ['sequential', 2, 0, [whole.data[0]], 1, [whole.data[1]]]);
    assert.deepEqual([part.shape, [...part.data]], [[2, 1], [...whole.data].slice(0, 2)]);
    assert.deepEqual(await model.predict(x, { batchSize: 3, steps: 9 }), whole);
    for (const steps of [0, 1.5, '2' as never]) {
      await assert.rejects(
        model.predict(x, { steps }),
        /^OptionError: predict: steps must be a whole number of at least 1, received/,
      );
    }
    await assert.rejects(
      model.predict(x, { callbacks: look as never }),
      /^OptionError: predict: callbacks must be a list, received/,
    );
  });

  it('that would never be called are errors', async () => {
    class Old {
      onBatchEnd(): void {}
    }
    await assert.rejects(line().fit(x, y, { callbacks: [new Old() as Callback] }), {
      name: 'OptionError',
      message: /^fit: unknown hook "onBatchEnd" of a callback\..* Choose from onTrainBegin, /,
    });
    assert.throws(
      () => lambdaCallback({ onEpochEnds() {} } as Callback),
      /^OptionError: lambdaCallback: unknown option "onEpochEnds"\. Did you mean "onEpochEnd"\?/,
    );
  });

  it('see the model, its steps, and whether the training failed', async () => {
    const model = line();
    await model.fit(x, y, { batchSize: 2 });
    const seen: unknown[] = [];
    const look: Callback = {
      onTrainBatchEnd: (_, __, training) => void seen.push(training.iterations),
      async onEpochEnd(_, __, training) {
        seen.push((await training.model.predict(x)).shape, training.model.name, training.epochs, training.steps);
      },
      onTrainEnd: (_, training) => void seen.push(training.isInterrupted),
    };
    await model.fit(x, y, { batchSize: 2, callbacks: [look] });
    assert.deepEqual(seen, [3, 4, [4, 1], 'sequential', 1, 2, false]);
    const fail: Callback = {
      onEpochEnd() {
        throw new RangeError('x');
      },
    };
    await assert.rejects(model.fit(x, y, { callbacks: [look, fail] }));
    assert.equal(seen.at(-1), true);
  });

  it('refuse beginnings beyond the epoch', async () => {
    const begin: Callback = { onTrainBegin: (training) => training.beginAt(0, 2) };
    await assert.rejects(
      line().fit(x, y, { batchSize: 2, callbacks: [begin] }),
      /^OptionError: beginAt: step must be a whole number of at least 0 and of at most 1, received 2\./,
    );
    const negative: Callback = { onTrainBegin: (training) => training.beginAt(-1) };
    await assert.rejects(line().fit(x, y, { callbacks: [negative] }), /^OptionError: beginAt: epoch must be/);
  });
});

describe('a callback of one’s own', () => {
  it('changes the learning rate and adds a number to the history', async () => {
    let before = Number.POSITIVE_INFINITY;
    const halve: Callback = {
      onEpochEnd(_, logs, training) {
        if (logs['loss']! > before) training.learningRate /= 2;
        before = logs['loss']!;
        training.log('learningRate', training.learningRate);
      },
    };
    const result = await line(0.3).fit(x, y, { epochs: 20, callbacks: [halve] });
    const { loss, learningRate } = result.history;
    assert.ok(learningRate!.at(-1)! < 0.3);
    assert.ok(loss!.at(-1)! < loss![0]!);
    assert.equal(learningRate!.length, 20);
  });
});

describe('lambdaCallback and history', () => {
  it('are called; a history can be read meanwhile, and starts anew', async () => {
    const seen = history();
    const lengths: number[] = [];
    const look = lambdaCallback({ onEpochEnd: () => void lengths.push(seen.epoch.length) });
    const model = line();
    const result = await model.fit(x, y, { epochs: 3, callbacks: [seen, look] });
    assert.deepEqual(lengths, [1, 2, 3]);
    assert.deepEqual({ epoch: seen.epoch, history: seen.history }, result);
    await model.fit(x, y, { callbacks: [seen] });
    assert.deepEqual(seen.epoch, [0]);
    assert.equal(seen.history['loss']!.length, 1);
  });
});

describe('learningRateScheduler', () => {
  it('sets the rate of each epoch from the one before, and puts it into the history', async (context) => {
    const print = context.mock.method(console, 'log', () => undefined);
    const schedule = (epoch: number, rate: number) => (epoch < 2 ? rate : rate / 2);
    const callback = learningRateScheduler(schedule, { verbose: 1 });
    const model = line(0.08);
    const result = await model.fit(x, y, { epochs: 4, callbacks: [callback] });
    assert.deepEqual(result.history['learningRate'], [0.08, 0.08, 0.04, 0.02]);
    assert.equal(model.compiled!.optimizer.learningRate, 0.02);
    assert.equal(print.mock.calls[3]!.arguments[0], 'Epoch 4: learningRateScheduler sets the learning rate to 0.02.');
  });

  it('refuses what is no function, and what gives no rate', async () => {
    assert.throws(
      () => learningRateScheduler(0.1 as never),
      /^OptionError: learningRateScheduler: expected a function of epoch and learning rate, received 0\.1\./,
    );
    for (const wrong of [Number.NaN, -1, undefined]) {
      await assert.rejects(
        play(
          learningRateScheduler(() => wrong as number),
          [{ loss: 1 }],
        ),
        {
          name: 'OptionError',
          message: `learningRateScheduler: expected schedule(0, 0.1) to give a number of at least 0, received ${wrong}.`,
        },
      );
    }
  });
});

describe('terminateOnNaN', () => {
  const broken = tensor([[1], [2], [Number.NaN], [3]]);

  it('stops at the first loss that is no finite number', async () => {
    const options = { epochs: 3, batchSize: 1, shuffle: false };
    const { epoch, stopped } = await line().fit(broken, y, { ...options, callbacks: [terminateOnNaN()] });
    assert.deepEqual(epoch, []);
    assert.equal(stopped, 'the loss is not a finite number (step 3 of the epoch)');
    await assert.rejects(line().fit(broken, y, { ...options, callbacks: [terminateOnNaN({ raiseError: true })] }), {
      name: 'TrainingError',
      message:
        'terminateOnNaN: expected a finite loss, received NaN (step 3 of the epoch). Lower the learning rate, or look for broken inputs.',
    });
  });
});
