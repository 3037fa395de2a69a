/** What must hold for every layer: its configuration can be saved, its shapes and weights are as stated, and the gradient
 * through the whole layer is that of central differences in float64. */
import assert from 'node:assert/strict';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { Random } from '../../src/core/random.ts';
import { batchAxis, elementCount } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { layerFromConfig } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import { networkConfig, networkFromConfig } from '../../src/nn/network-config.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { graphRunner } from '../support/run-graph.ts';

/** A layer with what is expected of it. Shapes are of one example. */
export interface LayerCase {
  readonly layer: Layer;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Shapes of the weights by name, in order. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  /** Traced as in training. */
  readonly training?: boolean;
}

const batch = 2;

/** Runs the checks. */
export async function checkLayer(layerCase: LayerCase): Promise<void> {
  const { layer, inputShape, outputShape, weights = {} } = layerCase;
  const network = Network.sequential([layer], inputShape);
  const [placed] = network.layers;
  assert.deepEqual(placed!.outputShape, [batchAxis, ...outputShape]);
  const specs = placed!.weights.map(({ name, shape }) => [name.slice(placed!.name.length + 1), [...shape]]);
  assert.deepEqual(
    specs,
    Object.entries(weights).map(([name, shape]) => [name, [...shape]]),
  );
  assert.equal(
    network.parameterCount,
    Object.values(weights).reduce((total, shape) => total + elementCount(shape), 0),
  );
  checkConfig(layer, network);
  assert.throws(
    () => layerFromConfig(layer.className, { ...layer.config, colour: 'red' }),
    new RegExp(`^OptionError: ${layer.className}: unknown option "colour"\\.`),
  );
  await checkGradient(network, layerCase.training ?? false);
}

function checkConfig(layer: Layer, network: Network): void {
  const saved = JSON.parse(JSON.stringify(networkConfig(network)));
  const again = networkFromConfig(saved);
  assert.deepEqual(networkConfig(again), networkConfig(network));
  assert.equal(again.layers[0]!.layer.className, layer.className);
  assert.deepEqual(layerFromConfig(layer.className, layer.config).config, layer.config);
}

/** d Σ(y · r) / d input and every weight, against differences along a random direction of each. */
async function checkGradient(network: Network, training: boolean): Promise<void> {
  const graph = new Graph();
  const x = graph.variable('x', [batch, ...network.inputShape]);
  const [y] = network.trace(graph, [x], { training }).outputs as [Value];
  const r = graph.variable('r', y.shape);
  const loss = sum(multiply(y, r));
  const wrt = [x, ...network.weights.map(({ name, shape }) => graph.variable(name, shape))];
  const names = ['x', ...network.weights.map(({ name }) => name)];
  graph.output('loss', loss);
  gradient(graph, loss, wrt).forEach((value, index) => {
    assert.ok(value, `${names[index]} has a gradient`);
    graph.output(`d${names[index]}`, value);
  });
  const random = new Random(3, network.layers[0]!.layer.className);
  const numbers: Record<string, Float64Array> = { seed: Float64Array.of(1), step: Float64Array.of(2) };
  for (const [name, { shape }] of graph.variables) {
    numbers[name] = Float64Array.from({ length: elementCount(shape) }, () => random.uniform(-1, 1));
  }
  const runner = graphRunner(graph, openReferenceBackend());
  const at = await runner.run(numbers);
  for (const name of names) {
    const direction = numbers[name]!.map(() => random.uniform(-1, 1));
    const lossAt = async (step: number): Promise<number> => {
      const moved = numbers[name]!.map((value, place) => value + step * direction[place]!);
      return (await runner.run({ ...numbers, [name]: moved }))['loss']![0]!;
    };
    const step = 1e-6;
    const expected = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
    const actual = direction.reduce((total, part, place) => total + part * at[`d${name}`]![place]!, 0);
    assert.ok(
      Math.abs(actual - expected) <= 1e-6 * Math.max(1, Math.abs(expected)),
      `d${name}: ${actual}, by differences ${expected}`,
    );
  }
}
