// Protects: the training loop: which batches an epoch takes, when callbacks and validation run, how a training ends, and what
// the history says.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import type { Batch, Dataset } from '../../src/data/dataset.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { Callback } from '../../src/training/callbacks/callback.ts';
import { earlyStopping } from '../../src/training/callbacks/early-stopping.ts';
import { modelCheckpoint } from '../../src/training/callbacks/model-checkpoint.ts';
import { reduceLROnPlateau } from '../../src/training/callbacks/reduce-lr-on-plateau.ts';
import { ahead } from '../../src/training/evaluate-loop.ts';
import { StubTraining } from './callbacks/play.ts';

const random = new Random(11);
const x = tensor(
  Float32Array.from({ length: 20 }, () => random.uniform(-1, 1)),
  [10, 2],
);
const y = tensor(
  Float32Array.from({ length: 10 }, (_, example) => (x.data[example * 2]! > 0 ? 1 : 0)),
  [10, 1],
);

function perceptron(learningRate = 0.5) {
  const model = sequential([layers.dense({ units: 1, activation: 'sigmoid' })], { backend: 'reference', seed: 3 });
  model.build([2]);
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  model.compiled!.optimizer.learningRate = learningRate;
  return model;
}

/** A dataset of unshuffled arrays that writes down which batches were asked for and whether each epoch was closed. */
function recorded(batchSize = 2): Dataset & { readonly asked: string[]; readonly open: () => number } {
  const dataset = arrayDataset(x, y, { batchSize, shuffle: false, prefetch: 0 });
  const asked: string[] = [];
  let open = 0;
  return {
    asked,
    open: () => open,
    size: dataset.size,
    batchSize,
    batchCount: dataset.batchCount,
    inputShape: dataset.inputShape,
    targetShape: dataset.targetShape,
    inputType: dataset.inputType,
    close: () => dataset.close(),
    [Symbol.asyncIterator]: () => dataset[Symbol.asyncIterator](),
    async *epoch(index: number, from = 0) {
      open++;
      let batch = from;
      try {
        for await (const item of dataset.epoch(index, from)) {
          asked.push(`${index}.${batch++}`);
          yield item;
        }
      } finally {
        open--;
      }
    },
  };
}

/** A callback that writes down every call. */
function journal(): Callback & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    onTrainBegin: () => void calls.push('begin'),
    onEpochBegin: (epoch) => void calls.push(`epoch ${epoch}`),
    onTrainBatchEnd: async (batch) => void calls.push(`batch ${batch}`),
    onEpochEnd: (epoch, logs) => void calls.push(`end ${epoch}: ${Object.keys(logs).join(' ')}`),
    onTrainEnd: () => void calls.push('end'),
  };
}

