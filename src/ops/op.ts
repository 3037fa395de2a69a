/** What an op is: one row of the table. Shape inference, gradient (written in ops), FLOPs and the attributes that cross
 * into kernels. `Value`, `Node` and `Builder` are the few words ops need to speak of graphs without importing them. */
import type { DType } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { AttributesFor, OpName } from './table.ts';

/** Shape and element type of a value; the first axis may be the symbolic batch axis. */
export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One result of a node: what flows along the edges of a graph. */
export interface Value extends ValueType {
  readonly graph: Builder;
  readonly node: Node;
  /** Which of the node's outputs this is. */
  readonly index: number;
}

/** One op applied to values. */
export interface Node<Name extends OpName = OpName> {
  readonly id: number;
  readonly op: Name;
  readonly inputs: readonly Value[];
  readonly attributes: AttributesFor<Name>;
  readonly outputs: readonly Value[];
  /** The layer that asked for it, as `block/conv2d_1`; empty outside layers. */
  readonly scope: string;
}

/** The part of a graph that ops and layers use: adding nodes. */
export interface Builder {
  apply<Name extends OpName>(op: Name, inputs: readonly Value[], attributes: AttributesFor<Name>): readonly Value[];
  constant(value: number): Value;
  scalar(name: string, dtype?: DType): Value;
}

/** Kinds of attributes. Numbers and choices are packed into the words of a program, and whole numbers for each axis (zeros
 * behind the last one); shapes and names stay behind, because operands carry their shapes. */
export type Field<T> =
  | { readonly kind: 'int'; readonly type?: T }
  | { readonly kind: 'float'; readonly type?: T }
  | { readonly kind: 'axes'; readonly type?: T }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly type?: T }
  | { readonly kind: 'shape'; readonly type?: T }
  | { readonly kind: 'name'; readonly type?: T };

export const int: Field<number> = { kind: 'int' };
export const float: Field<number> = { kind: 'float' };
export const axes: Field<readonly number[]> = { kind: 'axes' };
export const shape: Field<Shape> = { kind: 'shape' };
export const name: Field<string> = { kind: 'name' };
export const dtypeName: Field<DType> = { kind: 'name' };

/** An attribute that is one of a few words; kernels get its place in the list. */
export function choice<const Word extends string>(...choices: readonly Word[]): Field<Word> {
  return { kind: 'choice', choices };
}

/** The fields of an op's attributes, in the order in which they are packed. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The attributes that fields describe. */
export type AttributesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** What a gradient rule sees: the forward node, and the gradient of each output (absent where nobody needs it). */
export interface GradientContext<Attributes> {
  readonly graph: Builder;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly gradients: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}

/** One row of the table. */
export interface OpDefinition<F extends Fields = Fields> {
  readonly fields: F;
  /** Elementwise ops are fused into one pass over memory and run by one interpreter kernel per backend. */
  readonly elementwise?: true;
  /** Leaves have no kernel: inputs, variables, scalars, constants. Aliases share their input's memory. */
  readonly role?: 'leaf' | 'alias';
  /** Types of the outputs. @throws ShapeError that names `where` */
  infer(inputs: readonly ValueType[], attributes: AttributesOf<F>, where: string): readonly ValueType[];
  /** Gradients of the inputs, in ops; absent: the op has none, and asking for it is an error. */
  gradient?(context: GradientContext<AttributesOf<F>>): readonly (Value | undefined)[];
  /** Floating-point operations for one example (shapes with batch 1); 0 where absent. */
  flops?(inputs: readonly ValueType[], outputs: readonly ValueType[], attributes: AttributesOf<F>): number;
}

/** Gives a row its precise type. */
export function defineOp<const F extends Fields>(definition: OpDefinition<F>): OpDefinition<F> {
  return definition;
}

/** Adds a node with one output and returns that output. */
export function applyOne<Name extends OpName>(
  op: Name,
  inputs: readonly [Value, ...Value[]],
  attributes: AttributesFor<Name>,
): Value {
  return inputs[0].graph.apply(op, inputs, attributes)[0]!;
}
