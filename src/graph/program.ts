/** A program: a flat list of instructions over three regions of memory. It is what a backend runs, one call per step.
 * Sizes may contain the batch axis, so one program serves every batch size up to the capacity it was planned for. */
import type { DType } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';
import type { ElementwiseName } from '../ops/elementwise.ts';
import type { AttributesFor, OpName } from '../ops/table.ts';

/** Where an operand lies: in the planned arena, among the variables, or among the run's scalars. */
export const regions = ['arena', 'variables', 'scalars'] as const;
export type Region = (typeof regions)[number];

/** A piece of memory with the shape and type in which an instruction sees it. */
export interface Operand {
  readonly region: Region;
  /** Arena: the number of a planned buffer. Variables and scalars: the number of the variable or scalar. */
  readonly buffer: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One operation inside a fused elementwise instruction. Registers hold a tile of numbers each and are numbered:
 * inputs first, then outputs, then temporaries, then constants. */
export interface ElementwiseStep {
  readonly op: ElementwiseName;
  readonly target: number;
  readonly a: number;
  readonly b: number;
  /** Attributes that are numbers: clip's bounds, rescale's scale and offset, a random stream. */
  readonly first: number;
  readonly second: number;
}

/** What a fused elementwise instruction does to each element. */
export interface ElementwiseCode {
  readonly temporaries: number;
  readonly constants: readonly number[];
  readonly steps: readonly ElementwiseStep[];
}

/** An op with a kernel of its own. */
export interface KernelInstruction<Name extends OpName = OpName> {
  readonly kind: 'kernel';
  readonly op: Name;
  readonly attributes: AttributesFor<Name>;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly label: string;
}

/** Neighbouring elementwise ops in one pass. Every output has the shape of the loop; inputs broadcast to it. */
export interface ElementwiseInstruction {
  readonly kind: 'elementwise';
  readonly code: ElementwiseCode;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly label: string;
}

/** A matrix product aᵀ·b and elementwise ops that alone read it, in one pass: the product itself lies nowhere. */
export interface ProductInstruction {
  readonly kind: 'product';
  readonly attributes: AttributesFor<'matMul'>;
  /** Its first input register is the product. */
  readonly code: ElementwiseCode;
  /** The two matrices, then the inputs of the code. */
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly label: string;
}

export type Instruction = KernelInstruction | ElementwiseInstruction | ProductInstruction;

/** What an instruction does, in a word for tables and messages: its op, or how ops were fused. */
export function instructionName(instruction: Instruction): OpName | 'elementwise' | 'matMul+elementwise' {
  if (instruction.kind === 'kernel') return instruction.op;
  return instruction.kind === 'product' ? 'matMul+elementwise' : 'elementwise';
}

/** A buffer of the arena: its size, and the instructions between which it must keep its content. */
export interface ArenaBuffer {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Index of the first instruction that writes it; -1 for inputs. */
  readonly firstUse: number;
  /** Index of the last instruction that reads it; the number of instructions for outputs. */
  readonly lastUse: number;
}

/** A variable as programs name it. */
export interface VariableType {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A number given at each run. */
export interface ScalarType {
  readonly name: string;
  readonly dtype: DType;
}

/** A compiled graph, independent of backend and batch size. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly buffers: readonly ArenaBuffer[];
  readonly variables: readonly VariableType[];
  readonly scalars: readonly ScalarType[];
  /** Buffers that the caller fills before a run, by name. */
  readonly inputs: Readonly<Record<string, Operand>>;
  /** Buffers that the caller reads after a run, by name. */
  readonly outputs: Readonly<Record<string, Operand>>;
}
