// Protects: the preset `keras2` takes the defaults and formulas of Keras 2.3.1, written here once more from its source.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { golden, kernelAndBias, runSteps } from './optimizer-golden.ts';

const epsilon = 1e-7;

/** One weight over all steps: gets the gradient and the step from 1, and returns how the weight changes. */
type Rule = () => (gradient: number, step: number) => number;

const rules: Record<'sgd' | 'rmsprop' | 'adagrad' | 'adadelta' | 'adam' | 'adamax' | 'nadam', Rule> = {
  sgd: () => (gradient) => -0.01 * gradient,
  rmsprop: () => {
    let mean = 0;
    return (gradient) => {
      mean = 0.9 * mean + 0.1 * gradient ** 2;
      return (-0.001 * gradient) / (Math.sqrt(mean) + epsilon);
    };
  },
  adagrad: () => {
    let total = 0;
    return (gradient) => {
      total += gradient ** 2;
      return (-0.01 * gradient) / (Math.sqrt(total) + epsilon);
    };
  },
  adadelta: () => {
    let squares = 0;
    let changes = 0;
    return (gradient) => {
      squares = 0.95 * squares + 0.05 * gradient ** 2;
      const change = (gradient * Math.sqrt(changes + epsilon)) / Math.sqrt(squares + epsilon);
      changes = 0.95 * changes + 0.05 * change ** 2;
      return -change;
    };
  },
  adam: () => {
    let momentum = 0;
    let velocity = 0;
    return (gradient, step) => {
      const rate = (0.001 * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      momentum = 0.9 * momentum + 0.1 * gradient;
      velocity = 0.999 * velocity + 0.001 * gradient ** 2;
      return (-rate * momentum) / (Math.sqrt(velocity) + epsilon);
    };
  },
  adamax: () => {
    let momentum = 0;
    let norm = 0;
    return (gradient, step) => {
      momentum = 0.9 * momentum + 0.1 * gradient;
      norm = Math.max(0.999 * norm, Math.abs(gradient));
      return ((-0.002 / (1 - 0.9 ** step)) * momentum) / (norm + epsilon);
    };
  },
  nadam: () => {
    let momentum = 0;
    let velocity = 0;
    let product = 1;
    return (gradient, step) => {
      const now = 0.9 * (1 - 0.5 * 0.96 ** (step * 0.004));
      const next = 0.9 * (1 - 0.5 * 0.96 ** ((step + 1) * 0.004));
      product *= now;
      momentum = 0.9 * momentum + 0.1 * gradient;
      velocity = 0.999 * velocity + 0.001 * gradient ** 2;
      const ahead = ((1 - now) * gradient) / (1 - product) + (next * momentum) / (1 - product * next);
      return (-0.002 * ahead) / (Math.sqrt(velocity / (1 - 0.999 ** step)) + epsilon);
    };
  },
};

for (const [name, rule] of Object.entries(rules)) {
  test(`${name} with the preset keras2 steps as Keras 2.3.1`, async () => {
    const backend = openReferenceBackend();
    // Without tiny gradients: where ε decides, both places of it are far apart.
    const gradients = golden.gradients.map((numbers) => numbers.map((number, place) => (place === 5 ? 1e-7 : number)));
    const optimizer = optimizers[name as keyof typeof rules]({ preset: 'keras2', decay: 0 });
    const { path } = await runSteps(optimizer, kernelAndBias(), golden.start, gradients, backend);
    const start = [...Float32Array.from(golden.start)];
    start.forEach((weight, place) => {
      const changeFor = rule();
      let expected = weight;
      let way = 0;
      path.forEach((weights, step) => {
        const change = changeFor(Math.fround(gradients[step]![place]!), step + 1);
        expected += change;
        way += Math.abs(change);
        const allowed = 2e-5 * way + 1e-7 * Math.abs(expected);
        const message = `step ${step}, weight ${place}: ${weights[place]} instead of ${expected}`;
        assert.ok(Math.abs(weights[place]! - expected) <= allowed, message);
      });
    });
    await backend.close();
  });
}

test('clipnorm counts all gradients together, as in Keras 2.3.1', async () => {
  const backend = openReferenceBackend();
  const run = async (options: object) =>
    (await runSteps(optimizers.sgd(options), kernelAndBias(), golden.start, golden.gradients, backend)).path;
  const old = await run({ preset: 'keras2', clipnorm: 0.5 });
  assert.deepEqual(old, await run({ globalClipnorm: 0.5 }));
  assert.notDeepEqual(old, await run({ clipnorm: 0.5 }));
  await backend.close();
});

test('the preset is saved, and options that are given stay', () => {
  const optimizer = optimizers.adadelta({ preset: 'keras2', rho: 0.9 });
  assert.deepEqual(optimizer.config, { learningRate: 1, rho: 0.9, epsilon, preset: 'keras2' });
  assert.equal(optimizers.adagrad({ preset: 'keras2', learningRate: 0.5 }).learningRate, 0.5);
});
