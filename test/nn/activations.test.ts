// Protects: how activations are named, given options and given as functions. What they compute is in layer-golden.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { Graph } from '../../src/graph/graph.ts';
import { activation, activations, checkActivation } from '../../src/nn/activations/table.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import { graphRunner } from '../support/run-graph.ts';

async function run(compute: (x: Value) => Value, numbers: readonly number[]): Promise<number[]> {
  const graph = new Graph();
  graph.output('y', compute(graph.variable('x', [numbers.length])));
  return [...(await graphRunner(graph, openReferenceBackend()).run({ x: Float64Array.from(numbers) })).y!];
}

describe('activations', () => {
  it('are found by name', () => {
    assert.equal(checkActivation('Dense', 'relu'), 'relu');
    assert.throws(
      () => checkActivation('Dense', 'sigmoind'),
      /^OptionError: Dense: unknown activation "sigmoind"\. Did you mean "sigmoid"\?/,
    );
  });

  it('take options', async () => {
    const slope = checkActivation('Dense', activations.leakyRelu({ negativeSlope: 0.5 }));
    assert.deepEqual(slope, { name: 'leakyRelu', config: { negativeSlope: 0.5 } });
    assert.deepEqual(await run(activation(slope), [-4, 2]), [-2, 2]);
    assert.throws(
      () => activations.elu({ alfa: 1 } as never),
      /^OptionError: elu: unknown option "alfa"\. Choose from alpha\.$/,
    );
  });

  it('refuse options that no rectifier has', () => {
    for (const name of ['negativeSlope', 'maxValue', 'threshold']) {
      for (const wrong of [-1, Number.NaN, 'x' as never]) {
        assert.throws(
          () => activations.relu({ [name]: wrong }),
          new RegExp(`^OptionError: relu: ${name} must be a number( of at least 0)?, received`),
        );
      }
    }
    assert.deepEqual(activations.relu({ maxValue: null }).config, { maxValue: null });
    assert.throws(() => activations.relu({ alpha: 1 } as never), /^OptionError: relu: unknown option "alpha"\./);
  });

  it('can be functions', async () => {
    const twice = (x: Value) => multiply(x, 2);
    assert.equal(checkActivation('Dense', twice), twice);
    assert.deepEqual(await run(activation(twice), [-4, 2]), [-8, 4]);
  });

  it('need an axis that is there', async () => {
    const overAxis1 = activation(activations.softmax({ axis: 1 }));
    await assert.rejects(
      run(overAxis1, [1, 2]),
      /^OptionError: softmax: expected an axis that the input has, received axis 1 for \[2\]\.$/,
    );
    assert.throws(
      () => activations.softmax({ axis: 0.5 }),
      /^OptionError: softmax: axis must be a whole number, received 0\.5\.$/,
    );
  });
});
