// Protects: ten steps of every optimizer, in each of its modes, are Keras's, on every backend.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { defineOptimizer, type Optimizer } from '../../src/nn/optimizers/optimizer.ts';
import { optimizerNames, optimizerOf, optimizers } from '../../src/nn/optimizers/table.ts';
import { multiply, sign, subtract } from '../../src/ops/elementwise.ts';
import { slotsOf } from '../../src/training/update-graph.ts';
import { places } from './network-golden.ts';
import { golden, kernelAndBias, type OptimizerGolden, runSteps } from './optimizer-golden.ts';

/** A weight is as near as float32 is, and its way to there, forth and back. */
function assertNear(path: readonly (readonly number[])[], wanted: readonly (readonly number[])[], what: string): void {
  const ways = golden.start.map(Math.abs);
  path.forEach((weights, step) => {
    weights.forEach((weight, place) => {
      const expected = wanted[step]![place]!;
      ways[place]! += Math.abs(expected - (wanted[step - 1] ?? golden.start)[place]!);
      const allowed = 1e-6 * ways[place]!;
      const message = `${what}, step ${step}, weight ${place}: ${weight} instead of ${expected}`;
      assert.ok(Math.abs(weight - expected) <= allowed, message);
    });
  });
}

function describeCase({ optimizer, options }: OptimizerGolden): string {
  return `${optimizer} ${JSON.stringify(options)}`;
}

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.cases.length} optimizers take ten steps as Keras ${golden.keras}`, { skip }, async () => {
    const backend = await open();
    for (const expected of golden.cases) {
      const optimizer = optimizerOf('test', expected.optimizer, expected.options);
      const weights = kernelAndBias(expected.maxNorm);
      const { path, averages } = await runSteps(optimizer, weights, golden.start, golden.gradients, backend);
      assert.equal(path.length, expected.path.length);
      assertNear(path, expected.path, describeCase(expected));
      if (expected.final) assertNear([averages], [expected.final], `averages of ${describeCase(expected)}`);
    }
    await backend.close();
  });
}

test('every optimizer has goldens', () => {
  assert.deepEqual([...new Set(golden.cases.map(({ optimizer }) => optimizer))].sort(), [...optimizerNames].sort());
});

describe('optimizers', () => {
  it('have Keras’s defaults', () => {
    const rates = optimizerNames.map((name) => [name, optimizerOf('test', name).learningRate]);
    assert.deepEqual(Object.fromEntries(rates), {
      rmsprop: 0.001,
      adadelta: 0.001,
      adam: 0.001,
      sgd: 0.01,
      adagrad: 0.001,
      adamW: 0.001,
      adamax: 0.001,
      nadam: 0.001,
      lion: 0.001,
      ftrl: 0.001,
    });
  });

  it('use a learning rate that changes', () => {
    const optimizer = optimizers.adam({ learningRate: 0.5 });
    const before = optimizer.scalars(3)['adamStepSize']!;
    optimizer.learningRate = 0.25;
    assert.equal(optimizer.scalars(3)['learningRate'], 0.25);
    assert.equal(optimizer.scalars(3)['adamStepSize'], before / 2);
    assert.equal(optimizer.config['learningRate'], 0.25);
  });

  it('are found by name, and refuse unknown options and wrong numbers', () => {
    assert.throws(
      () => optimizerOf('compile', 'adm'),
      /^OptionError: compile: unknown optimizer "adm"\. Did you mean "adam"\?/,
    );
    const wrong = { learningrate: 1 } as never;
    assert.throws(
      () => optimizers.sgd(wrong),
      /^OptionError: sgd: unknown option "learningrate"\. Did you mean "learningRate"\?/,
    );
    assert.throws(
      () => optimizers.adam({ learningRate: -1 }),
      /^OptionError: adam: learningRate must be a number of at least 0/,
    );
    assert.throws(
      () => optimizers.rmsprop({ rho: 1.5 }),
      /^OptionError: rmsprop: rho must be a number of at least 0 and of at most 1/,
    );
    assert.throws(() => optimizers.sgd({ nesterov: 1 as never }), {
      name: 'OptionError',
      message: 'sgd: nesterov must be true or false, received 1.',
    });
  });

  it('refuse common options that cannot be', () => {
    const wrong: [() => unknown, RegExp][] = [
      [
        () => optimizers.sgd({ clipnorm: 1, clipvalue: 0.5 }),
        /^OptionError: sgd: expected one of clipnorm, clipvalue and globalClipnorm, received clipnorm 1 and clipvalue 0\.5\. Leave all but one out/,
      ],
      [() => optimizers.adam({ clipnorm: 0 }), /^OptionError: adam: clipnorm must be a number above 0, received 0/],
      [() => optimizers.adam({ decay: -1 }), /^OptionError: adam: decay must be a number of at least 0, received -1/],
      [
        () => optimizers.adam({ gradientAccumulationSteps: 1.5 }),
        /^OptionError: adam: gradientAccumulationSteps must be a whole number of at least 1, received 1\.5/,
      ],
      [() => optimizers.adam({ emaMomentum: 2 }), /^OptionError: adam: emaMomentum must be a number of at least 0 and/],
      [
        () => optimizers.adam({ emaOverwriteFrequency: 0 }),
        /^OptionError: adam: emaOverwriteFrequency must be a whole number of at least 1, received 0/,
      ],
      [() => optimizers.adam({ useEma: 1 as never }), /^OptionError: adam: useEma must be true or false, received 1\./],
      [
        () => optimizers.adam({ preset: 'keras1' as never }),
        /^OptionError: adam: preset must be "keras3" or "keras2", received "keras1"\./,
      ],
      [
        () => optimizers.adamW({ excludeFromWeightDecay: 'bias' as never }),
        /^OptionError: adamW: excludeFromWeightDecay must be a list of names of layers or weights, received "bias"\./,
      ],
      [
        () => optimizers.sgd({ learningRateMultipliers: 0.1 as never }),
        /^OptionError: sgd: learningRateMultipliers must be an object of names and numbers, received 0\.1\./,
      ],
      [
        () => optimizers.sgd({ learningRateMultipliers: { dense: -1 } }),
        /^OptionError: sgd: learningRateMultipliers\["dense"\] must be a number of at least 0, received -1/,
      ],
      [
        () => optimizers.ftrl({ learningRatePower: 0.5 }),
        /^OptionError: ftrl: learningRatePower must be a number of at most 0, received 0\.5/,
      ],
      [() => optimizers.lion({ beta1: 0 }), /^OptionError: lion: beta1 must be a number above 0 and of at most 1/],
    ];
    for (const [make, message] of wrong) assert.throws(make, message);
  });

  it('divide the learning rate by legacy decay, after a schedule', () => {
    const plain = optimizers.sgd({ learningRate: 0.5, decay: 0.25 });
    assert.deepEqual(
      [0, 1, 4].map((step) => plain.scalars(step)['learningRate']),
      [0.5, 0.4, 0.25],
    );
    assert.equal(plain.learningRate, 0.5);
    assert.equal(optimizers.sgd({ learningRate: (step) => step, decay: 1 }).scalars(3)['learningRate'], 0.75);
  });

  it('multiply the learning rates of weights that a pattern names', async () => {
    const backend = openReferenceBackend();
    const rate = 0.5;
    const weights = kernelAndBias();
    const path = async (optimizer: Optimizer) =>
      (await runSteps(optimizer, weights, golden.start, golden.gradients, backend)).path;
    for (const [pattern, isChosen] of [
      ['dense', () => true],
      ['d*/kernel', (place: number) => place < 6],
      ['bias', (place: number) => place >= 6],
    ] as const) {
      for (const name of ['adam', 'nadam', 'adamW'] as const) {
        const both = await path(optimizers[name]({ learningRate: rate, learningRateMultipliers: { [pattern]: 0.1 } }));
        const large = await path(optimizers[name]({ learningRate: rate }));
        const small = await path(optimizers[name]({ learningRate: 0.1 * rate }));
        const expected = large.map((weights, step) =>
          weights.map((weight, place) => (isChosen(place) ? small[step]![place]! : weight)),
        );
        assert.deepEqual(both, expected, `${name} ${pattern}`);
      }
    }
    const frozen = await path(optimizers.rmsprop({ learningRateMultipliers: { 'dense/*': 0, bias: 5 } }));
    assert.deepEqual(frozen.at(-1), [...Float32Array.from(golden.start)]);
    await backend.close();
  });

  it('name the layers where a pattern of multipliers matches none', () => {
    assert.throws(
      () => slotsOf(optimizers.sgd({ learningRateMultipliers: { 'conv2d*': 0.1 } }), kernelAndBias()),
      /^OptionError: sgd: expected learningRateMultipliers to name layers or weights, received "conv2d\*", which matches none\. The layers with weights are dense\./,
    );
  });

  it('of one’s own are a definition, and have the common options', async () => {
    const signDescent = defineOptimizer('signDescent', {
      defaults: { learningRate: 0.5, power: 2 },
      slots: () => ({}),
      update: ({ weight, gradient, scalar }) => ({
        weight: subtract(weight, multiply(sign(gradient), scalar('learningRate'))),
      }),
    });
    assert.deepEqual(signDescent().scalars(0), { learningRate: 0.5 });
    assert.throws(() => signDescent({ power: -1 }), /^OptionError: signDescent: power must be a number of at least 0/);
    const backend = openReferenceBackend();
    const optimizer = signDescent({ learningRate: 0.25, weightDecay: 1 });
    const { path } = await runSteps(
      optimizer,
      kernelAndBias(),
      [0, 0, 0, 0, 0, 0, 0, 8],
      [[1, 2, -1, 0, 0, 0, 0, 3]],
      backend,
    );
    assert.deepEqual(path, [[-0.25, -0.25, 0.25, 0, 0, 0, 0, 5.75]]);
    await backend.close();
  });
});
