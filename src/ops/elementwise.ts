/** Elementwise ops, with NumPy's broadcasting. They are written one by one and run together: the graph's fusion puts
 * neighbours into one pass over memory, which every backend runs with one interpreter kernel. So an optimizer, an
 * activation or a loss is a few lines of these, and needs no kernel of its own. */
import { broadcastShapes, elementCount, type Shape, sameShape } from '../core/shape.ts';
import {
  applyOne,
  type Builder,
  defineOp,
  type Fields,
  float,
  type GradientContext,
  int,
  type OpDefinition,
  shape,
  type Value,
  type ValueType,
} from './op.ts';
import { sumTo } from './reduce.ts';

type None = Record<never, never>;
const none: None = {};

/** A number or a value: numbers become constants. */
export type Operand = Value | number;

function inferBroadcast(inputs: readonly ValueType[], _: unknown, where: string): readonly ValueType[] {
  const result = inputs.reduce<Shape>((sizes, next) => broadcastShapes(sizes, next.shape, where), []);
  return [{ shape: result, dtype: 'float32' }];
}

function elementwise<F extends Fields>(
  fields: F,
  gradient?: NonNullable<OpDefinition<F>['gradient']>,
): OpDefinition<F> {
  return {
    fields,
    elementwise: true,
    infer: inferBroadcast,
    ...(gradient && { gradient }),
    flops: (_, [output]) => elementCount(output!.shape),
  };
}

/** A function of one value whose gradient is `slope(dy, x, y)`. */
function unary(slope?: (dy: Value, x: Value, y: Value) => Value): OpDefinition<None> {
  return elementwise(none, slope && (({ inputs: [x], outputs: [y], gradients: [dy] }) => [dy && slope(dy, x!, y!)]));
}

/** A gradient of one side of a function of two values; absent where it has none. */
type Side = (dy: Value, context: GradientContext<None>) => Value | undefined;

const noGradient: Side = () => undefined;

/** A function of two values; each side's gradient is summed back over the axes that were broadcast. */
function binary(left: Side = noGradient, right: Side = noGradient): OpDefinition<None> {
  return elementwise(none, (context) => {
    const dy = context.gradients[0];
    return [left, right].map((side, index) => {
      const part = dy && side(dy, context);
      return part && sumTo(part, context.inputs[index]!.shape);
    });
  });
}

const clipFields = { low: float, high: float };
const rescaleFields = { scale: float, offset: float };
const powerFields = { exponent: float };
const randomFields = { shape, stream: int };
const broadcastFields = { shape };

type UnaryName =
  | 'identity'
  | 'negate'
  | 'abs'
  | 'sign'
  | 'floor'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'square'
  | 'relu'
  | 'sigmoid'
  | 'tanh'
  | 'erf'
  | 'sin'
  | 'cos';
type BinaryName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'minimum'
  | 'greater'
  | 'greaterEqual'
  | 'equal'
  | 'reluGradient'
  | 'keepWhere'
  | 'dropWhere';
type PlainName = UnaryName | BinaryName;

interface Rows extends Record<PlainName, OpDefinition<None>> {
  readonly clip: OpDefinition<typeof clipFields>;
  readonly rescale: OpDefinition<typeof rescaleFields>;
  readonly power: OpDefinition<typeof powerFields>;
  readonly broadcast: OpDefinition<typeof broadcastFields>;
  readonly randomUniform: OpDefinition<typeof randomFields>;
  readonly randomNormal: OpDefinition<typeof randomFields>;
}

