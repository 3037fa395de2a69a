/** What the engine asks of a backend: memory, and running programs. The rest of cajal knows no backend. */
import type { MemoryPlan } from '../graph/memory-plan.ts';
import type { Program } from '../graph/program.ts';

/** The backends, fastest first. */
export const backendNames = ['native', 'wasm', 'reference'] as const;
export type BackendName = (typeof backendNames)[number];

/** Memory that belongs to a backend. It is freed when nothing refers to it any more. */
export interface BackendMemory {
  readonly bytes: number;
}

/** A program made ready for one backend, with its memory planned for `plan.batchCapacity` examples. */
export interface LoadedProgram {
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** Where one run of a program finds its numbers. */
export interface RunMemory {
  readonly arena: BackendMemory;
  readonly variables: BackendMemory;
  readonly scalars: BackendMemory;
}

/** What a run can tell about itself. */
export interface RunReport {
  /** Milliseconds of each instruction, where they were asked for. */
  readonly instructionMs?: Float64Array;
}

/** The most that a machine can do with a backend, its instruction set and its threads. */
export interface MachinePeak {
  /** Billions of float32 operations a second: multiply-adds in registers, each counted as two. */
  readonly gflops: number;
  /** Billions of bytes a second that are read and written in memory: the better of reading and copying 128 MiB. */
  readonly gbPerSecond: number;
}

/** Running on the caller's thread, which is blocked meanwhile: for programs of some microseconds, of which handing them
 * to another thread takes more than running them. The results are those of `run` to the bit. */
export interface HereAndNow {
  run(loaded: LoadedProgram, memory: RunMemory, batch: number): void;
  /** Memory itself as an array, as long as the memory is held; not to be used while a run of its own is in progress. */
  view(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): MemoryArray;
}

/** A way to run programs. Calls must not overlap on the same memory; the engine sees to that. */
export interface Backend {
  readonly name: BackendName;
  /** The instruction set that kernels were compiled for: `avx512`, `simd128`, `float64`. */
  readonly instructionSet: string;
  readonly threads: number;
  /** SHA-256 of the kernel binary, which a run records; absent for the reference. */
  readonly binaryHash?: string;

  /** Memory of so many bytes, all zero. @throws BackendError where there is not enough */
  allocate(bytes: number): BackendMemory;
  /** Copies numbers to the buffer or variable at `byteOffset`, from its element `first` (default 0) on. The reference
   * keeps every number as float64, so it must know `dtype` too. */
  write(memory: BackendMemory, byteOffset: number, data: ArrayBufferView, dtype: MemoryType, first?: number): void;
  /** Copies `count` numbers out; asynchronous because a GPU has no other way. */
  read(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): Promise<MemoryArray>;
  /** Makes a program ready. @throws BackendError where it has an instruction without a kernel */
  load(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): LoadedProgram;
  /** Runs a program once, off the caller's thread. */
  run(loaded: LoadedProgram, memory: RunMemory, batch: number, options?: { profile?: boolean }): Promise<RunReport>;
  /** Runs without waiting; absent where memory cannot be reached from the caller's thread. */
  readonly here?: HereAndNow;
  /** Measures what this machine can do, in about a quarter of a second; absent where there is nothing to compare with. */
  measurePeak?(): Promise<MachinePeak>;
  /** Stops the backend's threads. Safe never to be called: they do not keep the process alive. */
  close(): Promise<void>;
}

/** The element types that memory is read and written in. */
export type MemoryType = 'float32' | 'uint8' | 'int32';
export type MemoryArray = Float32Array | Uint8Array | Int32Array;
