// Protects: ten steps of every optimizer, in each of its modes, are Keras's, on every backend.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { Backend } from '../../src/backends/backend.ts';
import { Graph } from '../../src/graph/graph.ts';
import { type Optimizer, optimizerFactory } from '../../src/nn/optimizers/optimizer.ts';
import { optimizerNames, optimizerOf, optimizers } from '../../src/nn/optimizers/table.ts';
import { multiply, subtract } from '../../src/ops/elementwise.ts';
import { graphRunner } from '../support/run-graph.ts';
import { golden, type OptimizerGolden, places } from './network-golden.ts';

/** The weights after each step. */
async function run(optimizer: Optimizer, { start, steps }: OptimizerGolden, backend: Backend): Promise<number[][]> {
  const graph = new Graph();
  const weight = graph.variable('weight', [start.length]);
  const slots = Object.keys(optimizer.slots).map((name) => [name, graph.variable(name, weight.shape)] as const);
  const update = optimizer.update({
    weight,
    gradient: graph.input('gradient', weight.shape),
    slots: Object.fromEntries(slots),
    scalar: (name) => graph.scalar(name),
  });
  graph.assign(weight, update.weight);
  for (const [name, slot] of slots) graph.assign(slot, update.slots![name]!);
  const runner = graphRunner(graph, backend);
  const fills = slots.map(([name]) => [name, new Float32Array(start.length).fill(optimizer.slots[name]!)] as const);
  let values: Parameters<typeof runner.run>[0] = { weight: Float32Array.from(start), ...Object.fromEntries(fills) };
  const path: number[][] = [];
  for (const [step, { gradient }] of steps.entries()) {
    const results = await runner.run({ ...values, ...optimizer.scalars(step), gradient: Float32Array.from(gradient) });
    path.push([...results['weight']!]);
    values = {};
  }
  return path;
}

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.optimizers.length} optimizers take ten steps as Keras ${golden.keras}`, {
    skip,
  }, async () => {
    const backend = await open();
    for (const expected of golden.optimizers) {
      const optimizer = optimizerOf('test', expected.optimizer, expected.options);
      const path = await run(optimizer, expected, backend);
      path.forEach((weights, step) => {
        weights.forEach((weight, place) => {
          const wanted = expected.steps[step]!.weights[place]!;
          const moved = Math.abs(wanted - expected.start[place]!);
          // The weight is as near as float32 is; its way from the start, as near as ten roundings of the weight allow.
          const allowed = 1e-6 * Math.max(Math.abs(wanted), Math.abs(expected.start[place]!), moved);
          const what = `${expected.optimizer} ${JSON.stringify(expected.options)}, step ${step}, weight ${place}`;
          assert.ok(Math.abs(weight - wanted) <= allowed, `${what}: ${weight} instead of ${wanted}`);
        });
      });
    }
    await backend.close();
  });
}

test('every optimizer has goldens', () => {
  assert.deepEqual(
    [...new Set(golden.optimizers.map(({ optimizer }) => optimizer))].sort(),
    [...optimizerNames].sort(),
  );
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
    });
  });

  it('use a learning rate that changes', () => {
    const optimizer = optimizers.adam({ learningRate: 0.5 });
    const before = optimizer.scalars(3)['adamStepSize']!;
    optimizer.learningRate = 0.25;
    assert.equal(optimizer.scalars(3)['learningRate'], 0.25);
    assert.equal(optimizer.scalars(3)['adamStepSize'], before / 2);
    assert.equal(optimizer.config['learningRate'], 0.5);
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
    assert.throws(() => optimizers.rmsprop({ rho: Number.NaN }), /^OptionError: rmsprop: rho must be a number/);
    assert.throws(() => optimizers.sgd({ nesterov: 1 as never }), {
      name: 'OptionError',
      message: 'sgd: nesterov must be true or false, received 1.',
    });
  });

  it('are made of a definition', () => {
    const plain = optimizerFactory('plain', {
      defaults: { learningRate: 0.5 },
      slots: () => ({}),
      update: ({ weight, gradient, scalar }) => ({
        weight: subtract(weight, multiply(gradient, scalar('learningRate'))),
      }),
    });
    assert.deepEqual(plain().scalars(0), { learningRate: 0.5 });
  });
});
