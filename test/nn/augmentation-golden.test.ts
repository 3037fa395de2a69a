// Protects: what layers for augmentation make of pictures, given what is done to them, against Keras on every backend.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Draws } from '../../src/nn/layers/augmentation/draws.ts';
import type { RandomLayer } from '../../src/nn/layers/augmentation/random-layer.ts';
import { layerDefinitions } from '../../src/nn/layers/table.ts';
import type { Value } from '../../src/ops/op.ts';
import { describeDifference } from '../support/compare.ts';
import { uniform } from '../support/formula.ts';
import { graphRunner } from '../support/run-graph.ts';
import { places } from './network-golden.ts';

/** One layer on two pictures (scripts/make-augmentation-golden.py). */
interface Case {
  readonly className: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: readonly [number, number, number];
  readonly valueRange: readonly [number, number];
  /** What is done to each picture; shapes are without batch. */
  readonly parameters?: Readonly<Record<string, { shape: readonly number[]; values: readonly number[] }>>;
  /** Or the numbers from 0 to 1 that it follows from, for each picture. */
  readonly draws?: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  readonly output: readonly number[];
}

const file = new URL('../golden/augmentation.json', import.meta.url);
const golden: { keras: string; cases: readonly Case[] } = JSON.parse(readFileSync(file, 'utf8'));
const batch = 2;
const definitions = new Map(Object.values(layerDefinitions).map((definition) => [definition.className, definition]));

/** Whole numbers from 0 to 255 spread over the range, with a patch of one colour and one of grey in each picture. */
function pictures([height, width, channels]: Case['inputShape'], [low, high]: Case['valueRange']): Float32Array {
  const values = uniform([batch, height, width, channels], 100).map((u) => Math.min(Math.floor((u + 1) * 128), 255));
  const place = (picture: number, row: number, column: number, channel: number) =>
    ((picture * height + row) * width + column) * channels + channel;
  for (let picture = 0; picture < batch; picture++) {
    for (let row = 0; row < Math.min(4, height); row++) {
      for (let column = 0; column < Math.min(4, width); column++) {
        for (let channel = 0; channel < channels; channel++) {
          const target = place(picture, row, column, channel);
          if (row < 2 && column < 2) values[target] = values[place(picture, 0, 0, channel)]!;
          if (row >= 2 && column >= 2) values[target] = values[place(picture, 2, 2, 0)]!;
        }
      }
    }
  }
  return values.map((value) => (value / 255) * (high - low) + low);
}

function traceCase({ className, options, inputShape, parameters = {}, draws }: Case): { graph: Graph; y: Value } {
  const definition = definitions.get(className)! as RandomLayer<object, object>;
  const config = definition.configure(options, className);
  const graph = new Graph();
  const x = graph.input('x', [batchAxis, ...inputShape]);
  const given = () => {
    if (draws) {
      const drawn = new Draws(graph.input('draws', [batchAxis, draws[0]!.length]));
      return definition.parameters(drawn, config, x.shape);
    }
    const values = Object.entries(parameters).map(([key, { shape }]) => [key, graph.input(key, [batchAxis, ...shape])]);
    return Object.fromEntries(values);
  };
  const isRandom = Object.hasOwn(definition, 'draws') && definition.draws(config, x.shape) > 0;
  const y = isRandom
    ? definition.pixels(x, given(), config)
    : definition.call({ graph, config, inputs: [x], training: true } as never);
  graph.output('y', y);
  return { graph, y };
}

for (const { name, skip, open } of await places()) {
  describe(`${name}: Keras ${golden.keras}`, { skip }, () => {
    test(`${golden.cases.length} cases of augmentation`, async () => {
      const backend = await open();
      for (const expected of golden.cases) {
        const { className, options, inputShape, valueRange, parameters = {}, draws = [] } = expected;
        const what = `${className} ${JSON.stringify(options)}`;
        const { graph, y } = traceCase(expected);
        assert.deepEqual(y.shape, [batchAxis, ...expected.outputShape], what);
        const numbers: [string, Float32Array][] = Object.entries(parameters).map(([key, { values }]) => [
          key,
          Float32Array.from(values),
        ]);
        const x = pictures(inputShape, valueRange);
        numbers.push(['draws', Float32Array.from(draws.flat())]);
        const result = await graphRunner(graph, backend, batch).run({
          x,
          batchSize: batch,
          ...Object.fromEntries(numbers),
        });
        const tolerance = { against: 'largest', error: 2e-5, floor: 0.05 } as const;
        const problem = describeDifference(result['y']!, expected.output, tolerance);
        assert.equal(problem, undefined, `${what}: ${problem}`);
      }
      await backend.close();
    });
  });
}
