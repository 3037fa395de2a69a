// Protects: what every layer computes, its gradients and what batch normalization moves, against Keras on every backend.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { batchAxis, withBatch } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { type ActivationName, activation, activationNames } from '../../src/nn/activations/table.ts';
import { augmentationLayers } from '../../src/nn/layers/augmentation/table.ts';
import { baseName, layerDefinitions, layerFromConfig } from '../../src/nn/layers/table.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { describeDifference } from '../support/compare.ts';
import { uniform } from '../support/formula.ts';
import { graphRunner } from '../support/run-graph.ts';
import { places } from './network-golden.ts';

/** One layer on two examples (scripts/make-layer-golden.py). */
interface LayerGolden {
  /** The name that Keras gives it: `keras.layers.Conv2D`. */
  readonly keras: string;
  readonly className: string;
  /** What Keras calls a layer that gets no name. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
  /** Of the inputs, then of the trained weights. */
  readonly gradients: readonly (readonly number[])[];
  readonly training?: true;
  /** The weights that are not trained, after a step of training. */
  readonly weightsAfter?: readonly (readonly number[])[];
}

/** One activation at points. */
interface ActivationGolden {
  readonly keras: string;
  readonly name: ActivationName;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly gradient: readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly layers: readonly LayerGolden[];
  readonly activations: readonly ActivationGolden[];
}

const file = new URL('../golden/layers.json', import.meta.url);
const golden: Golden = JSON.parse(readFileSync(file, 'utf8'));
const batch = 2;
const definitions = new Map(Object.values(layerDefinitions).map((definition) => [definition.className, definition]));

/** The layer's graph with its gradients, and the numbers for it. */
function traceCase({
  className,
  options,
  inputShapes,
  training = false,
}: Omit<LayerGolden, 'training'> & { training?: boolean }) {
  const definition = definitions.get(className)!;
  const config = definition.configure(options, className);
  const shapes = inputShapes.map((shape) => [batchAxis, ...shape]);
  const graph = new Graph();
  const numbers: Record<string, Float32Array | number> = { batchSize: batch };
  const inputs = shapes.map((shape, index) => {
    numbers[`x${index}`] = uniform(withBatch(shape, batch), 100 + index);
    return graph.input(`x${index}`, shape);
  });
  const specs = Object.entries(definition.weights?.(config, shapes[0]!, className, shapes) ?? {});
  const weights: Record<string, Value> = {};
  specs.forEach(([name, { shape, initializer }], salt) => {
    weights[name] = graph.variable(name, shape);
    const isGiven = typeof initializer === 'function';
    numbers[name] = isGiven ? given(initializer as never, shape) : weightAt(name, uniform(shape, salt));
  });
  const moved: Record<string, Value> = {};
  const y = definition.call({
    graph,
    config,
    inputs,
    weights,
    training,
    trainable: true,
    randomStream: 1,
    drawPerExample: () => assert.fail('no layer here changes examples at random'),
    addLoss: () => assert.fail('no layer here adds a loss'),
    assign: (name, value) => {
      moved[name] = value;
    },
  });
  numbers['r'] = uniform(withBatch(y.shape, batch), 200);
  const loss = sum(multiply(y, graph.input('r', y.shape)));
  const trained = specs.filter(([, { trainable }]) => trainable).map(([name]) => weights[name]!);
  const wrt = [...inputs, ...trained];
  graph.output('y', y);
  gradient(graph, loss, wrt).forEach((value, index) => {
    graph.output(`gradient ${index}`, value ?? multiply(wrt[index]!, 0));
  });
  specs
    .filter(([, { trainable }]) => !trainable && training)
    .forEach(([name], index) => {
      graph.output(`after ${index}`, moved[name]!);
    });
  return { graph, numbers, outputShape: y.shape };
}

function given(initializer: () => () => number, shape: readonly number[]): Float32Array {
  const next = initializer();
  return Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => next());
}

function weightAt(name: string, values: Float32Array): Float32Array {
  return name.endsWith('Variance') ? values.map((value) => Math.abs(value) + 0.5) : values;
}

/** Keras computes in float32: sums of a few dozen numbers differ in their last bits. */
const tolerance = { against: 'largest', error: 1e-5, floor: 0.05 } as const;

function check(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  const problem = describeDifference(actual, expected, tolerance);
  assert.equal(problem, undefined, `${what}: ${problem}`);
}

for (const { name, skip, open } of await places()) {
  describe(`${name}: Keras ${golden.keras}`, { skip }, () => {
    test(`${golden.layers.length} cases of layers`, async () => {
      const backend = await open();
      for (const expected of golden.layers) {
        const what = `${expected.className} ${JSON.stringify(expected.options)}`;
        const { graph, numbers, outputShape } = traceCase(expected);
        assert.deepEqual(outputShape, [batchAxis, ...expected.outputShape], what);
        const results = await graphRunner(graph, backend, batch).run(numbers);
        check(results['y']!, expected.output, what);
        expected.gradients.forEach((values, index) => {
          check(results[`gradient ${index}`]!, values, `${what}, gradient ${index}`);
        });
        expected.weightsAfter?.forEach((values, index) => {
          check(results[`after ${index}`]!, values, `${what}, weight ${index} after the step`);
        });
      }
      await backend.close();
    });

    test(`${golden.activations.length} cases of activations`, async () => {
      const backend = await open();
      for (const expected of golden.activations) {
        const graph = new Graph();
        const x = graph.variable('x', expected.shape);
        const y = activation({ name: expected.name, config: expected.options })(x);
        graph.output('y', y);
        const loss = sum(multiply(y, graph.variable('r', expected.shape)));
        graph.output('gradient', gradient(graph, loss, [x])[0]!);
        const numbers = { x: Float32Array.from(expected.input), r: uniform(expected.shape, 200) };
        const results = await graphRunner(graph, backend).run(numbers);
        for (const [key, values] of [
          ['y', expected.output],
          ['gradient', expected.gradient],
        ] as const) {
          values.forEach((value, place) => {
            const error = Math.abs(results[key]![place]! - value);
            const what = `${expected.keras} ${JSON.stringify(expected.options)}: ${key} at ${expected.input[place]}`;
            assert.ok(
              error <= 4e-6 * Math.max(Math.abs(value), 0.1),
              `${what} is ${results[key]![place]}, not ${value}`,
            );
          });
        }
      }
      await backend.close();
    });
  });
}

test('every layer and every activation has a golden', () => {
  // Those for augmentation have goldens of their own (augmentation-golden.test.ts).
  const augmenting = Object.values(augmentationLayers).map(({ className }) => className);
  const layers = new Set([...golden.layers.map(({ className }) => className), ...augmenting]);
  assert.deepEqual(
    [...definitions.keys()].filter((className) => !layers.has(className)),
    [],
  );
  const named = new Set(golden.activations.map(({ name }) => name));
  assert.deepEqual(
    activationNames.filter((name) => !named.has(name)),
    [],
  );
});

test('every configuration can be saved, and knows its options', () => {
  for (const { className, name, options } of golden.layers) {
    assert.equal(baseName(className), name);
    const { config } = layerFromConfig(className, options);
    const saved = JSON.parse(JSON.stringify(config));
    assert.deepEqual(saved, config, className);
    assert.deepEqual(layerFromConfig(className, saved).config, config, className);
    assert.throws(
      () => layerFromConfig(className, { ...options, colour: 'red' }),
      new RegExp(`^OptionError: ${className}: unknown option "colour"\\.`),
    );
  }
});
