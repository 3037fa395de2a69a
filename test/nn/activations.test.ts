// Protects: activations are the functions that their names promise.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { type ActivationName, activation, activationNames, checkActivation } from '../../src/nn/activations/table.ts';
import { graphRunner } from '../support/run-graph.ts';

const x = [-3, -0.5, 0, 2];
const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
const expected: Record<ActivationName, (value: number) => number> = {
  linear: (value) => value,
  relu: (value) => (value > 0 ? value : 0),
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  tanh: (value) => Math.tanh(value),
  softmax: (value) => Math.exp(value) / total,
};

for (const name of activationNames) {
  it(name, async () => {
    const graph = new Graph();
    graph.output('y', activation(name)(graph.input('x', [batchAxis, 4])));
    const { y } = await graphRunner(graph, openReferenceBackend()).run({ x: Float64Array.from(x) });
    x.forEach((value, place) => {
      assert.ok(Math.abs(y![place]! - expected[name](value)) < 1e-12);
    });
  });
}

it('are found by name', () => {
  assert.throws(
    () => checkActivation('Dense', 'sigmoind'),
    /^OptionError: Dense: unknown activation "sigmoind"\. Did you mean "sigmoid"\?/,
  );
});