describe('fit', () => {
  it('calls back in order, with the validation’s numbers at the end of each epoch', async () => {
    const callback = journal();
    const { epoch, history, stopped } = await perceptron().fit(recorded(5), {
      epochs: 2,
      validationData: recorded(10),
      callbacks: [callback],
    });
    const end = 'loss accuracy val_loss val_accuracy';
    assert.deepEqual(callback.calls, [
      'begin',
      ...[0, 1].flatMap((number) => [`epoch ${number}`, 'batch 0', 'batch 1', `end ${number}: ${end}`]),
      'end',
    ]);
    assert.deepEqual(epoch, [0, 1]);
    assert.deepEqual(Object.keys(history), end.split(' '));
    assert.ok(history['loss']![1]! < history['loss']![0]!);
    assert.equal(stopped, undefined);
  });

  it('goes on with the data where the last epoch ended, when steps are counted', async () => {
    const data = recorded();
    await perceptron().fit(data, { epochs: 3, stepsPerEpoch: 3 });
    const used = data.asked.filter((_, index) => index < 9);
    assert.deepEqual([...new Set(used)], ['0.0', '0.1', '0.2', '0.3', '0.4', '1.0', '1.1', '1.2', '1.3']);
    assert.equal(data.open(), 0);
  });

  it('takes the batches of later epochs when it begins at one', async () => {
    const data = recorded();
    const { epoch } = await perceptron().fit(data, { epochs: 4, initialEpoch: 3 });
    assert.deepEqual(epoch, [3]);
    assert.deepEqual(data.asked, ['3.0', '3.1', '3.2', '3.3', '3.4']);
    const none = await perceptron().fit(data, { epochs: 2, initialEpoch: 2 });
    assert.deepEqual(none, { epoch: [], history: {} });
  });

  it('ends in two parts where one training of both ends, to the bit', async () => {
    const whole = perceptron();
    await whole.fit(x, y, { epochs: 4, batchSize: 3 });
    const parts = perceptron();
    await parts.fit(x, y, { epochs: 2, batchSize: 3 });
    await parts.fit(x, y, { epochs: 4, initialEpoch: 2, batchSize: 3 });
    assert.deepEqual(await parts.getWeights(), await whole.getWeights());
  });

  it('limits the batches of a validation', async () => {
    const validationData = recorded();
    await perceptron().fit(recorded(), { validationData, validationSteps: 2 });
    assert.deepEqual(validationData.asked.slice(0, 2), ['0.0', '0.1']);
    assert.ok(validationData.asked.length <= 3);
    assert.equal(validationData.open(), 0);
    await assert.rejects(
      perceptron().fit(recorded(), { validationData, validationSteps: 0 }),
      /^OptionError: evaluate: steps must be a whole number of at least 1, received 0\./,
    );
  });

  it('validates after every so many epochs, or after those of a list', async () => {
    const validated = async (validationFreq: number | readonly number[]) => {
      const callback = journal();
      const options = {
        epochs: 5,
        initialEpoch: 1,
        validationFreq,
        validationData: recorded(10),
        callbacks: [callback],
      };
      const { history } = await perceptron().fit(recorded(10), options);
      const epochs = callback.calls.filter((call) => call.includes('val_loss')).map((call) => Number(call.slice(4, 5)));
      assert.equal(history['loss']!.length, 4);
      assert.equal(history['val_loss']?.length ?? 0, epochs.length);
      return epochs;
    };
    assert.deepEqual(await validated(1), [1, 2, 3, 4]);
    assert.deepEqual(await validated(2), [1, 3]);
    assert.deepEqual(await validated(6), []);
    assert.deepEqual(await validated([1, 3, 4]), [2, 3]);
    const refused = (validationFreq: never, expected: RegExp) =>
      assert.rejects(perceptron().fit(recorded(), { validationFreq }), expected);
    for (const wrong of [0, 1.5, Number.NaN, '2']) {
      await refused(
        wrong as never,
        /^OptionError: fit: validationFreq, where it is no list, must be a whole number of at least 1, received/,
      );
    }
    await refused(
      [2, 0] as never,
      /^OptionError: fit: each of validationFreq must be a whole number of at least 1, received 0\./,
    );
  });

  it('lets what monitors a validation wait for the next one', async () => {
    const stop = earlyStopping({ patience: 2, minDelta: 100 });
    // The first validation is the best; of the two that follow, the second lowers the rate.
    const rates: number[] = [];
    const lower = reduceLROnPlateau({ patience: 2, factor: 0.5, minDelta: 100 });
    const seen: Callback = { onEpochEnd: (_, __, training) => void rates.push(training.learningRate) };
    const { epoch, history, stopped } = await perceptron().fit(recorded(), {
      epochs: 12,
      validationFreq: 3,
      validationData: recorded(),
      callbacks: [stop, lower, seen],
    });
    assert.deepEqual([epoch.at(-1), history['val_loss']!.length], [8, 3]);
    assert.deepEqual(rates.slice(-2), [0.5, 0.25]);
    assert.equal(stopped, 'val_loss has not become better for 2 epochs');
    const save = modelCheckpoint('{epoch}-{val_loss:.2f}', { saveBestOnly: true });
    const stub = new StubTraining();
    stub.isValidationLeftOut = true;
    await save.onEpochEnd!(0, { loss: 1 }, stub);
    await save.onEpochEnd!(1, { loss: 1, val_loss: 2 }, stub);
    assert.deepEqual(stub.model.saved, ['2-2.00']);
    const callbacks = [earlyStopping({ monitor: 'val_los' })];
    await assert.rejects(
      perceptron().fit(recorded(), { epochs: 2, validationFreq: 2, validationData: recorded(), callbacks }),
      /^OptionError: earlyStopping: expected a monitor among loss, accuracy, val_loss, val_accuracy, received "val_los"/,
    );
    await assert.rejects(
      perceptron().fit(recorded(), { validationFreq: 2, callbacks }),
      /^OptionError: earlyStopping: expected a monitor .* Give validation data\./,
    );
  });

  it('stops where a callback says so: in an epoch without validating, at its end with', async () => {
    const stopAt = (batch: number): Callback => ({
      onTrainBatchEnd: (at, _, training) => void (at === batch && training.stop(`after ${batch}`)),
    });
    const early = journal();
    const inside = await perceptron().fit(recorded(), { epochs: 3, callbacks: [stopAt(2), early] });
    assert.deepEqual(early.calls, ['begin', 'epoch 0', 'batch 0', 'batch 1', 'batch 2', 'end']);
    assert.deepEqual(inside, { epoch: [], history: {}, stopped: 'after 2' });
    const last = await perceptron().fit(recorded(), { epochs: 3, callbacks: [stopAt(4)] });
    assert.deepEqual([last.epoch, last.stopped], [[0], 'after 4']);
  });

  it('ends with an AbortError and its cause, tells the callbacks, and keeps the weights so far', async () => {
    const controller = new AbortController();
    const data = recorded();
    const callback = journal();
    const model = perceptron();
    const before = await model.getWeights();
    const stop: Callback = { onTrainBatchEnd: (at) => void (at === 1 && controller.abort('enough')) };
    await assert.rejects(model.fit(data, { signal: controller.signal, callbacks: [stop, callback] }), {
      name: 'AbortError',
      message: 'fit: stopped by its signal.',
      cause: 'enough',
    });
    assert.deepEqual(callback.calls, ['begin', 'epoch 0', 'batch 0', 'batch 1', 'end']);
    assert.equal(data.open(), 0);
    assert.notDeepEqual(await model.getWeights(), before);
  });

  it('weighs classes', async () => {
    const weigh = async (classWeight: Record<number, number>, targets: Tensor) => {
      const model = sequential([layers.dense({ units: targets.shape[1]!, activation: 'softmax' })], {
        backend: 'reference',
      });
      model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
      const { history } = await model.fit(x, targets, { batchSize: 10, classWeight });
      return history['loss']![0]!;
    };
    const rows = tensor(
      Float32Array.from({ length: 20 }, (_, place) => (place % 2 === 0 ? 0 : 1)),
      [10, 2],
    );
    const plain = await weigh({}, rows);
    assert.ok(Math.abs((await weigh({ 1: 3 }, rows)) - 3 * plain) < 1e-6);
    assert.ok(Math.abs((await weigh({ 0: 3 }, rows)) - plain) < 1e-6);
    const model = perceptron(0);
    const { history } = await model.fit(x, y, { batchSize: 10, epochs: 1, classWeight: { 0: 0, 1: 0 } });
    assert.equal(history['loss']![0], 0);
  });

  it('takes each change of the learning rate at the next step', async () => {
    const model = perceptron(0);
    const before = await model.getWeights();
    const rates: number[] = [];
    await model.fit(recorded(), {
      callbacks: [
        {
          onTrainBatchEnd(batch, _, training) {
            rates.push(training.learningRate);
            if (batch === 3) training.learningRate = 0.5;
            assert.throws(() => {
              training.learningRate = -1;
            }, /^OptionError: learningRate: the value must be a number of at least 0/);
          },
        },
      ],
    });
    assert.deepEqual(rates, [0, 0, 0, 0, 0.5]);
    assert.notDeepEqual(await model.getWeights(), before);
  });

  it('refuses an empty dataset, wrong counts and unknown options', async () => {
    const empty = arrayDataset(tensor(new Float32Array(), [0, 2]), tensor(new Float32Array(), [0, 1]));
    await assert.rejects(perceptron().fit(empty), {
      name: 'DataError',
      message: 'fit: expected at least one example, received an empty dataset.',
    });
    await assert.rejects(perceptron().evaluate(empty), {
      name: 'DataError',
      message: 'evaluate: expected at least one example, received an empty dataset.',
    });
    const wrong = (options: object) => perceptron().fit(recorded(), options);
    await assert.rejects(
      wrong({ epochs: 1.5 }),
      /^OptionError: fit: epochs must be a whole number of at least 0, received 1\.5/,
    );
    await assert.rejects(
      wrong({ stepsPerEpoch: 0 }),
      /^OptionError: fit: stepsPerEpoch must be a whole number of at least 1/,
    );
    await assert.rejects(wrong({ initialEpoch: -1 }), /^OptionError: fit: initialEpoch must be/);
    await assert.rejects(wrong({ epoch: 3 }), /^OptionError: fit: unknown option "epoch"\. Did you mean "epochs"\?/);
  });

  it('passes on what a dataset or a callback throws, and closes the dataset', async () => {
    const data = recorded();
    const failing: Callback = {
      onTrainBatchEnd() {
        throw new RangeError('from the callback');
      },
    };
    await assert.rejects(perceptron().fit(data, { callbacks: [failing] }), /^RangeError: from the callback/);
    assert.equal(data.open(), 0);
    const broken = {
      ...recorded(),
      async *epoch(): AsyncGenerator<Batch> {
        yield { inputs: tensor([[1, 2]]), targets: tensor([[1]]) };
        throw new RangeError('from the dataset');
      },
    };
    await assert.rejects(perceptron().fit(broken), /^RangeError: from the dataset/);
  });
});

