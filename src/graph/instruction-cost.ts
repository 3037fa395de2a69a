/** What an instruction costs: floating-point operations, and the bytes that must cross memory at least once. */
import { bytesPerElement } from '../core/dtype.ts';
import { elementCount, hasBatch } from '../core/shape.ts';
import { definitionOf } from '../ops/table.ts';
import type { Instruction, Program } from './program.ts';

/** The cost of one run of an instruction. */
export interface InstructionCost {
  readonly flops: number;
  /** Every operand read or written once. */
  readonly bytes: number;
}

/** The cost for a batch. Fused elementwise code counts one operation per step and element. */
export function instructionCost(instruction: Instruction, batch: number): InstructionCost {
  const operands = [...instruction.inputs, ...instruction.outputs];
  const bytes = operands.reduce(
    (total, { shape, dtype }) => total + elementCount(shape, batch) * bytesPerElement(dtype),
    0,
  );
  const { inputs, outputs } = instruction;
  const codeFlops =
    instruction.kind === 'kernel' ? 0 : instruction.code.steps.length * elementCount(outputs[0]!.shape, batch);
  if (instruction.kind === 'elementwise') return { flops: codeFlops, bytes };
  const op = instruction.kind === 'kernel' ? instruction.op : 'matMul';
  const { attributes } = instruction;
  const perExample = definitionOf(op).flops?.(inputs, outputs, attributes as never) ?? 0;
  const examples = operands.some(({ shape }) => hasBatch(shape)) ? batch : 1;
  return { flops: perExample * examples + codeFlops, bytes };
}

/** About how long one core takes for a program, rather too long than too short: a fifth of a microsecond for each
 * instruction, 10 floating-point operations and 10 bytes in a nanosecond. */
export function estimatedMicroseconds(program: Program, batch: number): number {
  return program.instructions.reduce((total, instruction) => {
    const { flops, bytes } = instructionCost(instruction, batch);
    return total + 0.2 + (flops + bytes) / 10_000;
  }, 0);
}
