// Protects: dropout's random numbers: their share and scale, a mask of its own for each layer, step and seed, and the same
// mask on every backend, instruction set and number of threads.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import type { Backend } from '../../src/backends/backend.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import type { Layer } from '../../src/nn/layers/layer.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { Network } from '../../src/nn/network.ts';
import { listTargets, threadCounts } from '../support/backends-under-test.ts';
import { graphRunner } from '../support/run-graph.ts';

const width = 5000;

/** A layer of ones after dropout. */
async function dropped(
  backend: Backend,
  { name = 'dropout', rate = 0.4, seed = 1, step = 0, training = true } = {},
): Promise<number[]> {
  const graph = new Graph();
  const network = Network.sequential([layers.dropout({ rate, name })], [width]);
  graph.output('y', network.trace(graph, [graph.input('x', [batchAxis, width])], { training }).outputs[0]!);
  const x = new Float32Array(2 * width).fill(1);
  const { y } = await graphRunner(graph, backend, 2).run({ x, seed: Int32Array.of(seed), step: Int32Array.of(step) });
  return [...y!].map(Math.fround);
}

describe('dropout', () => {
  const reference = openReferenceBackend();

  it('drops its share and scales the rest up', async () => {
    for (const rate of [0.1, 0.4, 0.75]) {
      const values = await dropped(reference, { rate });
      const kept = values.filter((value) => value !== 0);
      assert.deepEqual([...new Set(kept)], [Math.fround(1 / (1 - rate))]);
      assert.ok(Math.abs(kept.length / values.length - (1 - rate)) < 0.02);
    }
  });

  it('does nothing outside training, or at a rate of 0', async () => {
    for (const options of [{ training: false }, { rate: 0 }]) {
      assert.ok((await dropped(reference, options)).every((value) => value === 1));
    }
  });

  it('draws other masks for another example, layer, step and seed', async () => {
    const mask = await dropped(reference);
    assert.deepEqual(await dropped(reference), mask);
    const others = [{ name: 'other' }, { step: 1 }, { seed: 2 }];
    for (const other of [
      ...(await Promise.all(others.map((options) => dropped(reference, options)))),
      [...mask.slice(width), ...mask],
    ]) {
      const same = mask.filter((value, place) => value === other[place]).length / mask.length;
      // Two masks that know nothing of each other agree in 0.6² + 0.4² of their places.
      assert.ok(Math.abs(same - 0.52) < 0.03, `${same} are the same`);
    }
  });
});

/** A layer's outputs for inputs that all have one value. */
async function outputs(layer: Layer, shape: readonly number[], { training = true, value = 1 } = {}): Promise<number[]> {
  const graph = new Graph();
  const network = Network.sequential([layer], shape);
  graph.output('y', network.trace(graph, [graph.input('x', [batchAxis, ...shape])], { training }).outputs[0]!);
  const x = new Float32Array(2 * shape.reduce((product, size) => product * size, 1)).fill(value);
  const numbers = { x, seed: Int32Array.of(1), step: Int32Array.of(0) };
  return [...(await graphRunner(graph, openReferenceBackend(), 2).run(numbers)).y!];
}

function checkNormal(values: readonly number[], mean: number, deviation: number): void {
  const actualMean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - actualMean) ** 2, 0) / values.length;
  const message = `${actualMean} ± ${Math.sqrt(variance)}`;
  const tolerance = 0.04 * deviation;
  assert.ok(Math.abs(actualMean - mean) <= tolerance, message);
  assert.ok(Math.abs(Math.sqrt(variance) - deviation) <= tolerance, message);
}

describe('other noise', () => {
  it('spatialDropout2d drops whole channels', async () => {
    const values = await outputs(layers.spatialDropout2d({ rate: 0.25 }), [3, 2, 500]);
    const channels = Array.from({ length: 1000 }, (_, channel) => {
      const example = Math.floor(channel / 500);
      const places = Array.from({ length: 6 }, (__, place) => values[example * 3000 + place * 500 + (channel % 500)]!);
      assert.equal(new Set(places).size, 1);
      return places[0]!;
    });
    assert.deepEqual([...new Set(channels)].sort(), [0, 1 / 0.75]);
    assert.ok(Math.abs(channels.filter((value) => value === 0).length / 1000 - 0.25) < 0.05);
  });

  it('gaussianNoise has its deviation, and only in training', async () => {
    const layer = layers.gaussianNoise({ stddev: 0.5 });
    checkNormal(await outputs(layer, [width]), 1, 0.5);
    assert.ok((await outputs(layer, [width], { training: false })).every((value) => value === 1));
  });

  it('gaussianDropout multiplies by normal numbers around 1, and only in training', async () => {
    const layer = layers.gaussianDropout({ rate: 0.2 });
    // A value v gets the deviation v · √(0.2 / 0.8).
    for (const value of [1, -3, 0]) checkNormal(await outputs(layer, [width], { value }), value, Math.abs(value) / 2);
    assert.ok((await outputs(layer, [width], { training: false })).every((value) => value === 1));
    assert.ok((await outputs(layers.gaussianDropout({ rate: 0 }), [width])).every((value) => value === 1));
  });
});

for (const { backend, instructionSet, missing, open } of await listTargets()) {
  test(`${backend} ${instructionSet}: the same masks for any number of threads`, {
    skip: missing ?? false,
  }, async () => {
    const expected = await dropped(openReferenceBackend(), { step: 12345, seed: -7 });
    for (const threads of threadCounts) {
      const opened = await open(threads);
      assert.deepEqual(await dropped(opened, { step: 12345, seed: -7 }), expected, `${threads} threads`);
      await opened.close();
    }
  });
}
