// Protects: gradients follow every path from a loss to a value, are summed over what was broadcast, are absent where nothing
// depends on a value, and say so where an op has none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { batchAxis } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, broadcastTo, divide, exp, multiply, square, subtract } from '../../src/ops/elementwise.ts';
import { matrixProduct } from '../../src/ops/mat-mul.ts';
import { maxPool } from '../../src/ops/max-pool2d.ts';
import { mean } from '../../src/ops/mean.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { reshapeTo } from '../../src/ops/reshape.ts';
import { withoutGradient } from '../../src/ops/stop-gradient.ts';
import { windowFor } from '../../src/ops/window.ts';
import { graphRunner } from '../support/run-graph.ts';

/** The gradients as numbers, for variables of the given content. */
async function gradientsOf(
  build: (graph: Graph, values: Value[]) => Value,
  ...contents: readonly { shape: readonly number[]; data: readonly number[] }[]
): Promise<(number[] | undefined)[]> {
  const graph = new Graph();
  const values = contents.map(({ shape }, index) => graph.variable(`v${index}`, shape));
  const found = gradient(graph, build(graph, values), values);
  for (const [index, value] of found.entries()) if (value) graph.output(`d${index}`, value);
  const numbers = Object.fromEntries(contents.map(({ data }, index) => [`v${index}`, Float64Array.from(data)]));
  const results = await graphRunner(graph, openReferenceBackend()).run(numbers);
  for (const [index, value] of found.entries()) if (value) assert.deepEqual(value.shape, contents[index]!.shape);
  return contents.map((_, index) => (results[`d${index}`] ? [...results[`d${index}`]!] : undefined));
}

const of = (shape: readonly number[], ...data: readonly number[]) => ({ shape, data });

