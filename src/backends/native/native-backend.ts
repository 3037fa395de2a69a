/** The native backend: programs run in C++ on threads of their own, with the best kernels this machine has. */
import { createHash } from 'node:crypto';
import os from 'node:os';
import { bytesPerElement } from '../../core/dtype.ts';
import { BackendError } from '../../core/errors.ts';
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
import { checkCopy, checkRun, type ProgramNeeds, refusedProgram, threadCount } from '../program-checks.ts';
import { type Addon, findAddon, type Handle, readAddonFile } from './addon.ts';

/** What may be asked of the native backend; environment variables stand in for what is not given. */
export interface NativeBackendOptions {
  /** `baseline`, `avx2` or `avx512` on x86-64, `neon` on ARM; by default CAJAL_ISA, or the best that the machine has. */
  readonly instructionSet?: string;
  /** From 1 to 128; by default CAJAL_THREADS, or as many as the machine runs at once. */
  readonly threads?: number;
}

/** Whether a backend can be had here, as `cajal doctor` tells it. */
export interface Availability {
  readonly available: boolean;
  /** Instruction sets that can be asked for, slowest first. */
  readonly instructionSets: readonly string[];
  /** What was not found or cannot be used, one line each. */
  readonly reasons: readonly string[];
  /** What to do to get it. */
  readonly howToGet?: string;
}

const howToGet = 'Install g++, make and python3, then run `npm rebuild cajal` (in a clone: `npm run build:native`).';

/** Whether the native backend can be had, with which instruction sets, and why not. */
export function nativeAvailability(): Availability {
  const { addon, reasons } = findAddon();
  if (!addon) return { available: false, instructionSets: [], reasons, howToGet };
  const sets = addon.instructionSets();
  const missing = sets.filter(([, isSupported]) => !isSupported);
  return {
    available: true,
    instructionSets: sets.filter(([, isSupported]) => isSupported).map(([name]) => name),
    reasons: [...reasons, ...missing.map(([name]) => `${name}: this processor does not have it`)],
  };
}

/**
 * Starts the native backend.
 *
 * @throws BackendError where there is no addon, or no such instruction set
 * @throws OptionError where `threads` is not a whole number from 1 to 128
 * @example
 * const backend = await openNativeBackend({ threads: 2 });
 */
export async function openNativeBackend(options: NativeBackendOptions = {}): Promise<NativeBackend> {
  const { addon, file } = findAddon();
  const { instructionSets, reasons } = nativeAvailability();
  if (!addon || !file) {
    throw new BackendError(
      `native backend: expected a native addon, received none (${reasons.join('; ')}). ${howToGet}`,
    );
  }
  const wanted = options.instructionSet ?? (process.env.CAJAL_ISA || instructionSets.at(-1)!);
  if (!instructionSets.includes(wanted)) {
    throw new BackendError(
      `native backend: expected an instruction set of this machine, received "${wanted}". ` +
        `Choose from ${instructionSets.join(', ')}.`,
    );
  }
  const threads = threadCount('native', options.threads ?? process.env.CAJAL_THREADS, os.availableParallelism());
  const hash = createHash('sha256').update(readAddonFile(file)).digest('hex');
  return new NativeBackend(addon, wanted, threads, hash);
}

function stopped(error: Error): BackendError {
  return new BackendError(`native backend: expected a run to end, but ${error.message}.`, { cause: error });
}

interface NativeMemory extends BackendMemory {
  readonly handle: Handle<'memory'>;
  /** Made when it is first needed. */
  buffer?: ArrayBuffer;
}

interface NativeProgram extends LoadedProgram {
  readonly handle: Handle<'program'>;
  readonly needs: ProgramNeeds;
}