describe('steps', () => {
  const inputs = tensor([
    [1, 2],
    [3, 4],
  ]);

  it('refuse batches that do not fit', async () => {
    const trainer = await perceptron().trainer();
    const fails = (batch: Batch, message: string) => assert.rejects(trainer.train(batch), { message });
    await fails(
      { inputs: tensor([[1, 2, 3]]), targets: tensor([[1]]) },
      'inputs: expected shape [batch, 2], received [1, 3].',
    );
    const none = { inputs: tensor(new Float32Array(), [0, 2]), targets: tensor([[1]]) };
    await fails(none, 'inputs: expected at least one example, received none.');
    await fails({ inputs, targets: tensor([[1]]) }, 'fit: expected as many targets as inputs (2), received 1.');
    await fails(
      { inputs, targets: tensor([[1], [0]]), sampleWeights: Float32Array.of(1) },
      'fit: expected as many sample weights as inputs (2), received 1.',
    );
    assert.equal(trainer.iterations, 0);
  });

  it('are numbered one after another, also when they are asked for at once', async () => {
    const build = () => {
      const model = sequential(
        [layers.dense({ units: 4 }), layers.dropout({ rate: 0.5 }), layers.dense({ units: 1 })],
        {
          backend: 'reference',
        },
      );
      model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
      return model;
    };
    const targets = tensor([[1], [0]]);
    const [waiting, atOnce] = [build(), build()];
    for (let step = 0; step < 3; step++) await waiting.trainOnBatch(inputs, targets);
    await Promise.all([1, 2, 3].map(() => atOnce.trainOnBatch(inputs, targets)));
    assert.deepEqual(await atOnce.getWeights(), await waiting.getWeights());
  });

  it('weigh examples as Keras: the sum of weighted losses by the number of examples', async () => {
    const model = perceptron(0);
    const targets = tensor([[1], [0]]);
    const [both, first, second] = await Promise.all(
      [
        [1, 1],
        [2, 0],
        [0, 2],
      ].map((weights) => model.trainOnBatch(inputs, targets, Float32Array.from(weights))),
    );
    assert.ok(Math.abs(both!['loss']! - (first!['loss']! + second!['loss']!) / 2) < 1e-6);
    const [p, q] = (await model.predict(inputs)).data as Float32Array;
    assert.ok(Math.abs(both!['loss']! - (-Math.log(p!) - Math.log(1 - q!)) / 2) < 1e-6);
    assert.ok(Math.abs(first!['loss']! - (-Math.log(p!) * 2) / 2) < 1e-6);
  });
});

describe('ahead', () => {
  it('asks for the next item before the current one is used, and closes its source', async () => {
    const events: string[] = [];
    async function* source() {
      try {
        for (let item = 0; item < 5; item++) {
          events.push(`read ${item}`);
          yield item;
        }
      } finally {
        events.push('closed');
      }
    }
    for await (const item of ahead(source())) {
      events.push(`use ${item}`);
      if (item === 1) break;
    }
    assert.deepEqual(events, ['read 0', 'read 1', 'use 0', 'read 2', 'use 1', 'closed']);
  });
});