describe('gradient', () => {
  it('adds up the paths of a value that is used several times', async () => {
    assert.deepEqual(await gradientsOf((_, [x]) => add(multiply(x!, x!), multiply(x!, 3)), of([], 5)), [[13]]);
    assert.deepEqual(await gradientsOf((_, [x]) => sum(multiply(square(x!), x!)), of([2], 2, 3)), [[12, 27]]);
  });

  it('sums over axes that were broadcast, at the front and inside', async () => {
    const [dx, dy, dz] = await gradientsOf(
      (_, [x, y, z]) => sum(multiply(multiply(x!, y!), z!)),
      of([2, 3], 1, 2, 3, 4, 5, 6),
      of([3], 1, 10, 100),
      of([2, 1], 2, 3),
    );
    assert.deepEqual(dx, [2, 20, 200, 3, 30, 300]);
    assert.deepEqual(dy, [1 * 2 + 4 * 3, 2 * 2 + 5 * 3, 3 * 2 + 6 * 3]);
    assert.deepEqual(dz, [1 + 20 + 300, 4 + 50 + 600]);
    assert.deepEqual(await gradientsOf((_, [x]) => sum(broadcastTo(x!, [4, 2])), of([1, 2], 1, 1)), [[4, 4]]);
  });

  it('shares a mean among what it was taken of; negative axes count from the end', async () => {
    const x = of([2, 4], 1, 2, 3, 4, 5, 6, 7, 8);
    const fourths = [1, 2, 3, 4, 5, 6, 7, 8].map((value) => value / 4);
    assert.deepEqual(await gradientsOf((_, [x]) => mean(square(x!)), x), [fourths]);
    const byRow = [
      [2, 2, 2, 2, 4, 4, 4, 4],
      [2.5, 6.5],
    ];
    assert.deepEqual(await gradientsOf((_, [x, w]) => sum(multiply(mean(x!, -1), w!)), x, of([2], 8, 16)), byRow);
    const byColumn = (_: Graph, [x]: Value[]) => multiply(mean(mean(x!, -2, -2, 'yes')), 8);
    assert.deepEqual(await gradientsOf(byColumn, x), [[1, 1, 1, 1, 1, 1, 1, 1]]);
    const graph = new Graph();
    assert.deepEqual(sum(graph.input('x', [batchAxis, 4, 5], 'float32'), -2, -2).shape, [batchAxis, 5]);
    assert.throws(
      () => sum(graph.input('y', [batchAxis, 4], 'float32'), -3),
      /^OptionError: reduceSum.*: expected axes from 0 to 1 in order, received -3 to 1\.$/,
    );
  });

  it('goes through reshapes, divisions and differences', async () => {
    const build = (_: Graph, [x, y]: Value[]) => sum(divide(subtract(reshapeTo(x!, [2, 2]), 1), reshapeTo(y!, [2, 2])));
    const [dx, dy] = await gradientsOf(build, of([4], 1, 2, 3, 4), of([4], 1, 2, 4, 8));
    assert.deepEqual(dx, [1, 0.5, 0.25, 0.125]);
    assert.deepEqual(dy, [-0, -1 / 4, -2 / 16, -3 / 64]);
  });

  it('is absent where the loss does not depend on a value, and 1 for the loss itself', async () => {
    const found = await gradientsOf((_, [x]) => square(x!), of([], 3), of([], 4));
    assert.deepEqual(found, [[6], undefined]);
    const graph = new Graph();
    const loss = exp(graph.variable('x', []));
    const [ofItself] = gradient(graph, loss, [loss]);
    assert.equal((ofItself!.node.attributes as { value: number }).value, 1);
  });

  it('stops at a value in the middle and ignores what comes after the loss', () => {
    const graph = new Graph();
    const x = graph.variable('x', [3]);
    const middle = square(x);
    const loss = sum(multiply(middle, 2));
    const later = exp(loss);
    const before = graph.nodes.length;
    const [d] = gradient(graph, loss, [middle]);
    assert.deepEqual(d!.shape, [3]);
    const added = graph.nodes.slice(before);
    assert.ok(added.every(({ inputs }) => !inputs.includes(x) && !inputs.includes(later)));
  });

  it('can be differentiated again', async () => {
    const graph = new Graph();
    const x = graph.variable('x', []);
    const [first] = gradient(graph, multiply(square(x), x), [x]);
    const [second] = gradient(graph, first!, [x]);
    graph.output('second', second!);
    const { second: value } = await graphRunner(graph, openReferenceBackend()).run({ x: Float64Array.of(2) });
    assert.deepEqual([...value!], [12]);
  });

  it('do not pass where they are stopped', async () => {
    const x = { shape: [2], data: [3, -5] };
    const found = await gradientsOf((_, [a]) => sum(multiply(a!, withoutGradient(a!))), x);
    assert.deepEqual(found, [[3, -5]]);
    const [none] = await gradientsOf((_, [a]) => sum(square(withoutGradient(a!))), x);
    assert.equal(none, undefined);
  });

  it('gives nodes the scope of the layer whose gradient they are', () => {
    const graph = new Graph();
    const w = graph.variable('w', [2, 2]);
    const y = graph.scope('dense', () => matrixProduct(graph.input('x', [batchAxis, 2]), w));
    const [d] = gradient(graph, sum(y), [w]);
    assert.equal(d!.node.scope, 'dense/gradient');
  });

  it('refuses a loss of many numbers, and ops without a gradient', () => {
    const graph = new Graph();
    const x = graph.variable('x', [3]);
    assert.throws(() => gradient(graph, graph.input('y', [batchAxis, 3]), [x]), {
      name: 'OptionError',
      message: 'gradient: expected a loss that is one number, received shape [batch, 3].',
    });
    const pictures = graph.variable('pictures', [1, 4, 4, 1]);
    const window = windowFor(pictures.shape, [2, 2], [2, 2], 'valid');
    const pooled = maxPool(pictures, { ...window, poolHeight: 2, poolWidth: 2 });
    const [back] = graph.scope('top', () => gradient(graph, sum(pooled), [pictures]));
    assert.throws(() => gradient(graph, sum(square(back!)), [pictures]), {
      name: 'OptionError',
      message: 'gradient: maxPool2dGradient has no gradient, and the loss depends on it (in top/gradient).',
    });
    const largest = graph.apply('reduceMax', [x], { firstAxis: 0, lastAxis: 0, keepAxes: 'no' })[0]!;
    const [ofLargest] = gradient(graph, multiply(largest, 2), [largest]);
    assert.deepEqual(ofLargest!.shape, []);
    const elsewhere = gradient(graph, multiply(largest, sum(x)), [graph.variable('other', [])]);
    assert.deepEqual(elsewhere, [undefined]);
  });
});
