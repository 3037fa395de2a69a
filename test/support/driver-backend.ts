/** A backend that sends each run to another process, test/native/kernel_driver.cc: kernels of another processor under an
 * emulator, or kernels that a sanitizer watches. A process that ends, as a sanitizer ends it, fails the run that it was in,
 * with the first lines that it wrote; the next run starts another one. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import type {
  Backend,
  BackendMemory,
  LoadedProgram,
  MemoryArray,
  MemoryType,
  RunMemory,
  RunReport,
} from '../../src/backends/backend.ts';
import { memoryArray } from '../../src/backends/memory-array.ts';
import { refusedProgram } from '../../src/backends/program-checks.ts';
import { bytesPerElement } from '../../src/core/dtype.ts';
import { BackendError } from '../../src/core/errors.ts';
import type { MemoryPlan } from '../../src/graph/memory-plan.ts';
import type { Program } from '../../src/graph/program.ts';
import { encodeProgram } from '../../src/graph/program-words.ts';

/** Names the program that runs kernels, with an emulator before it where it needs one, apart by spaces. */
export const driverVariable = 'CAJAL_KERNEL_DRIVER';

/** The instruction sets that a driver can run here. @throws Error where it does not start */
export function instructionSetsOf(command: string): string[] {
  const [file = '', ...args] = command.split(' ');
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
  if (status === 0) return stdout.trim().split('\n');
  throw new Error(`${driverVariable}: expected that ${command} starts, but ${error?.message ?? stderr}`);
}

interface DriverMemory extends BackendMemory {
  readonly data: Uint8Array;
}

interface DriverProgram extends LoadedProgram {
  readonly words: Int32Array;
}

/** What kernel_driver.cc writes before the reason of a refusal and the memory. */
const answerHeadBytes = 4 * 8;

/** How much of what a sanitizer says a failure repeats. */
const shownLines = 14;

/** Runs one program at a time; calls must not overlap. */
export class DriverBackend implements Backend {
  readonly name = 'native';
  readonly instructionSet: string;
  readonly threads: number;
  readonly #command: readonly string[];
  #process: ChildProcessWithoutNullStreams | undefined;
  #tiles = 0;

  constructor(command: string, instructionSet: string, threads: number) {
    this.#command = [...command.split(' '), instructionSet, String(threads)];
    this.instructionSet = instructionSet;
    this.threads = threads;
  }

  allocate(bytes: number): BackendMemory {
    const memory: DriverMemory = { bytes, data: new Uint8Array(bytes) };
    return memory;
  }

  write(memory: BackendMemory, byteOffset: number, data: ArrayBufferView, dtype: MemoryType, first = 0): void {
    const start = byteOffset + first * bytesPerElement(dtype);
    (memory as DriverMemory).data.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  }

  async read(memory: BackendMemory, byteOffset: number, count: number, dtype: MemoryType): Promise<MemoryArray> {
    const array = memoryArray(dtype, count);
    const from = (memory as DriverMemory).data.subarray(byteOffset, byteOffset + array.byteLength);
    new Uint8Array(array.buffer).set(from);
    return array;
  }

  load(program: Program, plan: MemoryPlan, variableOffsets: readonly number[]): LoadedProgram {
    const loaded: DriverProgram = { program, plan, words: encodeProgram(program, plan, variableOffsets) };
    return loaded;
  }

  async run(loaded: LoadedProgram, memory: RunMemory, batch: number): Promise<RunReport> {
    const { program, plan, words } = loaded as DriverProgram;
    const regions = [memory.arena, memory.variables, memory.scalars].map((region) => (region as DriverMemory).data);
    const sizes = regions.map(({ length }) => length);
    const head = Float64Array.of(words.length, plan.batchCapacity, batch, ...sizes);
    const answer = await this.#exchange([head, words, ...regions]);
    const [status, instruction, reasonBytes, tiles] = answer.head;
    this.#tiles = tiles!;
    let at = reasonBytes!;
    for (const region of regions.slice(0, 2)) {
      region.set(answer.body.subarray(at, at + region.length));
      at += region.length;
    }
    if (status === 0) return {};
    const reason = answer.body.subarray(0, reasonBytes).toString();
    if (reason !== '') throw refusedProgram('native', program, instruction!, reason);
    throw new BackendError(`kernel driver: expected status 0, received ${status}.`);
  }

  /** Tiles of work so far, as native-backend.ts counts them. */
  tilesRun(): number[] {
    return [this.#tiles];
  }

  async close(): Promise<void> {
    this.#process?.stdin.end();
    this.#process = undefined;
  }

  /** Sends a request and waits for the whole answer, or for the end of the process. */
  #exchange(parts: readonly ArrayBufferView[]): Promise<{ head: Float64Array; body: Buffer }> {
    const driver = this.#start();
    const bodyBytes = parts[2]!.byteLength + parts[3]!.byteLength;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const errors: Buffer[] = [];
      let received = 0;
      const settle = (action: () => void) => {
        driver.stdout.removeAllListeners('data');
        driver.stderr.removeAllListeners('data');
        driver.removeAllListeners('close');
        action();
      };
      driver.stdout.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received < answerHeadBytes) return;
        const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
        chunks.splice(0, chunks.length, bytes);
        const head = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + answerHeadBytes));
        if (received < answerHeadBytes + head[2]! + bodyBytes) return;
        settle(() => resolve({ head, body: bytes.subarray(answerHeadBytes) }));
      });
      driver.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
      driver.on('close', (code, signal) => {
        this.#process = undefined;
        const lines = Buffer.concat(errors).toString().trim().split('\n').slice(0, shownLines).join('\n');
        const ending = signal ?? `exit code ${code}`;
        settle(() =>
          reject(new BackendError(`kernel driver: expected an answer, but it ended with ${ending}.\n${lines}`)),
        );
      });
      for (const part of parts) driver.stdin.write(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    });
  }

  #start(): ChildProcessWithoutNullStreams {
    if (this.#process) return this.#process;
    const [file, ...args] = this.#command;
    const driver = spawn(file!, args);
    driver.stdin.on('error', () => {}); // The process has ended; `close` says how.
    this.#process = driver;
    return driver;
  }
}
