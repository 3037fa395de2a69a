// Protects the learning-rate finder: its suggestion lies where the loss falls, the model is the same bits afterwards whatever
// happened, and it says plainly when it cannot tell.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import type { Batch, Dataset } from '../../src/data/dataset.ts';
import {
  type LearningRateStep,
  layers,
  learningRateFinder,
  type Model,
  optimizers,
  schedules,
  sequential,
} from '../../src/index.ts';
import type { Optimizer } from '../../src/nn/optimizers/optimizer.ts';
import { readSweep, sweptLearningRates } from '../../src/training/learning-rate-sweep.ts';

const examples = 128;
const random = new Random(5);
const x = tensor(
  Float32Array.from({ length: examples * 2 }, () => random.uniform(-1, 1)),
  [examples, 2],
);
const y = tensor(
  Float32Array.from({ length: examples }, (_, example) => (x.data[example * 2]! > x.data[example * 2 + 1]! ? 1 : 0)),
  [examples, 1],
);

function network(optimizer: Optimizer | 'sgd' = 'sgd'): Model {
  const model = sequential(
    [
      layers.dense({ units: 8, activation: 'tanh' }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.1 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    { seed: 3 },
  );
  model.compile({ optimizer, loss: 'binaryCrossentropy' });
  return model;
}

async function batchesOf(data: Dataset): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of data.epoch(0)) batches.push(batch);
  return batches;
}

/** Every number that training changes. */
async function stateOf(model: Model): Promise<unknown> {
  const trainer = await model.trainer();
  const names = [...model.network.weights.map(({ name }) => name), ...trainer.slotNames];
  const numbers = await Promise.all(names.map((name) => trainer.memory.read(name)));
  const { optimizer } = model.compiled!;
  return { names, numbers, iterations: trainer.iterations, seen: optimizer.iterations, rate: optimizer.learningRate };
}

