// Protects: the update of a weight is one pass over memory for every optimizer, joined to the product that gives its gradient,
// also with weight decay and clipped numbers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lower } from '../../src/graph/lower.ts';
import { simplify } from '../../src/graph/simplify.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import type { Optimizer } from '../../src/nn/optimizers/optimizer.ts';
import { optimizerNames, optimizers } from '../../src/nn/optimizers/table.ts';
import { trainingGraph } from '../../src/training/step-graphs.ts';

const network = Network.sequential(
  [layers.dense({ units: 5 }), layers.dense({ units: 3, activation: 'softmax' })],
  [4],
);
const plan = { network, inputTypes: ['float32'], frozen: new Set<Layer>() } as const;

/** The instructions that update weights. */
function updates(optimizer: Optimizer): string[] {
  const program = lower(simplify(trainingGraph(plan, [{ loss: 'categoricalCrossentropy', weight: 1 }], optimizer)));
  return program.instructions.filter(({ label }) => label.endsWith('/update')).map(({ label }) => label);
}

const all = network.weights.map(({ name }) => `${name}/update`).sort();

describe('an update', () => {
  for (const name of optimizerNames) {
    it(`of ${name} is one pass for each weight`, () => {
      assert.deepEqual(updates(optimizers[name]()).sort(), all);
      // Nadam's own numbers leave no room in a pass for both.
      const options = name === 'nadam' ? { clipvalue: 1 } : { weightDecay: 0.1, clipvalue: 1 };
      assert.deepEqual(updates(optimizers[name](options)).sort(), all);
    });
  }
});