/** The rows. Comparisons give 1 where true and 0 where not, and have no gradient. */
export const elementwiseOps: Rows = {
  /** A copy; what `assign` stores. */
  identity: unary((dy) => dy),
  negate: unary((dy) => negate(dy)),
  abs: unary((dy, x) => multiply(dy, sign(x))),
  sign: unary((dy) => multiply(dy, 0)),
  /** The largest whole number that is not above x; its gradient is 0. */
  floor: unary((dy) => multiply(dy, 0)),
  exp: unary((dy, _, y) => multiply(dy, y)),
  /** e^x − 1, exact also near 0. */
  expm1: unary((dy, _, y) => multiply(dy, add(y, 1))),
  log: unary((dy, x) => divide(dy, x)),
  /** ln(1 + x), exact also near 0. */
  log1p: unary((dy, x) => divide(dy, add(x, 1))),
  sqrt: unary((dy, _, y) => divide(multiply(dy, 0.5), y)),
  square: unary((dy, x) => multiply(dy, multiply(x, 2))),
  relu: unary((dy, _, y) => applyOne('reluGradient', [dy, y], {})),
  sigmoid: unary((dy, _, y) => multiply(dy, multiply(y, subtract(1, y)))),
  tanh: unary((dy, _, y) => multiply(dy, subtract(1, square(y)))),
  /** The error function, 2 / √π · ∫ e^(−t²) dt from 0 to x. */
  erf: unary((dy, x) => multiply(dy, multiply(exp(negate(square(x))), 2 / Math.sqrt(Math.PI)))),
  /** Sine and cosine of radians. Kernels are exact to 1e-7 up to |x| = 10,000. */
  sin: unary((dy, x) => multiply(dy, cos(x))),
  cos: unary((dy, x) => negate(multiply(dy, sin(x)))),
  /** min(max(x, low), high); the gradient passes where x is within the bounds, as TensorFlow's clip_by_value. */
  clip: elementwise(clipFields, ({ inputs: [x], gradients: [dy], attributes: { low, high } }) => [
    dy && multiply(dy, multiply(greaterEqual(x!, low), greaterEqual(high, x!))),
  ]),
  /** x · scale + offset; also reads uint8 pictures. */
  rescale: elementwise(rescaleFields, ({ gradients: [dy], attributes: { scale } }) => [dy && multiply(dy, scale)]),
  /** x^exponent; negative x has powers with whole exponents only. The gradient at 0 is finite from exponent 1 on. */
  power: elementwise(powerFields, ({ inputs: [x], gradients: [dy], attributes: { exponent } }) => [
    dy && multiply(dy, multiply(powerOf(x!, exponent - 1), exponent)),
  ]),
  add: binary(
    (dy) => dy,
    (dy) => dy,
  ),
  subtract: binary(
    (dy) => dy,
    (dy) => negate(dy),
  ),
  multiply: binary(
    (dy, { inputs: [, b] }) => multiply(dy, b!),
    (dy, { inputs: [a] }) => multiply(dy, a!),
  ),
  divide: binary(
    (dy, { inputs: [, b] }) => divide(dy, b!),
    (dy, { inputs: [, b], outputs: [y] }) => negate(divide(multiply(dy, y!), b!)),
  ),
  /** At equal values the gradient goes to the first operand, as TensorFlow's. */
  maximum: binary(
    (dy, { inputs: [a, b] }) => multiply(dy, greaterEqual(a!, b!)),
    (dy, { inputs: [a, b] }) => multiply(dy, greater(b!, a!)),
  ),
  minimum: binary(
    (dy, { inputs: [a, b] }) => multiply(dy, greaterEqual(b!, a!)),
    (dy, { inputs: [a, b] }) => multiply(dy, greater(a!, b!)),
  ),
  greater: binary(),
  greaterEqual: binary(),
  equal: binary(),
  /** dy where y > 0, else 0. */
  reluGradient: elementwise(none, ({ inputs: [dy, y], gradients: [ddy] }) => [
    ddy && sumTo(applyOne('reluGradient', [ddy, y!], {}), dy!.shape),
    undefined,
  ]),
  /** x where the condition is not 0, else 0, whatever x is there; and the opposite. */
  keepWhere: binary((dy, { inputs: [, condition] }) => pair('keepWhere', dy, condition!), noGradient),
  dropWhere: binary((dy, { inputs: [, condition] }) => pair('dropWhere', dy, condition!), noGradient),
  /** The input repeated to a larger shape. */
  broadcast: defineOp({
    ...elementwise(broadcastFields, ({ inputs: [x], gradients: [dy] }) => [dy && sumTo(dy, x!.shape)]),
    infer: ([x], attributes, where) => [
      { shape: broadcastShapes(x!.shape, attributes.shape, where), dtype: 'float32' },
    ],
  }),
  /** Uniform numbers in [0, 1) drawn from (seed, stream, step, element): inputs are the scalars seed and step. */
  randomUniform: defineOp({
    ...elementwise(randomFields, () => [undefined, undefined]),
    infer: (_, attributes) => [{ shape: attributes.shape, dtype: 'float32' }],
  }),
  /** Standard normal numbers, drawn in the same way: Box and Muller's transform of the uniform ones. */
  randomNormal: defineOp({
    ...elementwise(randomFields, () => [undefined, undefined]),
    infer: (_, attributes) => [{ shape: attributes.shape, dtype: 'float32' }],
  }),
};

/** The names of the elementwise ops. */
export type ElementwiseName = keyof Rows;

