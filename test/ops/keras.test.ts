/** Protects resizing, average pooling and the gradient of largest values: they are what Keras computes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { elementCount } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { averagePool } from '../../src/ops/average-pool2d.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import { applyOne, type Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { type Interpolation, resize } from '../../src/ops/resize2d.ts';
import { type Padding, windowFor } from '../../src/ops/window.ts';
import { graphRunner } from '../support/run-graph.ts';

type Pair = [number, number];

/** What scripts/make-op-golden.py wrote: an op's options, its result, and the gradient of Σ y · ramp. */
interface OpGolden {
  readonly keras: string;
  readonly shape: readonly number[];
  readonly y: readonly number[];
  readonly dx: readonly number[];
  readonly size: Pair;
  readonly interpolation: Interpolation;
  readonly antialias: boolean;
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly axis: number;
  readonly x?: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL('../golden/ops.json', import.meta.url), 'utf8')) as {
  cases: readonly OpGolden[];
};

const builders: Readonly<Record<string, (x: Value, golden: OpGolden) => Value>> = {
  'keras.ops.image.resize': (x, { size, interpolation, antialias }) => resize(x, size, interpolation, antialias),
  'keras.layers.AveragePooling2D': (x, { poolSize, strides, padding }) => {
    const [poolHeight, poolWidth] = poolSize;
    return averagePool(x, { ...windowFor(x.shape, poolSize, strides, padding), poolHeight, poolWidth });
  },
  'keras.ops.max': (x, { axis }) => applyOne('reduceMax', [x], { firstAxis: axis, lastAxis: axis, keepAxes: 'no' }),
};

const ramp = (count: number) => Float64Array.from({ length: count }, (_, index) => ((index * 37) % 101) / 50 - 1);

function assertNear(actual: ArrayLike<number>, expected: readonly number[], error: number, name: string): void {
  assert.equal(actual.length, expected.length, name);
  for (const [index, value] of expected.entries()) {
    const isNear = Math.abs(actual[index]! - value) <= error * Math.max(1, Math.abs(value));
    assert.ok(isNear, `${name} at ${index}: ${actual[index]}, Keras ${value}`);
  }
}

describe('ops that Keras has too', () => {
  for (const golden of cases) {
    const { keras, shape, y: expected, dx, x: given, ...options } = golden;
    it(`${keras} ${shape.join('×')} ${JSON.stringify(options)}`, async () => {
      const graph = new Graph();
      const x = graph.variable('x', shape);
      const y = builders[keras]!(x, golden);
      const weights = graph.variable('weights', y.shape);
      graph.output('y', y);
      graph.output('dx', gradient(graph, sum(multiply(y, weights)), [x])[0]!);
      const results = await graphRunner(graph, openReferenceBackend()).run({
        x: given ? Float64Array.from(given) : ramp(elementCount(shape)),
        weights: ramp(elementCount(y.shape)),
      });
      // Without antialias TensorFlow looks the cubic up in a table of 1024 places.
      const error = golden.interpolation === 'bicubic' && !golden.antialias ? 2e-3 : 2e-6;
      assertNear(results.y!, expected, error, 'y');
      assertNear(results.dx!, dx, error, 'dx');
    });
  }
});
