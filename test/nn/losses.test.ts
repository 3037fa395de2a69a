// Protects: losses and their gradients are Keras's, with ordinary and with saturated probabilities.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { Backend } from '../../src/backends/backend.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { tensor } from '../../src/core/tensor.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { checkLoss, lossNames, lossOf } from '../../src/nn/losses/table.ts';
import { sum } from '../../src/ops/reduce.ts';
import { prepareTargets } from '../../src/training/targets.ts';
import { graphRunner } from '../support/run-graph.ts';
import { golden, type LossGolden, places } from './network-golden.ts';

type Case = Pick<LossGolden, 'loss' | 'shape' | 'targets' | 'predictions'>;

async function run({ loss, shape, targets, predictions }: Case, backend: Backend) {
  const name = checkLoss('test', loss);
  const graph = new Graph();
  const symbolic = [batchAxis, ...shape.slice(1)];
  const p = graph.input('predictions', symbolic);
  const values = lossOf(name).perExample(graph.input('targets', symbolic), p);
  assert.deepEqual(values.shape, [batchAxis]);
  graph.output('values', values);
  graph.output('gradient', gradient(graph, sum(values), [p])[0]!);
  const given = tensor(Float32Array.from(targets), [shape[0]!, targets.length / shape[0]!]);
  const rows = shape.length > 2 ? { data: Float32Array.from(targets) } : prepareTargets(given, name, symbolic);
  const results = await graphRunner(graph, backend, shape[0]).run({
    predictions: Float32Array.from(predictions),
    targets: Float32Array.from(rows.data),
  });
  return { values: [...results['values']!], gradient: [...results['gradient']!] };
}

function assertNear(actual: readonly number[], expected: readonly number[], relative: number, what: string): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, place) => {
    // Differences of numbers near 1 keep the absolute error of those.
    const allowed = relative * Math.abs(value) + 2e-7;
    assert.ok(Math.abs(actual[place]! - value) <= allowed, `${what} at ${place}: ${actual[place]} instead of ${value}`);
  });
}

// Where a probability is 0 or 1, Keras's bound 1 − ε is rounded to float32, which float64 does not do.
const isSaturated = ({ predictions }: Case) => predictions.some((p) => p < 1e-6 || p > 1 - 1e-5);

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.losses.length} losses and gradients as Keras ${golden.keras}`, { skip }, async () => {
    const backend = await open();
    for (const expected of golden.losses) {
      if (name === 'reference' && isSaturated(expected)) continue;
      const actual = await run(expected, backend);
      const what = `${expected.loss} of ${expected.predictions}`;
      assertNear(actual.values, expected.values, 5e-6, `${what}: the loss`);
      assertNear(actual.gradient, expected.gradient, 5e-6, `${what}: the gradient`);
    }
    await backend.close();
  });
}

test('every loss has goldens', () => {
  assert.deepEqual([...new Set(golden.losses.map(({ loss }) => loss))].sort(), [...lossNames].sort());
});

describe('losses', async () => {
  const reference = await (await places())[0]!.open();

  it('stay finite, with finite gradients, however wrong a certain prediction is', async () => {
    for (const loss of lossNames) {
      const targets = loss.startsWith('sparse') ? [0, 1] : [1, 0, 0, 1];
      for (const predictions of [
        [0, 1, 1, 0],
        [1, 0, 0, 1],
        [0.5, 0.5, 1e-30, 1],
      ]) {
        const { values, gradient: slopes } = await run({ loss, shape: [2, 2], targets, predictions }, reference);
        for (const value of [...values, ...slopes]) assert.ok(Number.isFinite(value), `${loss} of ${predictions}`);
        assert.ok(values.every((value) => value >= 0));
      }
    }
  });

  it('of sequences are the means over their places', async () => {
    const row = { shape: [1, 2], targets: [0, 1], predictions: [0.25, 0.75] };
    for (const loss of lossNames.filter((name) => !name.startsWith('sparse'))) {
      const one = await run({ loss, ...row }, reference);
      const three = {
        shape: [1, 3, 2],
        targets: [0, 1, 0, 1, 0, 1],
        predictions: [0.25, 0.75, 0.25, 0.75, 0.25, 0.75],
      };
      const many = await run({ loss, ...three }, reference);
      assertNear(many.values, one.values, 1e-12, loss);
    }
  });

  it('are found by name', () => {
    assert.throws(
      () => checkLoss('compile', 'categoricalCrossentropie'),
      /^OptionError: compile: unknown loss "categoricalCrossentropie"\. Did you mean "categoricalCrossentropy"\?/,
    );
  });
});
