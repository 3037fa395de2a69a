// Protects: constraints bring weights back to what Keras brings them to, along any axes; wrong arguments are told apart.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { Graph } from '../../src/graph/graph.ts';
import {
  type ConstraintPart,
  checkConstraint,
  constraint,
  constraintNames,
  constraints,
} from '../../src/nn/constraints/table.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { clip } from '../../src/ops/elementwise.ts';
import { graphRunner } from '../support/run-graph.ts';
import { places } from './network-golden.ts';
import { kernelAndBias, runSteps } from './optimizer-golden.ts';
import { describePart, golden } from './part-golden.ts';

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.constraints.length} constraints are Keras's`, { skip }, async () => {
    const backend = await open();
    for (const expected of golden.constraints) {
      const graph = new Graph();
      const part = checkConstraint('test', { name: expected.name, config: expected.options }) as ConstraintPart;
      graph.output('result', constraint(part)(graph.input('weight', expected.shape)));
      const { result } = await graphRunner(graph, backend).run({ weight: Float32Array.from(expected.weight) });
      expected.result.forEach((number, place) => {
        const message = `${describePart(expected)}, place ${place}: ${result![place]} instead of ${number}`;
        assert.ok(Math.abs(result![place]! - number) <= 1e-6, message);
      });
    }
    await backend.close();
  });
}

describe('constraints', () => {
  it('are all tested', () => {
    assert.deepEqual([...new Set(golden.constraints.map(({ name }) => name))].sort(), [...constraintNames].sort());
  });

  it('of one’s own are functions in ops', async () => {
    const backend = openReferenceBackend();
    const [kernel, bias] = kernelAndBias();
    const weights = [{ ...kernel!, constraint: (weight: Parameters<typeof clip>[0]) => clip(weight, -1, 1) }, bias!];
    const start = [0.5, 3, -3, 0, 1, -1, 5, -5];
    const { path } = await runSteps(
      optimizers.sgd({ learningRate: 1 }),
      weights,
      start,
      [[0, 0, 0, 0, 1, 1, 0, 0]],
      backend,
    );
    assert.deepEqual(path, [[0.5, 1, -1, 0, 0, -1, 5, -5]]);
    await backend.close();
  });

  it('refuse wrong arguments', () => {
    const wrong: [() => unknown, RegExp][] = [
      [() => constraints.maxNorm({ maxValue: -1 }), /^OptionError: maxNorm: maxValue must be a number of at least 0/],
      [
        () => constraints.maxNorm({ axis: 0.5 }),
        /^OptionError: maxNorm: axis must be a whole number or a list of them, received 0\.5\. Use 0 for dense/,
      ],
      [
        () => constraints.minMaxNorm({ minValue: 2 }),
        /^OptionError: minMaxNorm: maxValue must be a number of at least 2, received 1/,
      ],
      [
        () => constraints.minMaxNorm({ rate: 1.5 }),
        /^OptionError: minMaxNorm: rate must be a number of at least 0 and of at most 1, received 1\.5/,
      ],
      [
        () => checkConstraint('Dense', 'maxnrom'),
        /^OptionError: Dense: unknown constraint "maxnrom"\. Did you mean "maxNorm"\?/,
      ],
      [
        () => constraint(constraints.unitNorm({ axis: [0, 2] }))(new Graph().variable('w', [3, 2])),
        /^ShapeError: unitNorm: expected axes of a weight of shape \[3, 2\], received \[0,2\]\. Use axes from 0 to 1\./,
      ],
    ];
    for (const [make, message] of wrong) assert.throws(make, message);
  });
});
