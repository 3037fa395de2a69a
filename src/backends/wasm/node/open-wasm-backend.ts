/** Opens the WebAssembly backend in Node. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { BackendError } from '../../../core/errors.ts';
import { threadCount } from '../../program-checks.ts';
import { startWasmBackend, type WasmBackend, wasmInstructionSet } from '../wasm-backend.ts';
import { collectGarbage, nodeWorkerHost } from './node-worker-host.ts';

/** What may be asked of the WebAssembly backend; environment variables stand in for what is not given. */
export interface WasmBackendOptions {
  /** Only `simd128` exists; by default CAJAL_ISA is compared with it. */
  readonly instructionSet?: string;
  /** From 1 to 128; by default CAJAL_THREADS, or as many as the machine runs at once. */
  readonly threads?: number;
  /** False uses the kernels for pages that may not share memory, with one thread. */
  readonly isShared?: boolean;
}

/** Whether the backend can be had here, as `cajal doctor` tells it. */
export interface WasmAvailability {
  readonly available: boolean;
  readonly instructionSets: readonly string[];
  readonly reasons: readonly string[];
  readonly howToGet?: string;
}

const howToGet = 'In a clone run `npm ci && npm run build:wasm`; a published package contains it, so install it again.';

/** Sources and dist/ lie equally deep below the package. */
function binaryFile(isShared: boolean): string {
  const name = isShared ? 'cajal-threads.wasm' : 'cajal.wasm';
  return fileURLToPath(new URL(`../../../../build/wasm/${name}`, import.meta.url));
}

/** Whether the WebAssembly backend can be had, and why not. */
export function wasmAvailability(): WasmAvailability {
  const file = binaryFile(true);
  if (existsSync(file)) return { available: true, instructionSets: [wasmInstructionSet], reasons: [] };
  return { available: false, instructionSets: [], reasons: [`${file}: there is no such file`], howToGet };
}

/**
 * Starts the WebAssembly backend.
 *
 * @throws BackendError where the kernels were not built, or another instruction set was asked for
 * @throws OptionError where `threads` is not a whole number from 1 to 128
 * @example
 * const backend = await openWasmBackend({ threads: 2 });
 */
export async function openWasmBackend(options: WasmBackendOptions = {}): Promise<WasmBackend> {
  const isShared = options.isShared ?? true;
  const file = binaryFile(isShared);
  if (!existsSync(file)) {
    throw new BackendError(`wasm backend: expected its kernels in ${file}, received no such file. ${howToGet}`);
  }
  const wanted = options.instructionSet ?? (process.env.CAJAL_ISA || wasmInstructionSet);
  if (wanted !== wasmInstructionSet) {
    throw new BackendError(
      `wasm backend: expected an instruction set of WebAssembly, received "${wanted}". Choose from ${wasmInstructionSet}.`,
    );
  }
  const threads = threadCount('wasm', options.threads ?? process.env.CAJAL_THREADS, os.availableParallelism());
  const binary = new Uint8Array(await readFile(file));
  return startWasmBackend({ binary, host: nodeWorkerHost, threads, isShared, collectGarbage });
}
