/** Simplifies graphs for tests of its rules, and checks that numbers stay what they were. */
import assert from 'node:assert/strict';
import { Random } from '../../src/core/random.ts';
import { elementCount } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lower } from '../../src/graph/lower.ts';
import { simplify } from '../../src/graph/simplify.ts';
import { runProgram } from './run-program.ts';

const leaves = ['input', 'variable', 'scalar', 'constant'];

/** Simplifies the graph that `build` makes, checks that its numbers stay the same, and returns its ops. */
export async function simplified(build: (graph: Graph) => void, tolerance = 0): Promise<string[]> {
  const graph = new Graph();
  build(graph);
  const after = simplify(graph);
  const numbers: Record<string, Float64Array> = {};
  const random = new Random(5);
  for (const [name, { shape }] of [...graph.inputs, ...graph.variables]) {
    numbers[name] = Float64Array.from({ length: elementCount(shape, 3) }, () => random.uniform(-1, 1));
  }
  const expected = await runProgram(lower(graph), numbers, 3);
  const actual = await runProgram(lower(after), numbers, 3);
  for (const name of [...graph.outputs.keys(), ...after.variables.keys()]) {
    expected[name]!.forEach((value, place) => {
      assert.ok(Math.abs(actual[name]![place]! - value) <= tolerance * Math.abs(value), `${name} at ${place}`);
    });
  }
  return after.nodes.map(({ op }) => op).filter((op) => !leaves.includes(op));
}

/** A window of stride 1 without padding. */
export const window = {
  strideHeight: 1,
  strideWidth: 1,
  paddingTop: 0,
  paddingBottom: 0,
  paddingLeft: 0,
  paddingRight: 0,
};
/** A convolution with it. */
export const convolution = { ...window, dilationHeight: 1, dilationWidth: 1, activation: 'linear' as const, groups: 1 };
/** Poolings of 2×2 places, side by side and overlapping. */
export const pool2 = { ...window, strideHeight: 2, strideWidth: 2, poolHeight: 2, poolWidth: 2 };
export const overlapping = { ...pool2, strideHeight: 1, strideWidth: 1 };
