/** Evaluates a graph node by node in float64, each value in an array of its own: no rules, no fusion, no shared memory.
 * Slow and plain, so that what the compiler makes of a graph can be compared with it. */
import { philox } from '../../src/core/random.ts';
import { withBatch } from '../../src/core/shape.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Node, Value } from '../../src/ops/op.ts';

/** Numbers in row-major order with a shape in which the batch is a number. */
interface Evaluated {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** An op's attributes with their types forgotten: numbers where a number is read. */
type Attributes = Readonly<Record<'name' | 'transposeA' | 'transposeB' | 'activation', string>> &
  Readonly<Record<'value' | 'stream' | 'low' | 'high' | 'scale' | 'offset' | 'firstAxis' | 'lastAxis', number>>;

type Numbers = Readonly<Record<string, ArrayLike<number>>>;

const functions: Readonly<Record<string, (a: number, b: number) => number>> = {
  identity: (a) => a,
  broadcast: (a) => a,
  negate: (a) => -a,
  abs: (a) => Math.abs(a),
  sign: (a) => Math.sign(a),
  exp: (a) => Math.exp(a),
  log: (a) => Math.log(a),
  sqrt: (a) => Math.sqrt(a),
  square: (a) => a * a,
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  tanh: (a) => Math.tanh(a),
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  greater: (a, b) => Number(a > b),
  greaterEqual: (a, b) => Number(a >= b),
  equal: (a, b) => Number(a === b),
  reluGradient: (dy, y) => (y > 0 ? dy : 0),
  cos: (a) => Math.cos(a),
  keepWhere: (a, condition) => (condition === 0 ? 0 : a),
  dropWhere: (a, condition) => (condition === 0 ? a : 0),
};

/** Outputs, and variables after their assignments, by name. `numbers` holds inputs, variables and scalars by name. */
export function evaluateNaively(graph: Graph, numbers: Numbers, batch: number): Record<string, Float64Array> {
  const values = new Map<Value, Evaluated>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((value) => values.get(value)!);
    const shape = withBatch(node.outputs[0]!.shape, batch);
    values.set(node.outputs[0]!, { shape, data: compute(node, inputs, shape, numbers) });
  }
  const results: Record<string, Float64Array> = {};
  for (const name of graph.variables.keys()) results[name] = Float64Array.from(numbers[name]!);
  for (const [name, value] of graph.outputs) results[name] = values.get(value)!.data;
  for (const { variable, value } of graph.assignments) {
    results[(variable.node as Node<'variable'>).attributes.name] = values.get(value)!.data;
  }
  return results;
}

function compute(node: Node, inputs: readonly Evaluated[], shape: readonly number[], numbers: Numbers): Float64Array {
  const attributes = node.attributes as unknown as Attributes;
  const count = shape.reduce((product, size) => product * size, 1);
  const fill = (at: (place: number) => number) => Float64Array.from({ length: count }, (_, place) => at(place));
  switch (node.op) {
    case 'input':
    case 'variable':
    case 'scalar':
      return Float64Array.from(numbers[attributes.name]!);
    case 'constant':
      return Float64Array.of(attributes.value);
    case 'reshape':
      return inputs[0]!.data;
    case 'randomUniform':
      return fill(uniform(inputs[0]!.data[0]!, inputs[1]!.data[0]!, attributes.stream));
    case 'clip':
      return fill((place) => Math.min(Math.max(inputs[0]!.data[place]!, attributes.low), attributes.high));
    case 'rescale':
      return fill((place) => inputs[0]!.data[place]! * attributes.scale + attributes.offset);
    case 'reduceSum':
      return reduce(inputs[0]!, count, attributes, (a, b) => a + b, 0);
    case 'reduceMax':
      return reduce(inputs[0]!, count, attributes, Math.max, -Infinity);
    case 'matMul':
      return product(inputs, shape, attributes);
    default: {
      const apply = functions[node.op];
      if (!apply) throw new Error(`no naive form of ${node.op}`);
      const [a, b] = inputs.map((input) => broadcasting(input, shape));
      return fill((place) => apply(a!(place), b?.(place) ?? 0));
    }
  }
}

/** Reads an input at a place of a larger shape. */
function broadcasting({ shape, data }: Evaluated, target: readonly number[]): (place: number) => number {
  return (place) => {
    let rest = place;
    let index = 0;
    let step = 1;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const coordinate = rest % target[axis]!;
      rest = Math.floor(rest / target[axis]!);
      const size = shape[axis - target.length + shape.length] ?? 1;
      if (size !== 1) index += coordinate * step;
      step *= size;
    }
    return data[index]!;
  };
}

function uniform(seed: number, step: number, stream: number): (place: number) => number {
  const words = new Uint32Array(4);
  return (place) => {
    philox([Math.floor(place / 4), step, 0, 0], [seed, stream], words);
    return (words[place % 4]! >>> 8) / 2 ** 24;
  };
}

function reduce(
  { shape, data }: Evaluated,
  count: number,
  attributes: Attributes,
  combine: (a: number, b: number) => number,
  start: number,
): Float64Array {
  const result = new Float64Array(count).fill(start);
  const inner = shape.slice(attributes.lastAxis + 1).reduce((size, next) => size * next, 1);
  const outer = shape.slice(0, attributes.firstAxis).reduce((size, next) => size * next, 1);
  const middle = data.length / (inner * outer);
  for (let place = 0; place < data.length; place++) {
    const target = Math.floor(place / (inner * middle)) * inner + (place % inner);
    result[target] = combine(result[target]!, data[place]!);
  }
  return result;
}

function product(
  [a, b, bias]: readonly Evaluated[],
  [rows, columns]: readonly number[],
  { transposeA, transposeB, activation }: Attributes,
): Float64Array {
  const inner = a!.shape[transposeA === 'yes' ? 0 : 1]!;
  const result = new Float64Array(rows! * columns!);
  for (let row = 0; row < rows!; row++) {
    for (let column = 0; column < columns!; column++) {
      let total = 0;
      for (let k = 0; k < inner; k++) {
        const left = transposeA === 'yes' ? a!.data[k * rows! + row]! : a!.data[row * inner + k]!;
        const right = transposeB === 'yes' ? b!.data[column * inner + k]! : b!.data[k * columns! + column]!;
        total += left * right;
      }
      total += bias?.data[column] ?? 0;
      result[row * columns! + column] = activation === 'relu' ? Math.max(total, 0) : total;
    }
  }
  return result;
}
