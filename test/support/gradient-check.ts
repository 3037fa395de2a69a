/** Compares gradients with central differences, both in float64: of each element for small inputs, along a random
 * direction for large ones. */
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { Random } from '../../src/core/random.ts';
import { withBatch } from '../../src/core/shape.ts';
import { gradient } from '../../src/graph/gradient.ts';
import { Graph } from '../../src/graph/graph.ts';
import { multiply } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { numbersOf, type OpCase } from '../cases/case.ts';
import { type GraphRunner, graphRunner } from './run-graph.ts';

/** In float64 the error of a central difference is about step² + 1e-16 / step. */
const step = 1e-5;
const tolerance = 1e-6;

/** Inputs with more elements are checked along directions. */
const mostElements = 48;

/** What was compared: one line per difference that is too large. */
export interface GradientReport {
  readonly problems: readonly string[];
  readonly compared: number;
}

/** Checks d Σ(y · r) / d input for every float32 input of a case, where r are random numbers; with order 2, does so for
 * the sum of those gradients, themselves weighted with random numbers. */
export async function checkGradient(testCase: OpCase, order: 1 | 2 = 1): Promise<GradientReport> {
  const graph = new Graph();
  const batch = testCase.batch ?? 1;
  const values = testCase.inputs.map(({ shape, dtype, region }, index) =>
    region === 'scalars'
      ? graph.scalar(`input${index}`, dtype)
      : graph.variable(`input${index}`, withBatch(shape, batch), dtype),
  );
  const numbers: Record<string, Float64Array> = {};
  testCase.inputs.forEach((_, index) => {
    numbers[`input${index}`] = awayFromKinks(Float64Array.from(numbersOf(testCase, index)), testCase.kinks ?? []);
  });
  const outputs = graph.apply(testCase.op, values, withBatchAttributes(testCase, batch));
  let loss = weighted(graph, outputs[0]!, 'r', numbers, testCase.name);
  const wrt = values.filter(({ dtype, shape }) => dtype === 'float32' && shape !== undefined);
  if (order === 2) {
    const first = gradient(graph, loss, wrt).filter((value) => value !== undefined);
    loss = first
      .map((value, index) => weighted(graph, value, `s${index}`, numbers, testCase.name))
      .reduce((total, value) => graph.apply('add', [total, value], {})[0]!);
  }
  graph.output('loss', loss);
  gradient(graph, loss, wrt).forEach((value, index) => {
    // An absent gradient says that nothing depends on the input; the differences must then be 0.
    if (value) graph.output(nameOf(wrt[index]!), multiply(value, 1));
  });
  const runner = graphRunner(graph, openReferenceBackend());
  const at = await runner.run(numbers);
  const problems: string[] = [];
  let compared = 0;
  for (const value of wrt) {
    const name = nameOf(value).slice(1);
    const analytic = (at[`d${name}`] as Float64Array | undefined) ?? new Float64Array(numbers[name]!.length);
    const scale = Math.max(...analytic.map(Math.abs), 1e-3);
    for (const direction of directionsOf(analytic.length, testCase.name)) {
      const expected = await difference(runner, numbers, name, direction);
      const actual = direction.reduce((total, along, place) => total + along * analytic[place]!, 0);
      compared++;
      if (Math.abs(actual - expected) <= tolerance * scale) continue;
      problems.push(`${testCase.name}: d/d${name} is ${actual} where differences give ${expected}`);
    }
  }
  return { problems, compared };
}

function nameOf(value: Value): string {
  return `d${(value.node.attributes as { name: string }).name}`;
}

/** Attributes may hold a shape, whose batch is a number here. */
function withBatchAttributes(testCase: OpCase, batch: number): never {
  const { shape } = testCase.attributes as { shape?: readonly number[] };
  return (shape ? { ...testCase.attributes, shape: withBatch(shape, batch) } : testCase.attributes) as never;
}

function weighted(graph: Graph, y: Value, name: string, numbers: Record<string, Float64Array>, seed: string): Value {
  const random = new Random(17, `${seed} ${name}`);
  const count = y.shape.reduce((product, size) => product * size, 1);
  numbers[name] = Float64Array.from({ length: count }, () => random.uniform(-1, 1));
  return sum(multiply(y, graph.variable(name, y.shape)));
}

/** Moves numbers that lie near a kink by a little more than the differences do. */
function awayFromKinks(numbers: Float64Array, kinks: readonly number[]): Float64Array {
  return numbers.map((number) => {
    const near = kinks.find((kink) => Math.abs(number - kink) < 100 * step);
    return near === undefined ? number : near + 200 * step;
  });
}

/** Directions of length 1: longer ones would carry some of many numbers across a kink. */
function directionsOf(length: number, seed: string): Float64Array[] {
  if (length <= mostElements) {
    return Array.from({ length }, (_, place) =>
      Float64Array.from({ length }, (__, other) => (other === place ? 1 : 0)),
    );
  }
  return [1, 2].map((number) => {
    const random = new Random(number, `${seed} direction`);
    const along = Float64Array.from({ length }, () => random.uniform(-1, 1));
    const norm = Math.sqrt(along.reduce((total, part) => total + part * part, 0));
    return along.map((part) => part / norm);
  });
}

async function difference(
  runner: GraphRunner,
  numbers: Readonly<Record<string, Float64Array>>,
  name: string,
  direction: Float64Array,
): Promise<number> {
  const lossAt = async (distance: number): Promise<number> => {
    const moved = numbers[name]!.map((number, place) => number + distance * direction[place]!);
    return (await runner.run({ ...numbers, [name]: moved })).loss![0]!;
  };
  return ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
}
