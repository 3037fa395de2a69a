/** A program as 32-bit words: the form in which it crosses into C++. `native/include/cajal.h` documents the layout;
 * the two must change together. */
import { dtypes } from '../core/dtype.ts';
import { elementwiseNames } from '../ops/elementwise.ts';
import { definitionOf, type OpName, opNames } from '../ops/table.ts';
import type { MemoryPlan } from './memory-plan.ts';
import { type ElementwiseCode, type Instruction, type Operand, type Program, regions } from './program.ts';

/** Bytes to which every buffer, variable and scalar is aligned; offsets are counted in this unit. */
export const alignmentBytes = 64;

/** The number of sizes that each operand has room for. */
export const maxRank = 6;

/** The first word, so that foreign memory is refused. */
export const programMagic = 0x63616a61;

/** Version of the layout. */
export const programVersion = 1;

/** The opcode of fused elementwise instructions; other opcodes are places in the op table plus one. */
export const elementwiseOpcode = 0;

/** The opcode of a product with elementwise code: the one after the op table. */
export const productOpcode: number = opNames.length + 1;

/** Writes a program into words for given places of its buffers and variables (in bytes). */
export function encodeProgram(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): Int32Array {
  const words: number[] = [programMagic, programVersion, program.instructions.length];
  const place = (operand: Operand): number => {
    if (operand.region === 'arena') return plan.offsets[operand.buffer]! / alignmentBytes;
    return operand.region === 'variables' ? variableOffsets[operand.buffer]! / alignmentBytes : operand.buffer;
  };
  for (const instruction of program.instructions) encodeInstruction(words, instruction, place);
  return Int32Array.from(words);
}

function encodeInstruction(words: number[], instruction: Instruction, place: (operand: Operand) => number): void {
  const start = words.length;
  const attributes = attributeWords(instruction);
  words.push(0, opcodeOf(instruction), instruction.inputs.length, instruction.outputs.length, attributes.length);
  for (const operand of [...instruction.inputs, ...instruction.outputs]) {
    const sizes = Array.from({ length: maxRank }, (_, axis) => operand.shape[axis] ?? 1);
    const { region, dtype, shape } = operand;
    words.push(regions.indexOf(region), dtypes.indexOf(dtype), place(operand), shape.length, ...sizes);
  }
  words.push(...attributes);
  words[start] = words.length - start;
}

function opcodeOf(instruction: Instruction): number {
  if (instruction.kind === 'kernel') return opNames.indexOf(instruction.op) + 1;
  return instruction.kind === 'elementwise' ? elementwiseOpcode : productOpcode;
}

function attributeWords(instruction: Instruction): number[] {
  if (instruction.kind === 'kernel') return encodeAttributes(instruction.op, instruction.attributes);
  const code = encodeCode(instruction.code);
  return instruction.kind === 'elementwise' ? code : [...encodeAttributes('matMul', instruction.attributes), ...code];
}

function encodeAttributes(op: OpName, attributes: object): number[] {
  const values = attributes as Readonly<Record<string, unknown>>;
  return Object.entries(definitionOf(op).fields).flatMap(([name, field]) => {
    const value = values[name];
    if (field.kind === 'int') return [value as number];
    if (field.kind === 'float') return [floatBits(value as number)];
    if (field.kind === 'axes') return Array.from({ length: maxRank }, (_, axis) => (value as number[])[axis] ?? 0);
    return field.kind === 'choice' ? [field.choices.indexOf(value as string)] : [];
  });
}

function encodeCode(code: ElementwiseCode): number[] {
  const words = [code.temporaries, code.constants.length, code.steps.length, ...code.constants.map(floatBits)];
  for (const { op, target, a, b, first, second } of code.steps) {
    words.push(elementwiseNames.indexOf(op), target, a, b, floatBits(first), floatBits(second));
  }
  return words;
}

const converter = new DataView(new ArrayBuffer(4));

function floatBits(value: number): number {
  converter.setFloat32(0, value);
  return converter.getInt32(0);
}
