/** The compiled kernels as JavaScript sees them (native/wasm/exports.cc), over one memory. */
import { BackendError } from '../../core/errors.ts';
import type { Program } from '../../graph/program.ts';
import { type ProgramNeeds, refusedProgram } from '../program-checks.ts';

/** Bytes of a page, the unit in which memory grows. */
export const pageBytes = 65536;

/** The most memory that 32-bit addresses reach: 4 GiB. */
const mostPages = 65536;

/** Pages of a memory at its start: room for the module's own data. */
export const firstPages = 64;

/** A memory and the number of pages that it may grow to. */
export interface ReservedMemory {
  readonly memory: WebAssembly.Memory;
  readonly maximumPages: number;
}

/** Memory with room to grow: to 4 GiB, or to what the system lets a process reserve. */
export function reserveMemory(isShared: boolean): ReservedMemory {
  for (let maximumPages = mostPages; ; maximumPages /= 2) {
    try {
      const memory = new WebAssembly.Memory({ initial: firstPages, maximum: maximumPages, shared: isShared });
      return { memory, maximumPages };
    } catch (error) {
      if (maximumPages > 1024) continue;
      throw new BackendError(
        `wasm backend: expected that the system reserves ${maximumPages * pageBytes} bytes of addresses, ` +
          `but: ${(error as Error).message}. Raise the memory limit of the process.`,
      );
    }
  }
}

/** The kernels over the workers' memory, to be called from the thread that opened the backend. */
export interface KernelsHere {
  readonly __stack_pointer: WebAssembly.Global;
  /** Answers a status; 0 is well. */
  cajal_run_here(
    words: number,
    arena: number,
    variables: number,
    scalars: number,
    batch: number,
    scratch: number,
    scratchBytes: number,
  ): number;
}

/** Makes them, after worker 0 has written the module's data: two threads that do it at once wait, which pages forbid. */
export async function kernelsHere(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  stackTop: number,
): Promise<KernelsHere> {
  const instance = await WebAssembly.instantiate(module, { env: { memory, now_ms: () => performance.now() } });
  const kernels = instance.exports as unknown as KernelsHere;
  kernels.__stack_pointer.value = stackTop;
  return kernels;
}

interface CheckerExports {
  readonly __heap_base: WebAssembly.Global;
  cajal_open(threads: number): void;
  cajal_peak_bytes(): number;
  cajal_check(words: number, wordCount: number, batchCapacity: number, answer: number): number;
}

/** Checks programs here and now, in a small memory of its own; it runs nothing. */
export class ProgramChecker {
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: CheckerExports;

  private constructor(memory: WebAssembly.Memory, kernels: CheckerExports) {
    this.#memory = memory;
    this.#kernels = kernels;
  }

  /** @param threads of the backend, on which the size of scratch memory depends */
  static async create(module: WebAssembly.Module, isShared: boolean, threads: number): Promise<ProgramChecker> {
    const memory = new WebAssembly.Memory({ initial: firstPages, maximum: 4096, shared: isShared });
    const instance = await WebAssembly.instantiate(module, { env: { memory, now_ms: () => performance.now() } });
    const kernels = instance.exports as unknown as CheckerExports;
    kernels.cajal_open(threads);
    return new ProgramChecker(memory, kernels);
  }

  /** The first address behind the module's own data, the same in each memory. */
  get heapBase(): number {
    return this.#kernels.__heap_base.value as number;
  }

  /** Bytes of memory that measuring the machine's peak needs. */
  get peakBytes(): number {
    return this.#kernels.cajal_peak_bytes();
  }

  /** What the program needs. @throws BackendError where it was refused */
  check(program: Program, words: Int32Array, batchCapacity: number): ProgramNeeds {
    const answerAt = Math.ceil(this.heapBase / 64) * 64;
    const wordsAt = answerAt + 64;
    const missing = wordsAt + words.byteLength - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    new Int32Array(this.#memory.buffer, wordsAt, words.length).set(words);
    const status = this.#kernels.cajal_check(wordsAt, words.length, batchCapacity, answerAt);
    const answer = new Float64Array(this.#memory.buffer, answerAt, 7);
    if (status !== 0) throw refusedProgram('wasm', program, answer[4]!, this.#text(answer[6]!));
    const [arena, variables, scalars, scratch] = answer as unknown as [number, number, number, number];
    return { arena, variables, scalars, scratch };
  }

  #text(address: number): string {
    const bytes = new Uint8Array(this.#memory.buffer, address, 256).slice();
    return String.fromCharCode(...bytes.subarray(0, bytes.indexOf(0)));
  }
}
