// Protects: what a user of a model does: build, compile, fit arrays, evaluate, predict, train on a batch, read and set weights;
// and what a model says when something is missing or does not fit.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import type { FitArraysOptions } from '../../src/model/fit-data.ts';
import { type Model, type ModelOptions, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import type { Callback } from '../../src/training/callbacks/callback.ts';

const random = new Random(4);
const numbers = (...shape: readonly number[]): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform(-1, 1)),
    shape,
  );
const x = numbers(20, 3);
const y = tensor(
  Float32Array.from({ length: 40 }, (_, place) => (place + (x.data[3 * (place >> 1)]! > 0 ? 1 : 0)) % 2),
  [20, 2],
);

function classifier(options: ModelOptions = {}): Model {
  const model = sequential(
    [layers.dense({ units: 4, activation: 'tanh' }), layers.dense({ units: 2, activation: 'softmax' })],
    {
      backend: 'reference',
      ...options,
    },
  );
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** The weights as one list. */
const flat = async (model: Model) => [...(await model.getWeights()).values()].flatMap((data) => [...data]);

describe('building', () => {
  it('happens at once with an input layer, or at the first data', async () => {
    const model = sequential([layers.input({ shape: [3] }), layers.dense({ units: 2 })]);
    assert.deepEqual(
      model.layers.map(({ name }) => name),
      ['dense'],
    );
    const later = classifier();
    assert.throws(() => later.layers, {
      name: 'OptionError',
      message:
        'sequential: expected a known input shape. Put layers.input({ shape: [height, width, channels] }) first, call build, or fit it.',
    });
    await later.predict(x);
    assert.equal(later.layers.length, 2);
  });

  it('happens once', () => {
    const model = classifier({ name: 'small' });
    model.build([3]);
    model.build([3]);
    assert.throws(() => model.build([4]), {
      name: 'OptionError',
      message: 'small: expected to be built once, for inputs of shape [3], received [4].',
    });
  });

  it('says which layer cannot take which shape', () => {
    const list = [layers.input({ shape: [8, 8, 1] }), layers.conv2d({ filters: 2, kernelSize: 9, name: 'wide' })];
    assert.throws(
      () => sequential(list),
      /^ShapeError: conv2d in wide: expected an input of at least 9×9 for its window, received \[batch, 8, 8, 1\]/,
    );
    assert.throws(
      () => sequential([], { seeds: 1 } as never),
      /^OptionError: sequential: unknown option "seeds"\. Did you mean "seed"\?/,
    );
  });
});

describe('compiling', () => {
  it('is needed for training and evaluating, not for predicting', async () => {
    const model = sequential([layers.dense({ units: 2 })], { backend: 'reference' });
    const message = (where: string) =>
      `${where}: expected a compiled model. Call model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' }) first.`;
    await assert.rejects(model.fit(x, y), { name: 'TrainingError', message: message('fit') });
    await assert.rejects(model.evaluate(x, y), { message: message('evaluate') });
    await assert.rejects(model.trainOnBatch(x, y), { message: message('trainOnBatch') });
    assert.deepEqual((await model.predict(x)).shape, [20, 2]);
  });

  it('finds names, and names the nearest one', () => {
    const wrong = (options: object) => () => classifier().compile({ loss: 'binaryCrossentropy', ...options } as never);
    assert.throws(
      wrong({ optimizer: 'rmsprob' }),
      /^OptionError: compile: unknown optimizer "rmsprob"\. Did you mean "rmsprop"\?/,
    );
    assert.throws(wrong({ loss: 'msee' }), /^OptionError: compile: unknown loss "msee"\./);
    assert.throws(wrong({ loss: undefined }), /^OptionError: compile: expected loss as a name/);
    assert.throws(
      wrong({ metrics: ['acuracy'] }),
      /^OptionError: compile: unknown metric "acuracy"\. Did you mean "accuracy"\?/,
    );
    assert.throws(
      wrong({ optimiser: 'sgd' }),
      /^OptionError: compile: unknown option "optimiser"\. Did you mean "optimizer"\?/,
    );
  });

  it('again starts the optimizer anew and keeps the weights', async () => {
    const [again, fresh] = [classifier(), classifier()];
    await again.fit(x, y, { epochs: 2 });
    const weights = await again.getWeights();
    for (const model of [again, fresh]) {
      model.build([3]);
      await model.setWeights(weights);
      model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['binaryAccuracy'] });
    }
    const { history } = await again.fit(x, y, { epochs: 2 });
    assert.deepEqual(Object.keys(history), ['loss', 'binaryAccuracy']);
    await fresh.fit(x, y, { epochs: 2 });
    assert.deepEqual(await flat(again), await flat(fresh));
    again.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
    fresh.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
    await again.fit(x, y);
    await fresh.fit(x, y);
    assert.deepEqual(await flat(again), await flat(fresh));
  });
});