/** Runs programs in C++. Runs are queued; each keeps the memory that it uses. */
export class NativeBackend implements Backend {
  readonly name = 'native';
  readonly instructionSet: string;
  readonly threads: number;
  readonly binaryHash: string;
  readonly #addon: Addon;
  readonly #engine: Handle<'engine'>;
  readonly #runs = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(addon: Addon, instructionSet: string, threads: number, binaryHash: string) {
    this.#addon = addon;
    this.instructionSet = instructionSet;
    this.threads = threads;
    this.binaryHash = binaryHash;
    this.#engine = addon.createEngine(instructionSet, threads);
  }

  allocate(bytes: number): BackendMemory {
    const handle = Number.isSafeInteger(bytes) && bytes >= 0 ? this.#addon.allocate(bytes) : undefined;
    if (!handle) {
      const freeMiB = Math.floor(os.freemem() / 2 ** 20);
      throw new BackendError(
        `native backend: expected that the system has ${bytes} bytes of memory, but it refused (${freeMiB} MiB are free). ` +
          'Use a smaller batch or smaller pictures.',
      );
    }
    const memory: NativeMemory = { bytes, handle };
    return memory;
  }

  write(memory: BackendMemory, byteOffset: number, data: ArrayBufferView, dtype: MemoryType, first = 0): void {
    const start = byteOffset + first * bytesPerElement(dtype);
    checkCopy('native', memory, start, data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#addon.write((memory as NativeMemory).handle, start, bytes);
  }

  async read(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): Promise<MemoryArray> {
    const array = memoryArray(dtype, count);
    checkCopy('native', memory, byteOffset, array.byteLength);
    this.#addon.read((memory as NativeMemory).handle, byteOffset, new Uint8Array(array.buffer));
    return array;
  }

  load(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): LoadedProgram {
    this.#checkOpen();
    const words = encodeProgram(program, plan, variableOffsets);
    const answer = this.#addon.load(this.#engine, words, plan.batchCapacity);
    if (answer.length === 3) throw refusedProgram('native', program, answer[0], answer[2]);
    const [handle, [arena, variables, scalars, scratch]] = answer;
    const loaded: NativeProgram = { program, plan, handle, needs: { arena, variables, scalars, scratch } };
    return loaded;
  }

  async run(
    loaded: LoadedProgram,
    memory: RunMemory,
    batch: number,
    options: { profile?: boolean } = {},
  ): Promise<RunReport> {
    const given = this.#checkedRun(loaded, memory, batch);
    const instructionMs = await this.#finish(this.#addon.run(...given, options.profile ?? false));
    return instructionMs ? { instructionMs } : {};
  }

  readonly here: HereAndNow = {
    run: (loaded, memory, batch) => {
      const given = this.#checkedRun(loaded, memory, batch);
      try {
        this.#addon.runHere(...given);
      } catch (error) {
        throw stopped(error as Error);
      }
    },
    view: (memory, byteOffset, count, dtype) => {
      checkCopy('native', memory, byteOffset, count * bytesPerElement(dtype));
      const native = memory as NativeMemory;
      native.buffer ??= this.#addon.buffer(native.handle);
      return memoryView(dtype, native.buffer, byteOffset, count);
    },
  };

  #checkedRun(loaded: LoadedProgram, memory: RunMemory, batch: number): Parameters<Addon['runHere']> {
    this.#checkOpen();
    const { handle, needs, plan } = loaded as NativeProgram;
    checkRun('native', needs, memory, batch, plan.batchCapacity);
    const { arena, variables, scalars } = memory as Record<keyof RunMemory, NativeMemory>;
    return [this.#engine, handle, arena.handle, variables.handle, scalars.handle, batch];
  }

  async measurePeak(): Promise<MachinePeak> {
    this.#checkOpen();
    const [gflops, gbPerSecond] = await this.#finish(this.#addon.measurePeak(this.#engine));
    return { gflops: gflops!, gbPerSecond: gbPerSecond! };
  }

  async #finish<Answer>(run: Promise<Answer>): Promise<Answer> {
    this.#runs.add(run);
    try {
      return await run;
    } catch (error) {
      throw stopped(error as Error);
    } finally {
      this.#runs.delete(run);
    }
  }

  /** How many tiles of work each thread has done so far; the first one is the engine's own. */
  tilesRun(): number[] {
    this.#checkOpen();
    return this.#addon.tilesRun(this.#engine);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#runs);
    this.#addon.closeEngine(this.#engine);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new BackendError('native backend: expected an open backend, but close() was called.');
  }
}
