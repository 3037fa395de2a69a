/** The WebAssembly backend: the same C++ as the native one, in workers that share a memory of at most 4 GiB. This file
 * runs in browsers too; who starts the workers is a `WorkerHost`. */
import { bytesPerElement } from '../../core/dtype.ts';
import { BackendError, OptionError } from '../../core/errors.ts';
import type { MemoryPlan } from '../../graph/memory-plan.ts';
import type { Program } from '../../graph/program.ts';
import { encodeProgram } from '../../graph/program-words.ts';
import type {
  Backend,
  BackendMemory,
  HereAndNow,
  LoadedProgram,
  MachinePeak,
  MemoryArray,
  MemoryType,
  RunMemory,
  RunReport,
} from '../backend.ts';
import { memoryArray, memoryView } from '../memory-array.ts';
import { checkCopy, checkRun, type ProgramNeeds } from '../program-checks.ts';
import {
  firstPages,
  type KernelsHere,
  kernelsHere,
  ProgramChecker,
  pageBytes,
  reserveMemory,
} from './kernel-module.ts';
import { Leader } from './leader.ts';
import { RemoteSpace, SharedSpace, type Space, WasmAllocator, type WasmMemory } from './wasm-memory.ts';
import type { WorkerHandle, WorkerHost, WorkerStart } from './worker-host.ts';

/** What a backend is made of. */
export interface WasmParts {
  /** The bytes of cajal-threads.wasm, or of cajal.wasm where `isShared` is false. */
  readonly binary: Uint8Array<ArrayBuffer>;
  readonly host: WorkerHost;
  readonly threads: number;
  /** False in pages that may not share memory: then there is one thread. */
  readonly isShared: boolean;
  /** Collects garbage now, where the surroundings allow that. */
  readonly collectGarbage?: () => void;
}

/** The only instruction set of WebAssembly that cajal has kernels for. */
export const wasmInstructionSet = 'simd128';

/** The stack of each worker, and of the thread that opens the backend; kernels keep some kilobytes on it. */
const stackBytes = 2 ** 20;

/** Starts the backend: compiles the kernels and starts the workers. */
export async function startWasmBackend(parts: WasmParts): Promise<WasmBackend> {
  const { binary, host, threads, isShared } = parts;
  if (!isShared && threads !== 1) {
    throw new OptionError(`wasm backend: expected 1 thread where memory cannot be shared, received ${threads}.`);
  }
  const module = await WebAssembly.compile(binary);
  const checker = await ProgramChecker.create(module, isShared, threads);
  const { memory, maximumPages } = reserveMemory(isShared);
  const heapStart = checker.heapBase + (threads + 1) * stackBytes;
  const pages = Math.max(firstPages, Math.ceil(heapStart / pageBytes));
  if (isShared) memory.grow(pages - firstPages);
  const start = (worker: number): WorkerStart => {
    const stackTop = checker.heapBase + (worker + 1) * stackBytes;
    return { module, ...(isShared && { memory }), firstPages: pages, maximumPages, worker, stackTop, threads };
  };
  const leader = new Leader(host, start(0));
  // The answer says that worker 0 has made the pool ready, which helpers rely on.
  await leader.ask({ task: 'greet' });
  const helpers = Array.from({ length: threads - 1 }, (_, index) =>
    host.spawn(
      start(index + 1),
      () => {},
      () => {},
    ),
  );
  for (const helper of helpers) helper.keepAlive(false);
  const limitBytes = maximumPages * pageBytes;
  const here = isShared ? await kernelsHere(module, memory, heapStart) : undefined;
  const space = isShared ? new SharedSpace(memory, limitBytes) : new RemoteSpace(leader, pages * pageBytes, limitBytes);
  const allocator = new WasmAllocator(space, heapStart, parts.collectGarbage ?? (() => {}));
  const binaryHash = await hashOf(binary);
  const rest = { ...(here && { here }), ...(binaryHash && { binaryHash }) };
  return new WasmBackend({ checker, space, allocator, leader, helpers, threads, ...rest });
}

