/** The reference backend. Its memory has one float64 slot per BYTE of the planned regions: element i of whatever starts
 * at byte o lies in slot o + i. So it runs the same plans as the others, at eight times their memory; a read or write
 * must begin where a buffer, variable or scalar begins. */
import { BackendError } from '../../core/errors.ts';
import { withBatch } from '../../core/shape.ts';
import type { MemoryPlan } from '../../graph/memory-plan.ts';
import type { Instruction, Operand, Program } from '../../graph/program.ts';
import { alignmentBytes } from '../../graph/program-words.ts';
import type {
  Backend,
  BackendMemory,
  LoadedProgram,
  MemoryArray,
  MemoryType,
  RunMemory,
  RunReport,
} from '../backend.ts';
import { runElementwise } from './elementwise.ts';
import type { Kernel, KernelName, View } from './kernel.ts';
import { kernels } from './kernels.ts';

interface ReferenceMemory extends BackendMemory {
  readonly slots: Float64Array;
}

interface ReferenceProgram extends LoadedProgram {
  readonly variableOffsets: readonly number[];
}

const arrayClasses = { float32: Float32Array, uint8: Uint8Array, int32: Int32Array };

/** The longest time that instructions run before other work of this thread gets its turn. */
const turnMs = 8;

/** Runs programs in float64 on the caller's thread. */
export class ReferenceBackend implements Backend {
  readonly name = 'reference';
  readonly instructionSet = 'float64';
  readonly threads = 1;

  allocate(bytes: number): BackendMemory {
    try {
      const memory: ReferenceMemory = { bytes, slots: new Float64Array(bytes) };
      return memory;
    } catch (cause) {
      throw new BackendError(
        `reference backend: expected to get memory for ${bytes} numbers, and there is not enough. ` +
          'Use a smaller batch, or the native or wasm backend, which need an eighth of it.',
        { cause },
      );
    }
  }

  write(memory: BackendMemory, byteOffset: number, data: ArrayBufferView, dtype: MemoryType, first = 0): void {
    const bytes = Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    slotsOf(memory).set(new arrayClasses[dtype](bytes.buffer), byteOffset + first);
  }

  /** Stores numbers as they are, with all their bits: for checks of gradients by small differences. */
  writeExact(memory: BackendMemory, byteOffset: number, data: Float64Array): void {
    slotsOf(memory).set(data, byteOffset);
  }

  async read(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): Promise<MemoryArray> {
    return new arrayClasses[dtype](this.readExact(memory, byteOffset, count));
  }

  /** The numbers as they were computed, before they are rounded to float32. */
  readExact(memory: BackendMemory, byteOffset: number, count: number): Float64Array {
    return slotsOf(memory).slice(byteOffset, byteOffset + count);
  }

  load(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): LoadedProgram {
    for (const instruction of program.instructions) {
      if (instruction.kind === 'kernel' && !Object.hasOwn(kernels, instruction.op)) {
        throw new BackendError(
          `reference backend: expected an op with a kernel, received "${instruction.op}" (${instruction.label}). ` +
            'Elementwise ops run inside elementwise instructions; leaves and aliases are no instructions.',
        );
      }
    }
    const loaded: ReferenceProgram = { program, plan, variableOffsets };
    return loaded;
  }

  /** Runs on the caller's thread, because a worker could not share its memory without more machinery than an oracle
   * should have; between instructions it gives other work its turn every few milliseconds. */
  async run(
    loaded: LoadedProgram,
    memory: RunMemory,
    batch: number,
    options: { profile?: boolean } = {},
  ): Promise<RunReport> {
    const { instructions } = loaded.program;
    const instructionMs = new Float64Array(instructions.length);
    let turnStart = performance.now();
    for (const [index, instruction] of instructions.entries()) {
      const start = performance.now();
      const viewOf = (operand: Operand) => view(operand, loaded as ReferenceProgram, memory, batch);
      runInstruction(instruction, instruction.inputs.map(viewOf), instruction.outputs.map(viewOf));
      const end = performance.now();
      instructionMs[index] = end - start;
      if (end - turnStart < turnMs) continue;
      await new Promise((resolve) => setTimeout(resolve));
      turnStart = performance.now();
    }
    return options.profile ? { instructionMs } : {};
  }

  async close(): Promise<void> {}
}

function slotsOf(memory: BackendMemory): Float64Array {
  return (memory as ReferenceMemory).slots;
}

function view(operand: Operand, loaded: ReferenceProgram, memory: RunMemory, batch: number): View {
  const starts = {
    arena: loaded.plan.offsets[operand.buffer],
    variables: loaded.variableOffsets[operand.buffer],
    scalars: operand.buffer * alignmentBytes,
  };
  const start = starts[operand.region]!;
  const shape = withBatch(operand.shape, batch);
  const count = shape.reduce((product, size) => product * size, 1);
  return { values: slotsOf(memory[operand.region]).subarray(start, start + count), shape };
}

function runInstruction(instruction: Instruction, inputs: readonly View[], outputs: readonly View[]): void {
  if (instruction.kind === 'elementwise') {
    runElementwise(instruction.code, inputs, outputs);
    return;
  }
  if (instruction.kind === 'product') {
    const { shape } = outputs[0]!;
    const product: View = { values: new Float64Array(shape.reduce((count, size) => count * size, 1)), shape };
    kernels.matMul(inputs.slice(0, 2), [product], instruction.attributes);
    runElementwise(instruction.code, [product, ...inputs.slice(2)], outputs);
    return;
  }
  const kernel = kernels[instruction.op as KernelName] as Kernel<KernelName>;
  kernel(inputs, outputs, instruction.attributes as never);
}
