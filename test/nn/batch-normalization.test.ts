// Protects: batch normalization beyond its goldens: in training its statistics are those of the batch even where the mean is
// large, frozen it runs as in inference, and its moving statistics move only in training.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { batchNormalization } from '../../src/nn/layers/batch-normalization.ts';
import { uniform } from '../support/formula.ts';
import { graphRunner } from '../support/run-graph.ts';
import { places } from './network-golden.ts';

const batch = 8;
const shape = [5, 3, 2];

/** The layer's graph, and the names of the weights that it moves. */
function trace(training: boolean, trainable: boolean): { graph: Graph; moved: string[] } {
  const graph = new Graph();
  const config = batchNormalization.configure({ momentum: 0.9, epsilon: 0 }, 'BatchNormalization');
  const names = Object.keys(batchNormalization.weights!(config, [batchAxis, ...shape], '', []));
  const moved: string[] = [];
  const y = batchNormalization.call({
    graph,
    config,
    inputs: [graph.input('x', [batchAxis, ...shape])],
    weights: Object.fromEntries(names.map((name) => [name, graph.variable(name, [2])])),
    training,
    trainable,
    randomStream: 1,
    drawPerExample: () => assert.fail('it draws nothing'),
    addLoss: () => undefined,
    assign: (name, value) => {
      moved.push(name);
      graph.assign(graph.variable(name, [2]), value);
    },
  });
  graph.output('y', y);
  return { graph, moved };
}

const weights = {
  gamma: Float32Array.of(2, 1),
  beta: Float32Array.of(0.5, -1),
  movingMean: Float32Array.of(10, 20),
  movingVariance: Float32Array.of(4, 0.25),
  batchSize: batch,
};

for (const { name, skip, open } of await places()) {
  describe(name, { skip }, () => {
    test('the variance survives a mean of 10,000 times the deviation', async () => {
      const backend = await open();
      const { graph, moved } = trace(true, true);
      // Multiples of 1/128 above 4096 are exact in float32, so the deviations from the mean are known.
      const steps = uniform([batch, ...shape], 3).map((value) => Math.round(value * 64) / 128);
      const x = steps.map((value) => 4096 + value);
      const results = await graphRunner(graph, backend, batch).run({ ...weights, x });
      assert.deepEqual(moved, ['movingMean', 'movingVariance']);
      for (const channel of [0, 1]) {
        const values = [...steps.filter((_, place) => place % 2 === channel)];
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        const expected = values.map(
          (value) => ((value - mean) / Math.sqrt(variance)) * weights.gamma[channel]! + weights.beta[channel]!,
        );
        const actual = [...results['y']!.filter((_, place) => place % 2 === channel)];
        // The mean itself is rounded to 2⁻¹² of the numbers' 1/2.
        expected.forEach((value, place) => {
          assert.ok(Math.abs(actual[place]! - value) < 4e-3);
        });
        const movedVariance = weights.movingVariance[channel]! * 0.9 + variance * 0.1;
        assert.ok(Math.abs(results['movingVariance']![channel]! - movedVariance) < 1e-5);
      }
      await backend.close();
    });

    test('a frozen layer runs as in inference', async () => {
      const backend = await open();
      const x = uniform([batch, ...shape], 3);
      const outputs = await Promise.all(
        (
          [
            [true, false],
            [false, true],
          ] as const
        ).map(async ([training, trainable]) => {
          const { graph, moved } = trace(training, trainable);
          assert.deepEqual(moved, []);
          return (await graphRunner(graph, backend, batch).run({ ...weights, x }))['y']!;
        }),
      );
      assert.deepEqual([...outputs[0]!], [...outputs[1]!]);
      const first = ((x[0]! - 10) / 2) * 2 + 0.5;
      assert.ok(Math.abs(outputs[0]![0]! - first) < 1e-5);
      await backend.close();
    });
  });
}