/** The names of the elementwise ops, in the order of their numbers in a fused instruction. */
export const elementwiseNames: readonly ElementwiseName[] = Object.keys(elementwiseOps) as ElementwiseName[];

/** The ops whose numbers depend on the place of an element, and on nothing that lies in memory but seed and step. */
export type RandomName = 'randomUniform' | 'randomNormal';

/** True for ops that draw random numbers. */
export function isRandom(op: string): op is RandomName {
  return op === 'randomUniform' || op === 'randomNormal';
}

function pair(op: PlainName, a: Operand, b: Operand): Value {
  const graph: Builder = (typeof a === 'number' ? (b as Value) : a).graph;
  const left = typeof a === 'number' ? graph.constant(a) : a;
  const right = typeof b === 'number' ? graph.constant(b) : b;
  return applyOne(op, [left, right], none);
}

type Unary = (x: Value) => Value;
type Binary = (a: Operand, b: Operand) => Value;

export const identity: Unary = (x) => applyOne('identity', [x], none);
export const negate: Unary = (x) => applyOne('negate', [x], none);
export const abs: Unary = (x) => applyOne('abs', [x], none);
export const sign: Unary = (x) => applyOne('sign', [x], none);
export const floor: Unary = (x) => applyOne('floor', [x], none);
export const exp: Unary = (x) => applyOne('exp', [x], none);
export const expm1: Unary = (x) => applyOne('expm1', [x], none);
export const log: Unary = (x) => applyOne('log', [x], none);
export const log1p: Unary = (x) => applyOne('log1p', [x], none);
export const sqrt: Unary = (x) => applyOne('sqrt', [x], none);
export const square: Unary = (x) => applyOne('square', [x], none);
export const relu: Unary = (x) => applyOne('relu', [x], none);
export const sigmoid: Unary = (x) => applyOne('sigmoid', [x], none);
export const tanh: Unary = (x) => applyOne('tanh', [x], none);
export const erf: Unary = (x) => applyOne('erf', [x], none);
export const sin: Unary = (x) => applyOne('sin', [x], none);
export const cos: Unary = (x) => applyOne('cos', [x], none);

export const add: Binary = (a, b) => pair('add', a, b);
export const subtract: Binary = (a, b) => pair('subtract', a, b);
export const multiply: Binary = (a, b) => pair('multiply', a, b);
export const divide: Binary = (a, b) => pair('divide', a, b);
export const maximum: Binary = (a, b) => pair('maximum', a, b);
export const minimum: Binary = (a, b) => pair('minimum', a, b);
export const greater: Binary = (a, b) => pair('greater', a, b);
export const greaterEqual: Binary = (a, b) => pair('greaterEqual', a, b);
export const equal: Binary = (a, b) => pair('equal', a, b);

/** x as float32: uint8 pictures are widened. */
export function asFloat(x: Value): Value {
  return x.dtype === 'float32' ? x : identity(x);
}

/** x held between two numbers. */
export function clip(x: Value, low: number, high: number): Value {
  return applyOne('clip', [x], { low, high });
}

/** x · scale + offset, also of uint8 pictures. */
export function rescale(x: Value, scale: number, offset: number): Value {
  return applyOne('rescale', [x], { scale, offset });
}

/** x^exponent for a number known now; x² and √x by their own ops. */
export function powerOf(x: Value, exponent: number): Value {
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  return exponent === 0.5 ? sqrt(x) : applyOne('power', [x], { exponent });
}

/** `yes` where the condition is not 0 (NaN is not), else `no`. What is not chosen counts for nothing, even where it is NaN, and
 * gets a gradient of 0. */
export function where(condition: Value, yes: Operand, no: Operand): Value {
  if (no === 0) return pair('keepWhere', yes, condition);
  if (yes === 0) return pair('dropWhere', no, condition);
  return add(pair('keepWhere', yes, condition), pair('dropWhere', no, condition));
}

/** Random numbers of a shape, each a function of (seed, stream, step, element): `seed` and `step` are scalars of the run, and
 * `stream` is a whole number below 2²⁴ of whoever draws. */
export function drawRandom(graph: Builder, op: RandomName, target: Shape, stream: number): Value {
  return graph.apply(op, [graph.scalar('seed', 'int32'), graph.scalar('step', 'int32')], { shape: target, stream })[0]!;
}

/** x repeated to `target`; x itself where it has that shape. */
export function broadcastTo(x: Value, target: Shape): Value {
  return sameShape(x.shape, target) ? x : applyOne('broadcast', [x], { shape: target });
}