describe('fit on arrays', () => {
  it('shuffles anew in each epoch unless told not to, and takes batches of the size', async () => {
    const steps: number[] = [];
    const count: Callback = { onTrainBegin: (training) => void steps.push(training.steps) };
    const shuffled = classifier();
    await shuffled.fit(x, y, { batchSize: 6, callbacks: [count] });
    const ordered = classifier();
    await ordered.fit(x, y, { batchSize: 6, shuffle: false, callbacks: [count] });
    assert.deepEqual(steps, [4, 4]);
    assert.notDeepEqual(await flat(shuffled), await flat(ordered));
    const byHand = classifier();
    for (let start = 0; start < 20; start += 6) {
      const end = Math.min(20, start + 6);
      const part = ({ data, shape: [, width] }: Tensor) =>
        tensor(data.subarray(start * width!, end * width!), [end - start, width!]);
      await byHand.trainOnBatch(part(x), part(y));
    }
    assert.deepEqual(await flat(byHand), await flat(ordered));
  });

  it('holds out the last part for validation', async () => {
    const model = classifier();
    const { history } = await model.fit(x, y, { validationSplit: 0.25 });
    const rest = ({ data, shape: [, width] }: Tensor) => tensor(data.subarray(15 * width!), [5, width!]);
    const { loss, accuracy } = await model.evaluate(rest(x), rest(y));
    assert.deepEqual([history['val_loss'], history['val_accuracy']], [[loss], [accuracy]]);
    await assert.rejects(
      classifier().fit(x, y, { validationSplit: -0.1 }),
      /^OptionError: validationSplit: the fraction must be a number above 0/,
    );
  });

  it('takes validation data, which leave the split out', async () => {
    const results = await Promise.all(
      [{}, { validationData: [x, y] as const }, { validationData: [x, y] as const, validationSplit: 0.5 }].map(
        async (options) => {
          const model = classifier();
          const { history } = await model.fit(x, y, options);
          return { weights: await flat(model), names: Object.keys(history) };
        },
      ),
    );
    assert.deepEqual(results[1]!.weights, results[0]!.weights);
    assert.deepEqual(results[2]!.weights, results[0]!.weights);
    assert.deepEqual(results[2]!.names, ['loss', 'accuracy', 'val_loss', 'val_accuracy']);
  });

  it('validates in batches of a size of their own', async () => {
    const batches = async (options: FitArraysOptions) => {
      let count = 0;
      const callbacks = [{ onTestBatchEnd: () => void count++ }];
      await classifier().fit(x, y, { batchSize: 10, callbacks, ...options });
      return count;
    };
    assert.equal(await batches({ validationData: [x, y] }), 2);
    assert.equal(await batches({ validationData: [x, y], validationBatchSize: 3 }), 7);
    assert.equal(await batches({ validationSplit: 0.5, validationBatchSize: 5 }), 2);
    for (const validationBatchSize of [0, 2.5, '3' as never]) {
      await assert.rejects(
        classifier().fit(x, y, { validationData: [x, y], validationBatchSize }),
        /^OptionError: fit: validationBatchSize must be a whole number of at least 1, received/,
      );
    }
    await assert.rejects(classifier().fit(x, y, { validationData: arrayDataset(x, y), validationBatchSize: 3 }), {
      name: 'OptionError',
      message:
        'fit: expected validationBatchSize for arrays, received it for a dataset. Give the dataset its batchSize.',
    });
  });

  it('is the same as on a dataset of them', async () => {
    const [arrays, dataset] = [classifier({ seed: 3 }), classifier({ seed: 3 })];
    await arrays.fit(x, y, { batchSize: 7, epochs: 2 });
    await dataset.fit(arrayDataset(x, y, { batchSize: 7, seed: 3 }), { epochs: 2 });
    assert.deepEqual(await flat(arrays), await flat(dataset));
  });

  it('refuses what it does not know', async () => {
    await assert.rejects(
      classifier().fit(x, y, { batchsize: 3 } as never),
      /^OptionError: fit: unknown option "batchsize"\. Did you mean "batchSize"\?/,
    );
    await assert.rejects(classifier().fit(x, y, { batchSize: 0 }), /batchSize must be a whole number of at least 1/);
    await assert.rejects(
      classifier().fit(x, numbers(19, 2)),
      /^ShapeError: arrayDataset: expected x and y with the same number of examples/,
    );
  });
});

