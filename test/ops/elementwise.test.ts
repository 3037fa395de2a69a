/** Protects the functions that are made of several elementwise ops: choices that keep NaN out, powers by cheaper ops, and the
 * distribution of random numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { drawRandom, log, powerOf, where } from '../../src/ops/elementwise.ts';
import { sum } from '../../src/ops/reduce.ts';
import { graphRunner } from '../support/run-graph.ts';

async function run(graph: Graph, numbers: Record<string, number[]>): Promise<Record<string, number[]>> {
  const given = Object.fromEntries(Object.entries(numbers).map(([name, list]) => [name, Float64Array.from(list)]));
  const results = await graphRunner(graph, openReferenceBackend()).run(given);
  return Object.fromEntries(Object.entries(results).map(([name, list]) => [name, [...list]]));
}

describe('where', () => {
  it('chooses, and lets no NaN pass of what is not chosen', async () => {
    const graph = new Graph();
    const x = graph.variable('x', [3]);
    const condition = graph.variable('condition', [3]);
    const y = where(condition, log(x), 7);
    graph.output('y', y);
    graph.output('dx', gradient(graph, sum(y), [x])[0]!);
    const { y: chosen, dx } = await run(graph, { x: [1, -1, 2], condition: [1, 0, -3] });
    assert.deepEqual(chosen, [0, 7, Math.log(2)]);
    assert.deepEqual(
      dx!.map((value) => value + 0),
      [1, 0, 0.5],
    );
  });

  it('takes numbers on either side, and needs one step where one of them is 0', () => {
    const graph = new Graph();
    const condition = graph.variable('condition', [3]);
    assert.equal(where(condition, 5, 0).node.op, 'keepWhere');
    assert.equal(where(condition, 0, 5).node.op, 'dropWhere');
    assert.deepEqual(where(condition, 1, 5).shape, [3]);
  });
});

describe('powerOf', () => {
  it('uses cheaper ops where there are any', () => {
    const graph = new Graph();
    const x = graph.variable('x', [3]);
    assert.equal(powerOf(x, 1), x);
    const ops = [2, 0.5, 3].map((exponent) => powerOf(x, exponent).node.op);
    assert.deepEqual(ops, ['square', 'sqrt', 'power']);
  });

  it('has a finite gradient at 0 for exponents from 1 on', async () => {
    for (const [exponent, slope] of [
      [1.5, 0],
      [3, 0],
    ] as const) {
      const graph = new Graph();
      const x = graph.variable('x', [1]);
      graph.output('dx', gradient(graph, sum(powerOf(x, exponent)), [x])[0]!);
      assert.deepEqual((await run(graph, { x: [0] })).dx, [slope]);
    }
  });
});

describe('drawRandom', () => {
  it('draws normal numbers with mean 0, deviation 1, and no memory of each other', async () => {
    const graph = new Graph();
    graph.output('z', drawRandom(graph, 'randomNormal', [100_000], 5));
    const { z } = await run(graph, { seed: [7], step: [3] });
    const mean = (list: readonly number[]) => list.reduce((total, value) => total + value, 0) / list.length;
    const moment = (power: number) => mean(z!.map((value) => value ** power));
    assert.ok(Math.abs(moment(1)) < 0.01, `mean ${moment(1)}`);
    assert.ok(Math.abs(moment(2) - 1) < 0.02, `variance ${moment(2)}`);
    assert.ok(Math.abs(moment(3)) < 0.05, `third moment ${moment(3)}`);
    assert.ok(Math.abs(moment(4) - 3) < 0.1, `fourth moment ${moment(4)}`);
    for (const distance of [1, 2, 4]) {
      const together = mean(z!.slice(distance).map((value, index) => value * z![index]!));
      assert.ok(Math.abs(together) < 0.02, `neighbours at distance ${distance}: ${together}`);
    }
  });
});
