/** Runs layers for augmentation with draws that a test gives, or on pictures of one value. */
import assert from 'node:assert/strict';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Draws } from '../../src/nn/layers/augmentation/draws.ts';
import type { RandomLayer } from '../../src/nn/layers/augmentation/random-layer.ts';
import { augmentationLayers } from '../../src/nn/layers/augmentation/table.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { Network } from '../../src/nn/network.ts';
import { graphRunner } from '../support/run-graph.ts';

type AnyLayer = RandomLayer<object, object>;
/** The name of a layer for augmentation. */
export type Name = keyof typeof augmentationLayers;

/** What a layer does to one picture each for the given draws, by parameter. */
export async function parametersOf(
  name: Name,
  options: object,
  draws: readonly (readonly number[])[],
  shape: readonly number[] = [4, 4, 3],
): Promise<Record<string, number[]>> {
  const definition = augmentationLayers[name] as unknown as AnyLayer;
  const config = definition.configure(options, name);
  const graph = new Graph();
  const whole = [batchAxis, ...shape];
  assert.equal(definition.draws(config, whole), draws[0]!.length, `${name} draws another number of numbers`);
  const drawn = new Draws(graph.input('draws', [batchAxis, draws[0]!.length]));
  for (const [key, value] of Object.entries(definition.parameters(drawn, config, whole))) graph.output(key, value);
  const results = await graphRunner(graph, openReferenceBackend(), draws.length).run({
    draws: Float64Array.from(draws.flat()),
  });
  return Object.fromEntries(Object.entries(results).map(([key, values]) => [key, [...values]]));
}

/** What a layer makes of pictures that all have one value. */
export async function outputs(
  layer: Layer,
  shape: readonly number[],
  { training = true, value = 100, step = 0, batch = 2 } = {},
): Promise<number[]> {
  const graph = new Graph();
  const network = Network.sequential([layer], shape);
  graph.output('y', network.trace(graph, [graph.input('x', [batchAxis, ...shape])], { training }).outputs[0]!);
  const x = new Float32Array(batch * shape.reduce((product, size) => product * size, 1)).fill(value);
  const numbers = { x, seed: Int32Array.of(1), step: Int32Array.of(step), batchSize: batch };
  return [...(await graphRunner(graph, openReferenceBackend(), batch).run(numbers))['y']!];
}

/** What a layer makes of the 2×3 or 2×2 picture 1, 2, 3, …, for the given draws. */
export async function moved(
  name: Name,
  options: object,
  shape: readonly number[],
  draws: readonly (readonly number[])[],
) {
  const definition = augmentationLayers[name] as unknown as AnyLayer;
  const config = definition.configure(options, name);
  const graph = new Graph();
  const x = graph.input('x', [batchAxis, ...shape, 1]);
  const drawn = new Draws(graph.input('draws', [batchAxis, draws[0]!.length]));
  graph.output('y', definition.pixels(x, definition.parameters(drawn, config, x.shape), config));
  const count = shape.reduce((product, size) => product * size, 1);
  const pixels = Float64Array.from({ length: count * draws.length }, (_, place) => (place % count) + 1);
  const values = { x: pixels, draws: Float64Array.from(draws.flat()) };
  const y = [...(await graphRunner(graph, openReferenceBackend(), draws.length).run(values))['y']!];
  return draws.map((_, picture) =>
    y.slice((picture * y.length) / draws.length, ((picture + 1) * y.length) / draws.length),
  );
}
