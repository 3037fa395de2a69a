/** What a case is: one op with shapes, attributes and numbers. Parity, the gradient check, the benchmark and the support
 * table all read the same list, so an op is tested in every way as soon as it has cases. */
import type { MemoryType } from '../../src/backends/backend.ts';
import { Random } from '../../src/core/random.ts';
import { elementCount, type Shape } from '../../src/core/shape.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Region } from '../../src/graph/program.ts';
import type { Value } from '../../src/ops/op.ts';
import type { AttributesFor, OpName } from '../../src/ops/table.ts';

/** Gives the number at `index` of an input. */
export type Fill = (random: Random, index: number) => number;

/** One operand: what it looks like, where it lies and what is in it. */
export interface CaseInput {
  /** May begin with the batch axis (-1). */
  readonly shape: Shape;
  readonly dtype: MemoryType;
  readonly fill: Fill;
  readonly region: Region;
}

/** How close a result must be. */
export interface Tolerance {
  /** `largest`: errors are measured against the largest number expected. `each`: against each number expected. */
  readonly against: 'largest' | 'each';
  /** The largest error that passes; 0 asks for equality. */
  readonly error: number;
  /** With `each`: numbers smaller than this are measured against it. */
  readonly floor?: number;
}

interface CaseOptions {
  readonly name: string;
  /** What stands for the batch axis; 1 where absent. */
  readonly batch?: number;
  readonly inputs: readonly CaseInput[];
  readonly tolerance: Tolerance;
  /** Runs in `npm run bench`, with this batch. */
  readonly bench?: { readonly batch: number };
}

/** One op. */
export interface OpCase<Name extends OpName = OpName> extends CaseOptions {
  readonly op: Name;
  readonly attributes: AttributesFor<Name>;
  /** Numbers of an input at which the op has no derivative: the gradient check keeps away from them. */
  readonly kinks?: readonly number[];
  /** Why the gradient check leaves this case out. */
  readonly withoutGradient?: string;
  /** Gradients of gradients are checked too. */
  readonly secondOrder?: true;
}

/** Several ops that a graph fuses; `build` declares the outputs and assignments. */
export interface GraphCase extends CaseOptions {
  /** Inputs come as the graph's inputs, variables and scalars `input0`, `input1`, …, by their regions. */
  readonly build: (graph: Graph, inputs: readonly Value[]) => void;
}

/** Any case. */
export type AnyCase = OpCase | GraphCase;

/** True for cases of one op. */
export function isOpCase(candidate: AnyCase): candidate is OpCase {
  return 'op' in candidate;
}

/** Numbers spread evenly from low to high. */
export function uniform(low: number, high: number): Fill {
  return (random) => random.uniform(low, high);
}

/** Numbers of either sign, none near zero, so that each of them matters. */
export const weights: Fill = (random) => (random.next() < 0.5 ? -1 : 1) * random.uniform(0.5, 1);

/** Whole numbers from 0 to 255. */
export const bytes: Fill = (random) => random.integer(256);

/** Whole numbers from 0 to `count` − 1: many of them are equal. */
export function wholes(count: number): Fill {
  return (random) => random.integer(count);
}

/** The given numbers, over and over. */
export function listed(...numbers: readonly number[]): Fill {
  return (_, index) => numbers[index % numbers.length]!;
}

/** An operand in the arena. */
export function arena(shape: Shape, fill: Fill = uniform(-1, 1), dtype: MemoryType = 'float32'): CaseInput {
  return { shape, dtype, fill, region: 'arena' };
}

/** An operand among the variables. */
export function variable(shape: Shape, fill: Fill = weights): CaseInput {
  return { shape, dtype: 'float32', fill, region: 'variables' };
}

/** An operand among the scalars. */
export function scalar(value: number, dtype: 'float32' | 'int32' = 'float32'): CaseInput {
  return { shape: [], dtype, fill: () => value, region: 'scalars' };
}

/** Errors against the largest number expected. */
export function ofLargest(error: number): Tolerance {
  return { against: 'largest', error };
}

/** Errors against each number expected. */
export function ofEach(error: number, floor = 1e-30): Tolerance {
  return { against: 'each', error, floor };
}

/** No error at all. */
export const exact: Tolerance = { against: 'largest', error: 0 };

const classes = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array };

const made = new WeakMap<CaseInput, Float32Array | Uint8Array | Int32Array>();

/** The numbers of an input: the same at every call, and different for each case and input. They must not be changed. */
export function numbersOf({ name, batch = 1, inputs }: AnyCase, index: number): Float32Array | Uint8Array | Int32Array {
  const input = inputs[index]!;
  const known = made.get(input);
  if (known) return known;
  const { shape, dtype, fill } = input;
  const random = new Random(index, name);
  const numbers = new classes[dtype](elementCount(shape, batch));
  for (let place = 0; place < numbers.length; place++) numbers[place] = fill(random, place);
  made.set(input, numbers);
  return numbers;
}
