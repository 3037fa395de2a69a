// Protects the formulas of MixUp and CutMix: given who is mixed with whom, and by how much or where, pictures and targets are
// those of Keras's layers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mixedPictures, mixedTargets } from '../../src/augmentation/batch-mixer.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { uniform } from '../support/formula.ts';
import { graphRunner } from '../support/run-graph.ts';

interface Case {
  readonly keras: string;
  /** Of MixUp: how much of each picture stays. */
  readonly weights?: readonly number[];
  /** Of CutMix: left, right, top, bottom. */
  readonly boxes?: readonly (readonly [left: number, right: number, top: number, bottom: number])[];
  readonly pictures: readonly number[];
  readonly labels: readonly number[];
}

const golden: {
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  readonly partners: readonly number[];
  readonly targets: readonly number[];
  readonly cases: readonly Case[];
  readonly fractions: Case;
} = JSON.parse(readFileSync(new URL('../golden/mixing.json', import.meta.url), 'utf8'));

const [count, height, width] = golden.shape;

/** 1 for the pixels whose places lie from one end to before the other. */
const within = (size: number, from: number, to: number): number[] =>
  Array.from({ length: size }, (_, place) => Number(place >= from && place < to));

async function mix({ weights, boxes }: Case): Promise<{ pictures: Float64Array; targets: Float32Array }> {
  const rows = weights
    ? weights.flatMap((weight) => Array<number>(height).fill(1 - weight))
    : boxes!.flatMap(([, , top, bottom]) => within(height, top, bottom));
  const columns = weights
    ? Array<number>(count * width).fill(1)
    : boxes!.flatMap(([left, right]) => within(width, left, right));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const shares = Float32Array.from(golden.partners, (_, picture) =>
    weights
      ? 1 - weights[picture]!
      : (sum(rows.slice(picture * height, (picture + 1) * height)) *
          sum(columns.slice(picture * width, (picture + 1) * width))) /
        (height * width),
  );
  const graph = new Graph();
  const pictures = graph.input('pictures', [batchAxis, ...golden.shape.slice(1)]);
  graph.output('mixed', mixedPictures(graph, pictures));
  const { mixed } = await graphRunner(graph, openReferenceBackend(), count).run({
    pictures: Float64Array.from(uniform(golden.shape, 40), (value) => (value + 1) * 127.5),
    partners: Int32Array.from(golden.partners),
    rows: Float64Array.from(rows),
    columns: Float64Array.from(columns),
  });
  const partners = Int32Array.from(golden.partners);
  const classes = golden.targets.length / count;
  return {
    pictures: Float64Array.from(mixed!),
    targets: mixedTargets(Float32Array.from(golden.targets), classes, partners, shares),
  };
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    assert.ok(difference <= tolerance, `${what}, value ${index}: ${actual[index]} instead of ${expected[index]}`);
  }
}

test('pictures and targets are mixed as by Keras', async () => {
  for (const one of golden.cases) {
    const { pictures, targets } = await mix(one);
    assertClose(pictures, one.pictures, 1e-3, one.keras);
    assertClose(targets, one.labels, 1e-5, `targets of ${one.keras}`);
  }
  assert.equal(golden.cases.length, 3);
});

test('a rectangle that ends between pixels takes the same pixels as in Keras, and targets go by what it took', async () => {
  const { pictures, targets } = await mix(golden.fractions);
  assertClose(pictures, golden.fractions.pictures, 1e-3, 'CutMix');
  // Keras counts an area of 2.8 × 2.6, which are pixels 1 to 3 across and 2 to 4 down.
  assert.ok(Math.abs(golden.fractions.labels[0]! - (1 - (2.8 * 2.6) / 30)) < 1e-5);
  assert.ok(Math.abs(targets[0]! - (1 - (3 * 3) / 30)) < 1e-6);
});
