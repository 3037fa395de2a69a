// Protects: the programs that networks become. Their text is kept in test/golden/programs; a change of it is a change of what
// runs, to be looked at. `UPDATE_GOLDEN=1 npm test -- program-text` writes the files anew.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DType } from '../../src/core/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
import { formatProgram } from '../../src/graph/program-text.ts';
import { simplify } from '../../src/graph/simplify.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { predictionGraph, trainingGraph } from '../../src/training/step-graphs.ts';
import { cnn } from '../../src/zoo/cnn.ts';

const convolutional = Network.sequential(cnn({ inputShape: [150, 150, 3], classes: 4 }), [150, 150, 3]);
const perceptron = Network.sequential(
  [
    layers.dense({ units: 8, activation: 'tanh' }),
    layers.dropout({ rate: 0.5 }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
  [5],
);

const plan = (network: Network, inputType: DType) => ({ network, inputTypes: [inputType], frozen: new Set<Layer>() });

const graphs: Readonly<Record<string, () => Graph>> = {
  'cnn-predict': () => predictionGraph(plan(convolutional, 'uint8')),
  'cnn-train': () =>
    trainingGraph(plan(convolutional, 'uint8'), [{ loss: 'categoricalCrossentropy', weight: 1 }], optimizers.rmsprop()),
  'perceptron-predict': () => predictionGraph(plan(perceptron, 'float32')),
  'perceptron-train': () =>
    trainingGraph(plan(perceptron, 'float32'), [{ loss: 'binaryCrossentropy', weight: 1 }], optimizers.adam()),
};

const folder = new URL('../golden/programs/', import.meta.url);

for (const [name, build] of Object.entries(graphs)) {
  test(`the program ${name} is the one that was looked at`, () => {
    const text = formatProgram(lower(simplify(build())));
    assert.equal(formatProgram(lower(simplify(build()))), text, 'the same graph gives the same text');
    const file = new URL(`${name}.txt`, folder);
    if (process.env['UPDATE_GOLDEN']) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
    }
    assert.equal(text, readFileSync(file, 'utf8'));
  });
}

test('the training step of the 13-layer network needs 66 MB at a batch of 32', () => {
  const { bytes } = planMemory(lower(simplify(graphs['cnn-train']!())), 32);
  assert.equal(Math.round(bytes / 1e6), 66);
});