describe('learningRateFinder', () => {
  it('suggests a learning rate at which the loss falls, with which training learns', async () => {
    const model = network();
    const steps: LearningRateStep[] = [];
    const { learningRates, losses, smoothed, suggestion, minimumOverTen } = await learningRateFinder(model, x, y, {
      batchSize: 64,
      maximum: 1000,
      onStep: (step) => steps.push(step),
    });
    assert.equal(losses.length, smoothed.length);
    assert.equal(losses.length, learningRates.length);
    assert.deepEqual(
      steps.map(({ loss }) => loss),
      losses,
    );
    assert.deepEqual(
      steps.map(({ learningRate }) => learningRate),
      learningRates,
    );
    assert.equal(learningRates[0], 1e-7);
    assert.ok(suggestion! > 1e-2 && suggestion! < 20, `${suggestion}`);
    const place = learningRates.indexOf(suggestion!);
    assert.ok(smoothed[place + 1]! < smoothed[place - 1]!);
    const least = smoothed.indexOf(Math.min(...smoothed));
    assert.ok(place <= least);
    assert.equal(minimumOverTen, learningRates[least]! / 10);

    const before = (await model.evaluate(x, y))['loss']!;
    model.compile({ optimizer: optimizers.sgd({ learningRate: suggestion! }), loss: 'binaryCrossentropy' });
    await model.fit(x, y, { epochs: 10 });
    const after = (await model.evaluate(x, y))['loss']!;
    assert.ok(after < before * 0.8, `${suggestion}: ${before} to ${after}`);
  });

  it('uses the learning rates that it names', async () => {
    const data = arrayDataset(x, y, { batchSize: 32, shuffle: false });
    const given = { minimum: 0.01, maximum: 1, steps: 10 };
    const { losses, learningRates } = await learningRateFinder(network(), data, given);
    const byHand = network();
    byHand.buildFor([2]);
    const trainer = await byHand.trainer();
    const batches = await batchesOf(data);
    for (const [step, rate] of learningRates.entries()) {
      byHand.compiled!.optimizer.learningRate = rate;
      const { loss } = await trainer.train(batches[step % batches.length]!);
      assert.equal(losses[step], loss);
    }
  });

  it('leaves weights, slots, steps and learning rate as they were, to the bit', async () => {
    const adam = () => optimizers.adam({ learningRate: 0.01, useEma: true, clipnorm: 1 });
    const scheduled = () =>
      optimizers.rmsprop({ learningRate: schedules.cosineDecay({ initialLearningRate: 0.01, decaySteps: 100 }) });
    for (const made of [adam, scheduled]) {
      const model = network(made());
      await model.fit(x, y, { epochs: 2 });
      const before = await stateOf(model);
      await learningRateFinder(model, x, y, { batchSize: 16, steps: 30 });
      assert.deepEqual(await stateOf(model), before);

      const controller = new AbortController();
      await assert.rejects(
        learningRateFinder(model, x, y, {
          signal: controller.signal,
          onStep: ({ step }) => step === 4 && controller.abort(),
        }),
        /^AbortError: learningRateFinder: stopped by its signal\.$/,
      );
      assert.deepEqual(await stateOf(model), before);
      const fail = () => {
        throw new RangeError('cut');
      };
      await assert.rejects(learningRateFinder(model, x, y, { onStep: fail }), /^RangeError: cut$/);
      assert.deepEqual(await stateOf(model), before);
      const untouched = network(made());
      await untouched.fit(x, y, { epochs: 2 });
      await model.fit(x, y, { epochs: 2, initialEpoch: 1 });
      await untouched.fit(x, y, { epochs: 2, initialEpoch: 1 });
      // The reference's float64 weights come out and go in as float32.
      if ((await model.trainer()).memory.backend.name === 'reference') continue;
      assert.deepEqual(await model.getWeights(), await untouched.getWeights());
    }
  });

  it('stops where the loss is lost, and says when it cannot tell', async () => {
    const regression = sequential([layers.dense({ units: 1 })], { seed: 1 });
    regression.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const found = await learningRateFinder(regression, x, y, { maximum: 1e4 });
    assert.ok(found.losses.length < 100 && found.learningRates.at(-1)! < 100);
    assert.ok(found.losses.every(Number.isFinite));
    assert.ok(found.suggestion! > 1e-3 && found.suggestion! < 2, `${found.suggestion}`);

    const lost = await learningRateFinder(regression, x, y, { minimum: 1e10, maximum: 1e12 });
    assert.equal(lost.suggestion, undefined);
    assert.match(
      lost.remark!,
      /^No suggestion: the loss grew without bounds after \d steps?\. Start with a smaller minimum\.$/,
    );

    const idle = await learningRateFinder(network(), x, y, { maximum: 1e-6, steps: 20 });
    assert.equal(idle.suggestion, undefined);
    assert.match(
      idle.remark!,
      /^No suggestion: the smoothed loss (falls by [\d.e-]+ only|does not fall), where single losses scatter by [\d.e-]+\. To see more, take more steps/,
    );
    const early = await learningRateFinder(network(), x, y, { maximum: 0.3, batchSize: 128 });
    assert.ok(early.suggestion !== undefined);
    assert.match(early.remark!, /^The loss still falls at the largest learning rate/);
  });

  it('counts classes as they are weighted', async () => {
    const plain = await learningRateFinder(network(), x, y, { steps: 10 });
    const weighted = await learningRateFinder(network(), x, y, { steps: 10, classWeight: { 0: 2, 1: 2 } });
    assert.ok(Math.abs(weighted.losses[0]! / plain.losses[0]! - 2) < 1e-5);
  });

  it('refuses wrong options, models that are not compiled, and models in training', async () => {
    const model = network();
    const wrong = (options: object) => learningRateFinder(model, x, y, options);
    await assert.rejects(
      wrong({ minimun: 1 }),
      /^OptionError: learningRateFinder: unknown option "minimun"\. Did you mean "minimum"\?/,
    );
    await assert.rejects(wrong({ minimum: 0 }), /learningRateFinder: minimum must be a number above 0, received 0\.$/);
    await assert.rejects(wrong({ maximum: Number.NaN }), /maximum must be a number above 0, received NaN\.$/);
    await assert.rejects(wrong({ minimum: 1, maximum: 1 }), /minimum must be below maximum \(1\), received 1\.$/);
    await assert.rejects(wrong({ steps: 9 }), /steps must be a whole number of at least 10, received 9\.$/);
    await assert.rejects(
      wrong({ smoothing: 1 }),
      /smoothing must be a number of at least 0 and below 1, received 1\.$/,
    );
    await assert.rejects(wrong({ classWeight: { 2: 1 } }), /expected classWeight for classes from 0 to 1/);
    const data = arrayDataset(x, y, { batchSize: 32 });
    await assert.rejects(learningRateFinder(model, data, { batchSize: 4 } as object), /unknown option "batchSize"/);
    const empty = arrayDataset(tensor(new Float32Array(0), [0, 2]), tensor(new Float32Array(0), [0, 1]), {
      batchSize: 1,
    });
    await assert.rejects(
      learningRateFinder(model, empty),
      /^DataError: learningRateFinder: expected at least one example, received an empty dataset\.$/,
    );
    await assert.rejects(
      learningRateFinder(sequential([layers.dense({ units: 1 })]), x, y),
      /^TrainingError: learningRateFinder: expected a compiled model/,
    );
    const fit = model.fit(x, y);
    await assert.rejects(
      wrong({}),
      /^TrainingError: learningRateFinder: expected sequential to be free, received one that is already training/,
    );
    await fit;
  });
});

