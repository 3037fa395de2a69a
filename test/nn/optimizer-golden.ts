/** What Keras computed (scripts/make-optimizer-golden.py), and the path that a step graph of cajal takes for it. */
import { readFileSync } from 'node:fs';
import type { Backend } from '../../src/backends/backend.ts';
import { Graph } from '../../src/graph/graph.ts';
import { constraints } from '../../src/nn/constraints/table.ts';
import type { Optimizer } from '../../src/nn/optimizers/optimizer.ts';
import { add, multiply } from '../../src/ops/elementwise.ts';
import { sum } from '../../src/ops/reduce.ts';
import { addUpdates, averagesOf, slotsOf, type UpdatedWeight } from '../../src/training/update-graph.ts';
import { graphRunner } from '../support/run-graph.ts';

/** Ten steps of an optimizer: a kernel of shape [3, 2] and a bias of 2, one after another. */
export interface OptimizerGolden {
  /** The class in Keras. */
  readonly keras: string;
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The bound of the kernel's constraint, where it has one. */
  readonly maxNorm?: number;
  /** The weights after each step. */
  readonly path: readonly (readonly number[])[];
  /** The averages at the end, where they are kept. */
  readonly final?: readonly number[];
}

interface Golden {
  readonly keras: string;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly cases: readonly OptimizerGolden[];
}

/** The golden numbers. */
export const golden: Golden = JSON.parse(readFileSync(new URL('../golden/optimizers.json', import.meta.url), 'utf8'));

/** A kernel and a bias, as a dense layer has them. */
export function kernelAndBias(maxNorm?: number): UpdatedWeight[] {
  const constraint = maxNorm === undefined ? undefined : constraints.maxNorm({ maxValue: maxNorm });
  return [
    { name: 'dense/kernel', shape: [3, 2], constraint },
    { name: 'dense/bias', shape: [2] },
  ];
}

/** Runs steps of an optimizer whose gradients are given: the loss is Σ w · g, so that its gradient is g. */
export async function runSteps(
  optimizer: Optimizer,
  weights: readonly UpdatedWeight[],
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  backend: Backend,
): Promise<{ path: number[][]; averages: number[] }> {
  const graph = new Graph();
  const parts = weights.map(({ name, shape }) =>
    sum(multiply(graph.variable(name, shape), graph.input(`gradient ${name}`, shape))),
  );
  addUpdates(graph, parts.reduce(add), weights, optimizer);
  const runner = graphRunner(graph, backend);
  const fills = slotsOf(optimizer, weights).map(({ name, shape, fill }) => [
    name,
    new Float32Array(count(shape)).fill(fill),
  ]);
  let state: Record<string, Float32Array> = { ...cut(weights, '', start), ...Object.fromEntries(fills) };
  const path: number[][] = [];
  let averages: number[] = [];
  for (const [step, numbers] of gradients.entries()) {
    const results = await runner.run({ ...state, ...optimizer.scalars(step), ...cut(weights, 'gradient ', numbers) });
    path.push(weights.flatMap(({ name }) => [...results[name]!]));
    averages = [...averagesOf(optimizer, weights).values()].flatMap((name) => [...results[name]!]);
    state = {};
  }
  return { path, averages };
}

function cut(weights: readonly UpdatedWeight[], prefix: string, numbers: readonly number[]) {
  let first = 0;
  return Object.fromEntries(
    weights.map(({ name, shape }) => {
      const next = first + count(shape);
      const part = Float32Array.from(numbers.slice(first, next));
      first = next;
      return [`${prefix}${name}`, part];
    }),
  );
}

function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