describe('evaluate and predict', () => {
  it('weigh batches of different sizes by their examples', async () => {
    const model = classifier();
    const [whole, parts] = [
      await model.evaluate(x, y, { batchSize: 20 }),
      await model.evaluate(x, y, { batchSize: 3 }),
    ];
    assert.ok(Math.abs(whole['loss']! - parts['loss']!) < 1e-6);
    assert.equal(whole['accuracy'], parts['accuracy']);
  });

  it('look at as many steps as are asked for, and tell each one', async () => {
    const seen: number[] = [];
    await classifier().evaluate(arrayDataset(x, y, { batchSize: 4 }), {
      steps: 3,
      onBatch: (_, __, done) => seen.push(done),
    });
    assert.deepEqual(seen, [1, 2, 3]);
    await assert.rejects(
      classifier().evaluate(x, y, { steps: 0 }),
      /^OptionError: evaluate: steps must be a whole number of at least 1, received 0/,
    );
    await assert.rejects(
      classifier().evaluate(x, y, { step: 1 } as never),
      /^OptionError: evaluate: unknown option "step"\. Did you mean "steps"\?/,
    );
  });

  it('end at a signal', async () => {
    const signal = AbortSignal.abort('enough');
    await assert.rejects(classifier().evaluate(x, y, { signal }), {
      name: 'AbortError',
      message: 'evaluate: stopped by its signal.',
    });
    await assert.rejects(classifier().predict(x, { signal }), {
      name: 'AbortError',
      message: 'predict: stopped by its signal.',
      cause: 'enough',
    });
  });

  it('predict the same in batches as at once, to the bit, and nothing for nothing', async () => {
    const model = classifier();
    const whole = await model.predict(x, { batchSize: 20 });
    for (const batchSize of [1, 3, 7, 64]) assert.deepEqual(await model.predict(x, { batchSize }), whole);
    assert.deepEqual((await model.predict(tensor(new Float32Array(), [0, 3]))).shape, [0, 2]);
    for (const batchSize of [0, Number.NaN]) {
      await assert.rejects(
        model.predict(x, { batchSize }),
        /^OptionError: predict: batchSize must be a whole number of at least 1/,
      );
    }
    await assert.rejects(
      model.predict(numbers(2, 4)),
      /^ShapeError: inputs: expected shape \[batch, 3\], received \[2, 4\]/,
    );
  });

  it('take bytes and whole numbers as numbers', async () => {
    const model = classifier();
    const expected = await model.predict(tensor([[1, 2, 3]]));
    for (const data of [Uint8Array.of(1, 2, 3), Int32Array.of(1, 2, 3), Int8Array.of(1, 2, 3)]) {
      assert.deepEqual(await model.predict(tensor(data, [1, 3])), expected);
    }
  });
});

describe('trainOnBatch', () => {
  it('gives loss and metrics of the batch before the update', async () => {
    const model = classifier();
    const before = await model.evaluate(x, y, { batchSize: 20 });
    assert.deepEqual(await model.trainOnBatch(x, y), before);
    assert.notDeepEqual(await model.evaluate(x, y, { batchSize: 20 }), before);
  });
});

describe('weights', () => {
  it('are copies by name, in the order of the layers', async () => {
    const model = classifier();
    model.build([3]);
    const weights = await model.getWeights();
    assert.deepEqual([...weights.keys()], ['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias']);
    weights.get('dense/kernel')!.fill(9);
    assert.notDeepEqual(await model.getWeights(), weights);
    await model.setWeights(weights);
    assert.deepEqual(await model.getWeights(), weights);
  });

  it('may be set before anything ran, and are copied then', async () => {
    const model = classifier();
    model.build([3]);
    const bias = Float32Array.of(1, 2);
    await model.setWeights(new Map([['dense_1/bias', bias]]));
    bias.fill(0);
    assert.deepEqual([...(await model.getWeights()).get('dense_1/bias')!], [1, 2]);
  });

  it('that do not fit are refused before any is set', async () => {
    for (const isOpen of [false, true]) {
      const model = classifier();
      model.build([3]);
      if (isOpen) await model.getWeights();
      const good = ['dense/bias', Float32Array.of(1, 1, 1, 1)] as const;
      await assert.rejects(model.setWeights(new Map([good, ['dense_1/bias', Float32Array.of(1)]])), {
        name: 'ShapeError',
        message: 'variable "dense_1/bias": expected 2 numbers for [2], received 1.',
      });
      await assert.rejects(model.setWeights(new Map([good, ['head/bias', Float32Array.of(1)]])), {
        name: 'OptionError',
        message:
          'setWeights: expected a weight of sequential, received "head/bias". It has dense/kernel, dense/bias, dense_1/kernel, dense_1/bias.',
      });
      assert.deepEqual([...(await model.getWeights()).get('dense/bias')!], [0, 0, 0, 0]);
    }
  });

  it('come from the seed', async () => {
    const of = async (seed: number) => {
      const model = classifier({ seed });
      model.build([3]);
      return flat(model);
    };
    assert.deepEqual(await of(1), await of(1));
    assert.notDeepEqual(await of(1), await of(2));
  });
});

describe('optimizers that the user made', () => {
  it('keep their options and change their rate', async () => {
    const optimizer = optimizers.sgd({ learningRate: 0 });
    const model = sequential([layers.dense({ units: 2 })], { backend: 'reference' });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    model.build([3]);
    const before = await flat(model);
    await model.fit(x, y);
    assert.deepEqual(await flat(model), before);
    optimizer.learningRate = 0.1;
    await model.fit(x, y);
    assert.notDeepEqual(await flat(model), before);
  });
});

describe('two trainings at once', () => {
  it('are refused, and the first goes on', async () => {
    const model = classifier();
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const first = model.fit(x, y, { epochs: 2 });
    await assert.rejects(
      model.fit(x, y),
      /^TrainingError: fit: expected sequential to be free, received one that is already training\. Await the first fit/,
    );
    assert.equal((await first).epoch.length, 2);
    assert.equal((await model.fit(x, y)).epoch.length, 1, 'free again');
  });
});