describe('reading a sweep', () => {
  const rates = sweptLearningRates(1e-7, 10, 100);

  it('finds the middle of a fall where it is, not where a mean of former losses would show it', () => {
    assert.ok(Math.abs(Math.log10(rates[50]!) - (-7 + (8 * 50) / 99)) < 1e-9);
    assert.equal(rates.at(-1), 10);
    const losses = rates.map(
      (rate, place) => 2 - 1 / (1 + Math.exp(-(place - 60) / 3)) + (place > 80 ? (rate - rates[80]!) * 3 : 0),
    );
    for (const smoothing of [0, 0.5, 0.8, 0.9]) {
      const { suggestion } = readSweep(rates, losses, smoothing);
      assert.ok(Math.abs(rates.indexOf(suggestion!) - 60) <= 2, `${smoothing}: ${rates.indexOf(suggestion!)}`);
    }
  });

  it('holds an explosion at the end away from what came before', () => {
    const losses = rates.slice(0, 80).map((_, place) => 2 - 1 / (1 + Math.exp(-(place - 60) / 3)));
    const { suggestion } = readSweep(rates.slice(0, 81), [...losses, 1e30], 0.8);
    assert.ok(Math.abs(rates.indexOf(suggestion!) - 60) <= 2);
  });

  it('leaves a loss that fell to less than a quarter as it was before', () => {
    const losses = rates.map((_, place) => 2 - 1.9 / (1 + Math.exp(-(place - 60) / 3)));
    const { smoothed, suggestion } = readSweep(rates, losses, 0.8);
    assert.ok(Math.abs(smoothed[0]! - 2) < 0.01);
    assert.ok(Math.abs(rates.indexOf(suggestion!) - 60) <= 2);
  });

  it('says from where the loss grows, where it does not fall', () => {
    const scatter = new Random(4);
    const losses = rates.map((_, place) => (place < 70 ? 1 + scatter.uniform(-0.1, 0.1) : 1 + (place - 69)));
    const { suggestion, remark } = readSweep(rates, losses, 0.8);
    assert.equal(suggestion, undefined);
    assert.ok(
      remark!.includes(`It grows from a learning rate of ${rates[70]!.toExponential(1)} on: stay well below.`),
      remark,
    );
  });

  it('takes scatter for what it is', () => {
    const scatter = new Random(2);
    for (const smoothing of [0.5, 0.8, 0.9]) {
      let mistaken = 0;
      for (let trial = 0; trial < 200; trial++) {
        const losses = rates.map(() => 1 + scatter.uniform(-0.3, 0.3));
        if (readSweep(rates, losses, smoothing).suggestion !== undefined) mistaken++;
      }
      assert.ok(mistaken <= 6, `${smoothing}: ${mistaken} of 200`);
    }
  });
});
