/** Random graphs for tests of the compiler: elementwise ops, reductions, products, reshapes, random masks, values that are
 * asked for and variables that take each other's values. The same seed gives the same graph. */
import { Random } from '../../src/core/random.ts';
import { batchAxis, elementCount, type Shape } from '../../src/core/shape.ts';
import { Graph } from '../../src/graph/graph.ts';
import { broadcastTo } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import type { OpName } from '../../src/ops/table.ts';

const unary: readonly OpName[] = [
  'identity',
  'negate',
  'abs',
  'sign',
  'square',
  'relu',
  'sigmoid',
  'tanh',
  'sigmoid',
  'tanh',
  'cos',
];
const binary: readonly OpName[] = [
  'add',
  'subtract',
  'multiply',
  'maximum',
  'minimum',
  'greater',
  'greaterEqual',
  'equal',
  'reluGradient',
  'keepWhere',
  'dropWhere',
];

const reductions = ['reduceSum', 'reduceMax'] as const;
const noYes = ['no', 'yes'] as const;

const inputShapes: readonly Shape[] = [
  [batchAxis, 4],
  [batchAxis, 3, 4],
  [batchAxis, 1],
];
const variableShapes: readonly Shape[] = [[4], [3, 4], [], [4], [3, 4], [2, 6], [4, 4]];

/** A graph with numbers for its inputs, variables and scalars. */
export interface RandomGraph {
  readonly graph: Graph;
  readonly numbers: Readonly<Record<string, Float64Array>>;
  readonly batch: number;
}

/** Makes a graph of about `size` ops. */
export function randomGraph(seed: number, size: number): RandomGraph {
  const random = new Random(seed, 'graph');
  const graph = new Graph();
  const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
  const variables = variableShapes.map((shape, index) => graph.variable(`v${index}`, shape));
  const values = [...inputShapes.map((shape, index) => graph.input(`x${index}`, shape)), ...variables];
  values.push(graph.scalar('rate'), graph.constant(0), graph.constant(1), graph.constant(0.5));
  // Recent values are taken more often, so that chains become long.
  const take = (): Value =>
    random.next() < 0.6 ? values[Math.max(0, values.length - 1 - random.integer(4))]! : pick(values);
  for (let step = 0; step < size; step++) {
    const made = addOp(graph, random, pick, take);
    if (made && made.shape.lastIndexOf(batchAxis) <= 0 && elementCount(made.shape, 5) <= 400) values.push(made);
  }
  for (let index = 0; index <= random.integer(4); index++) graph.output(`y${index}`, take());
  for (const variable of variables) {
    const candidates = values.filter(({ shape }) => shape.join() === variable.shape.join());
    if (random.next() < 0.6) graph.assign(variable, pick(candidates));
  }
  const batch = 1 + random.integer(5);
  const numbers: Record<string, Float64Array> = {
    rate: Float64Array.of(0.375),
    seed: Float64Array.of(7),
    step: Float64Array.of(3),
  };
  for (const [name, { shape }] of [...graph.inputs, ...graph.variables]) {
    numbers[name] = Float64Array.from({ length: elementCount(shape, batch) }, () => random.uniform(-2, 2));
  }
  return { graph, numbers, batch };
}

type Pick = <Item>(items: readonly Item[]) => Item;

function addOp(graph: Graph, random: Random, pick: Pick, take: () => Value): Value | undefined {
  const kind = random.next();
  const x = take();
  try {
    if (kind < 0.3) return graph.apply(pick(unary), [x], {} as never)[0];
    if (kind < 0.65) return graph.apply(pick(binary), [x, take()], {} as never)[0];
    if (kind < 0.7) return graph.apply('clip', [x], { low: -0.5, high: 0.75 })[0];
    if (kind < 0.75)
      return graph.apply(
        'rescale',
        [x],
        pick([
          { scale: 0.5, offset: 0.25 },
          { scale: 1, offset: 0 },
        ]),
      )[0];
    if (kind < 0.82) return reshaped(graph, x, pick);
    if (kind < 0.87) return broadcastTo(x, [...pick(inputShapes)]);
    if (kind < 0.9) {
      const attributes = { shape: x.shape, stream: random.integer(3) };
      return graph.apply(
        'randomUniform',
        [graph.scalar('seed', 'int32'), graph.scalar('step', 'int32')],
        attributes,
      )[0];
    }
    if (kind < 0.96 && x.shape.length > 0) {
      const firstAxis = random.integer(x.shape.length);
      const lastAxis = firstAxis + random.integer(x.shape.length - firstAxis);
      return graph.apply(pick(reductions), [x], {
        firstAxis,
        lastAxis,
        keepAxes: pick(noYes),
      })[0];
    }
    const attributes = {
      transposeA: pick(noYes),
      transposeB: pick(noYes),
      activation: 'linear',
    } as const;
    const product = graph.apply('matMul', [x, take()], attributes)[0]!;
    return graph.apply('tanh', [product], {})[0];
  } catch (error) {
    // Shapes that do not fit: this step adds nothing.
    if ((error as { code?: string }).code === 'shape') return undefined;
    throw error;
  }
}

function reshaped(graph: Graph, x: Value, pick: Pick): Value {
  const isBatched = x.shape[0] === batchAxis;
  const rest = elementCount(isBatched ? x.shape.slice(1) : x.shape);
  const shapes = [[rest], [1, rest], ...(rest % 2 === 0 ? [[2, rest / 2]] : []), ...(rest === 12 ? [[3, 4]] : [])];
  const shape = isBatched ? [batchAxis, ...pick(shapes)] : pick(shapes);
  return graph.apply('reshape', [x], { shape })[0]!;
}
