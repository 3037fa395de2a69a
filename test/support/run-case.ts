/** Runs the program of a case on a backend with guarded memory, and collects outputs, assigned variables and every byte
 * that changed although nothing should have written it. */
import type { Backend, MemoryArray, MemoryType } from '../../src/backends/backend.ts';
import { ReferenceBackend } from '../../src/backends/reference/index.ts';
import { bytesPerElement } from '../../src/core/dtype.ts';
import { elementCount } from '../../src/core/shape.ts';
import { planMemory } from '../../src/graph/memory-plan.ts';
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
  /** Buffers share memory as `planMemory` places them, without guards. */
  readonly isPlanned?: boolean;
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
  { batch, change, isPlanned }: CaseRun = {},
): Promise<CaseResult> {
  const guarded = isPlanned ? planned(programOf(testCase), testCase.batch ?? 1) : programOf(testCase);
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
    const numbers = change?.input === index ? changed(numbersOf(testCase, index), change) : numbersOf(testCase, index);
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
  if (isExact || isPlanned) return { outputs, strayWrites: [] };
  const strayWrites: string[] = [];
  for (const region of ['arena', 'variables'] as const) {
    const after = (await backend.read(memory[region], 0, before[region].length, 'uint8')) as Uint8Array;
    for (const [start, end] of untouchable(guarded, region, after.length, runBatch)) {
      if (Buffer.compare(after.subarray(start, end), before[region].subarray(start, end)) === 0) continue;
      const byte = after.findIndex((value, place) => place >= start && value !== before[region][place]);
      strayWrites.push(`${region} byte ${byte}`);
    }
  }
  return { outputs, strayWrites };
}

function planned(guarded: GuardedProgram, batch: number): GuardedProgram {
  return { ...guarded, plan: planMemory(guarded.program, batch) };
}

function changed(numbers: MemoryArray, { place, factor }: NonNullable<CaseRun['change']>): MemoryArray {
  const copy = numbers.slice();
  copy[place] = copy[place]! * factor;
  return copy;
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

/** Stretches of a region that no instruction has as an output: [first byte, byte after the last]. */
function untouchable(guarded: GuardedProgram, region: string, bytes: number, batch: number): [number, number][] {
  const outputs = guarded.program.instructions
    .flatMap((instruction) => instruction.outputs)
    .filter((operand) => operand.region === region)
    .map((operand) => ({ operand, start: offsetOf(guarded, operand) }))
    .sort((a, b) => a.start - b.start);
  const stretches: [number, number][] = [];
  let end = 0;
  for (const { operand, start } of outputs) {
    stretches.push([end, Math.max(end, start)]);
    end = start + elementCount(operand.shape, batch) * bytesPerElement(operand.dtype);
  }
  return [...stretches, [end, bytes]];
}
