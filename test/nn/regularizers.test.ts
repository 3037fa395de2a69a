// Protects: regularizers add to the loss what Keras's add, with its gradients, in training and evaluation; a user's own is a
// function.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { sequential } from '../../src/model/model.ts';
import { layerFactory } from '../../src/nn/layers/layer.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import {
  checkRegularizer,
  type RegularizerPart,
  regularizer,
  regularizerNames,
  regularizers,
} from '../../src/nn/regularizers/table.ts';
import { abs, multiply } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { graphRunner } from '../support/run-graph.ts';
import { places } from './network-golden.ts';
import { describePart, golden } from './part-golden.ts';

for (const { name, skip, open } of await places()) {
  test(`${name}: ${golden.regularizers.length} regularizers are Keras's`, { skip }, async () => {
    const backend = await open();
    for (const expected of golden.regularizers) {
      const graph = new Graph();
      const part = checkRegularizer('test', { name: expected.name, config: expected.options }) as RegularizerPart;
      const weight = graph.input('weight', expected.shape);
      const value = regularizer(part)(weight);
      graph.output('value', value);
      graph.output('gradient', gradient(graph, value, [weight])[0]!);
      const results = await graphRunner(graph, backend).run({ weight: Float32Array.from(expected.weight) });
      const what = describePart(expected);
      assert.ok(Math.abs(results['value']![0]! - expected.value) <= 1e-6 * Math.max(1, expected.value), what);
      expected.gradient.forEach((number, place) => {
        const message = `${what}, gradient ${place}: ${results['gradient']![place]} instead of ${number}`;
        assert.ok(Math.abs(results['gradient']![place]! - number) <= 1e-6, message);
      });
    }
    await backend.close();
  });
}

/** One weight for each input, without a bias. */
const weighing = layerFactory<{ regularizer?: RegularizerPart }, { regularizer: RegularizerPart | undefined }>({
  className: 'Weighing',
  options: ['regularizer'],
  configure: ({ regularizer }, where) => ({ regularizer: checkRegularizer(where, regularizer) }),
  weights: ({ regularizer }, [, features]) => ({
    kernel: { shape: [features!, 1], initializer: 'ones', trainable: true, regularizer },
    held: { shape: [2], initializer: 'ones', trainable: false, regularizer },
  }),
  call: ({ inputs: [x], weights: { kernel } }) => matrixProduct(x!, kernel!),
});

describe('regularizers', () => {
  it('are all tested', () => {
    assert.deepEqual([...new Set(golden.regularizers.map(({ name }) => name))].sort(), [...regularizerNames].sort());
  });

  it('add to the loss of training and evaluation, and to the gradient, for trainable weights', async () => {
    const own = (x: Value) => multiply(sum(abs(x)), 0.5);
    const x = tensor(Float32Array.of(0, 0, 0, 0), [2, 2]);
    const y = tensor(Float32Array.of(0, 0), [2, 1]);
    for (const [regularizer, loss, weight] of [
      [regularizers.l2({ l2: 0.25 }), 0.5, 0.5],
      ['l2', 0.02, 0.98],
      [own, 1, 0.5],
      [undefined, 0, 1],
    ] as const) {
      const model = sequential([weighing({ ...(regularizer && { regularizer }) })], { backend: 'reference' });
      model.build([2]);
      model.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
      assert.ok(Math.abs((await model.evaluate(x, y))['loss']! - loss) < 1e-6);
      assert.ok(Math.abs((await model.trainOnBatch(x, y))['loss']! - loss) < 1e-6);
      const kernel = (await model.getWeights()).get('weighing/kernel')!;
      assert.ok(Math.abs(kernel[0]! - weight) < 1e-6, `${kernel[0]} instead of ${weight}`);
    }
  });

  it('refuse wrong arguments', () => {
    const wrong: [() => unknown, RegExp][] = [
      [() => regularizers.l2({ l2: -1 }), /^OptionError: l2: l2 must be a number of at least 0, received -1/],
      [() => regularizers.l1l2({ l3: 1 } as never), /^OptionError: l1l2: unknown option "l3"\./],
      [
        () => regularizers.orthogonalRegularizer({ mode: 'row' as never }),
        /^OptionError: orthogonalRegularizer: unknown mode "row"\. Did you mean "rows"\?/,
      ],
      [() => checkRegularizer('Dense', 'L2 '), /^OptionError: Dense: unknown regularizer "L2 "\. Did you mean "l2"\?/],
      [
        () => regularizer('orthogonalRegularizer')(new Graph().variable('w', [3])),
        /^ShapeError: orthogonalRegularizer: expected a weight of two axes, received \[3\]\. Choose another regularizer\./,
      ],
    ];
    for (const [make, message] of wrong) assert.throws(make, message);
  });
});