/** Undefined in pages that are not served by HTTPS: they have no Web Crypto. */
async function hashOf(binary: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (!subtle) return undefined;
  const digest = await subtle.digest('SHA-256', binary);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function checkStatus(status: number): void {
  if (status === 0) return;
  throw new BackendError(`wasm backend: expected a run to end, but it stopped with status ${status}.`);
}

interface WasmProgram extends LoadedProgram {
  readonly needs: ProgramNeeds;
  /** The words, then room for a time per instruction. */
  readonly memory: WasmMemory;
  readonly timesOffset: number;
}

interface BackendParts {
  readonly checker: ProgramChecker;
  readonly space: Space;
  readonly allocator: WasmAllocator;
  readonly leader: Leader;
  /** Absent where memory cannot be shared. */
  readonly here?: KernelsHere;
  readonly helpers: readonly WorkerHandle[];
  readonly threads: number;
  readonly binaryHash?: string;
}

/** Runs programs in workers. Runs are queued; each keeps the memory that it uses. */
export class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly instructionSet: string = wasmInstructionSet;
  readonly threads: number;
  readonly binaryHash?: string;
  readonly here?: HereAndNow;
  readonly #parts: BackendParts;
  /** What runs in progress use: it must not be given to others, even where the caller has dropped it. */
  readonly #inUse = new Set<object>();
  readonly #runs = new Set<Promise<unknown>>();
  #scratch: WasmMemory;
  /** Of runs on the caller's thread, which may happen while a worker uses the other. */
  #scratchHere: WasmMemory;
  #tiles: readonly number[];
  #isClosed = false;

  constructor(parts: BackendParts) {
    this.#parts = parts;
    this.threads = parts.threads;
    if (parts.binaryHash) this.binaryHash = parts.binaryHash;
    this.#scratch = parts.allocator.allocate(0);
    this.#scratchHere = parts.allocator.allocate(0);
    const { here, space } = parts;
    if (here && space instanceof SharedSpace) this.here = this.#hereAndNow(here, space);
    this.#tiles = new Array<number>(parts.threads).fill(0);
  }

  allocate(bytes: number): BackendMemory {
    return this.#parts.allocator.allocate(bytes);
  }

  write(memory: BackendMemory, byteOffset: number, data: ArrayBufferView, dtype: MemoryType, first = 0): void {
    const start = byteOffset + first * bytesPerElement(dtype);
    checkCopy('wasm', memory, start, data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#parts.space.write((memory as WasmMemory).address + start, bytes);
  }

  async read(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): Promise<MemoryArray> {
    const array = memoryArray(dtype, count);
    checkCopy('wasm', memory, byteOffset, array.byteLength);
    const bytes = await this.#parts.space.read((memory as WasmMemory).address + byteOffset, array.byteLength);
    new Uint8Array(array.buffer).set(bytes);
    return array;
  }

  load(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): LoadedProgram {
    this.#checkOpen();
    const words = encodeProgram(program, plan, variableOffsets);
    const needs = this.#parts.checker.check(program, words, plan.batchCapacity);
    const timesOffset = Math.ceil(words.byteLength / 8) * 8;
    const memory = this.#parts.allocator.allocate(timesOffset + program.instructions.length * 8);
    this.write(memory, 0, words, 'int32');
    // Runs in progress hold on to the scratch memory that they were given.
    if (this.#scratch.bytes < needs.scratch) this.#scratch = this.#parts.allocator.allocate(needs.scratch);
    const loaded: WasmProgram = { program, plan, needs, memory, timesOffset };
    return loaded;
  }

  async run(
    loaded: LoadedProgram,
    memory: RunMemory,
    batch: number,
    options: { profile?: boolean } = {},
  ): Promise<RunReport> {
    this.#checkOpen();
    const { program, plan, needs, memory: programMemory, timesOffset } = loaded as WasmProgram;
    checkRun('wasm', needs, memory, batch, plan.batchCapacity);
    const held = { loaded, memory, scratch: this.#scratch };
    this.#inUse.add(held);
    const run = this.#parts.leader.ask({
      task: 'run',
      words: programMemory.address,
      arena: (memory.arena as WasmMemory).address,
      variables: (memory.variables as WasmMemory).address,
      scalars: (memory.scalars as WasmMemory).address,
      batch,
      scratch: this.#scratch.address,
      scratchBytes: this.#scratch.bytes,
      times: options.profile ? programMemory.address + timesOffset : 0,
      instructions: program.instructions.length,
    });
    this.#runs.add(run);
    try {
      const { status, instructionMs, tiles } = await run;
      this.#tiles = tiles!;
      checkStatus(status!);
      return instructionMs ? { instructionMs } : {};
    } finally {
      this.#runs.delete(run);
      this.#inUse.delete(held);
    }
  }

  #hereAndNow(kernels: KernelsHere, space: SharedSpace): HereAndNow {
    return {
      run: (loaded, { arena, variables, scalars }, batch) => {
        this.#checkOpen();
        const { plan, needs, memory } = loaded as WasmProgram;
        checkRun('wasm', needs, { arena, variables, scalars }, batch, plan.batchCapacity);
        if (this.#scratchHere.bytes < needs.scratch) {
          this.#scratchHere = this.#parts.allocator.allocate(needs.scratch);
        }
        const places = [memory, arena, variables, scalars] as [WasmMemory, WasmMemory, WasmMemory, WasmMemory];
        const [words, ...regions] = places.map(({ address }) => address) as [number, number, number, number];
        const { address, bytes } = this.#scratchHere;
        checkStatus(kernels.cajal_run_here(words, ...regions, batch, address, bytes));
      },
      view: (memory, byteOffset, count, dtype) => {
        checkCopy('wasm', memory, byteOffset, count * bytesPerElement(dtype));
        return memoryView(dtype, space.buffer, (memory as WasmMemory).address + byteOffset, count);
      },
    };
  }

  async measurePeak(): Promise<MachinePeak> {
    this.#checkOpen();
    // Of two numbers, before the memory that the streams go through.
    const answerBytes = 64;
    const memory = this.#parts.allocator.allocate(answerBytes + this.#parts.checker.peakBytes);
    this.#inUse.add(memory);
    const run = this.#parts.leader.ask({ task: 'measure', address: memory.address, answerBytes });
    this.#runs.add(run);
    try {
      const [gflops, gbPerSecond] = (await run).peak!;
      return { gflops: gflops!, gbPerSecond: gbPerSecond! };
    } finally {
      this.#runs.delete(run);
      this.#inUse.delete(memory);
    }
  }

  /** How many tiles of work each thread had done after the last run; the first one runs the programs. */
  tilesRun(): readonly number[] {
    return this.#tiles;
  }

  /** Bytes of WebAssembly memory in use. */
  get bytesInUse(): number {
    return this.#parts.allocator.bytesInUse;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#runs);
    await Promise.all([this.#parts.leader.close(), ...this.#parts.helpers.map((helper) => helper.terminate())]);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new BackendError('wasm backend: expected an open backend, but close() was called.');
  }
}
