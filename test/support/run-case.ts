/** Runs the program of a case on a backend with guarded memory, and collects outputs, assigned variables and every byte
 * that changed although nothing should have written it. */
import type { Backend, MemoryArray, MemoryType } from '../../src/backends/backend.ts';
import { ReferenceBackend } from '../../src/backends/reference/index.ts';
import { bytesPerElement } from '../../src/core/dtype.ts';
import { elementCount } from '../../src/core/shape.ts';
import type { Operand } from '../../src/graph/program.ts';
import { alignmentBytes } from '../../src/graph/program-words.ts';
import { type AnyCase, numbersOf } from '../cases/case.ts';
import { type GuardedProgram, programOf } from './case-program.ts';

/** What a run left behind. */
export interface CaseResult {
  /** Outputs and assigned variables by name; in float64 from the reference. */
  readonly outputs: Readonly<Record<string, MemoryArray | Float64Array>>;
  /** Guards and inputs that were written: one line each, empty where all is well. */
  readonly strayWrites: readonly string[];
}

/** What changes from run to run. */
export interface CaseRun {
  /** The batch of this run, at most the case's; the case's where absent. */
  readonly batch?: number;
  /** Changes one number of one input, to see whether the comparison notices. */
  readonly change?: { readonly input: number; readonly place: number; readonly factor: number };
}

/** Bytes of guards and unwritten outputs; as floats they are NaN, so reading them shows. */
const guardByte = 0xff;

/** Runs a case once. */
export async function runCase(
  backend: Backend,
  testCase: AnyCase,
  { batch, change }: CaseRun = {},
): Promise<CaseResult> {
  const guarded = programOf(testCase);
  const { program, plan, variableOffsets, variableBytes } = guarded;
  const runBatch = batch ?? testCase.batch ?? 1;
  const memory = {
    arena: backend.allocate(plan.bytes),
    variables: backend.allocate(variableBytes),
    scalars: backend.allocate(Math.max(1, program.scalars.length) * alignmentBytes),
  };
  const before = {
    arena: new Uint8Array(plan.bytes).fill(guardByte),
    variables: new Uint8Array(variableBytes).fill(guardByte),
  };
  const isExact = backend instanceof ReferenceBackend;
  if (!isExact) {
    backend.write(memory.arena, 0, before.arena, 'uint8');
    backend.write(memory.variables, 0, before.variables, 'uint8');
  }
  for (const [index, input] of testCase.inputs.entries()) {
    const operand = operandNamed(guarded, `input${index}`, input.region);
    if (!operand) continue;
    const numbers = numbersOf(testCase, index);
    if (change?.input === index) numbers[change.place] = numbers[change.place]! * change.factor;
    const offset = offsetOf(guarded, operand);
    backend.write(memory[operand.region], offset, numbers, input.dtype);
    if (operand.region === 'scalars') continue;
    before[operand.region].set(new Uint8Array(numbers.buffer), offset);
  }
  await backend.run(backend.load(program, plan, variableOffsets), memory, runBatch);
  const written = writtenOperands(guarded);
  const outputs: Record<string, MemoryArray | Float64Array> = {};
  for (const [name, operand] of written) {
    const count = elementCount(operand.shape, runBatch);
    const offset = offsetOf(guarded, operand);
    outputs[name] = isExact
      ? (backend as ReferenceBackend).readExact(memory[operand.region], offset, count)
      : await backend.read(memory[operand.region], offset, count, operand.dtype as MemoryType);
  }
  if (isExact) return { outputs, strayWrites: [] };
  const strayWrites: string[] = [];
  for (const region of ['arena', 'variables'] as const) {
    const after = (await backend.read(memory[region], 0, before[region].length, 'uint8')) as Uint8Array;
    const may = mayBeWritten(guarded, region, before[region].length, runBatch);
    for (let byte = 0; byte < after.length; byte++) {
      if (after[byte] === before[region][byte] || may[byte]) continue;
      strayWrites.push(`${region} byte ${byte}`);
      if (strayWrites.length > 3) break;
    }
  }
  return { outputs, strayWrites };
}

function operandNamed({ program }: GuardedProgram, name: string, region: string): Operand | undefined {
  if (region === 'arena') return program.inputs[name];
  const list = region === 'variables' ? program.variables : program.scalars;
  const buffer = list.findIndex((candidate) => candidate.name === name);
  const found = list[buffer];
  if (!found) return undefined;
  const shape = region === 'variables' ? program.variables[buffer]!.shape : [];
  return { region: region as Operand['region'], buffer, shape, dtype: found.dtype };
}

function offsetOf({ plan, variableOffsets }: GuardedProgram, { region, buffer }: Operand): number {
  if (region === 'scalars') return buffer * alignmentBytes;
  return (region === 'arena' ? plan.offsets : variableOffsets)[buffer]!;
}

/** The program's outputs and the variables that it assigns, by name. */
function writtenOperands({ program }: GuardedProgram): Map<string, Operand> {
  const written = new Map(Object.entries(program.outputs));
  for (const { outputs } of program.instructions) {
    for (const operand of outputs) {
      if (operand.region === 'variables') written.set(program.variables[operand.buffer]!.name, operand);
    }
  }
  return written;
}

function mayBeWritten(guarded: GuardedProgram, region: string, bytes: number, batch: number): Uint8Array {
  const may = new Uint8Array(bytes);
  for (const { outputs } of guarded.program.instructions) {
    for (const operand of outputs) {
      if (operand.region !== region) continue;
      const start = offsetOf(guarded, operand);
      may.fill(1, start, start + elementCount(operand.shape, batch) * bytesPerElement(operand.dtype));
    }
  }
  return may;
}
