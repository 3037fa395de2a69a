/** Opens the WebAssembly backend in a page: with threads where the page is cross-origin isolated, else with one. Kernels
 * run in workers either way, but for programs of some microseconds, so the page's own thread never waits for them. */
import { BackendError, OptionError } from '../../../core/errors.ts';
import { threadCount } from '../../program-checks.ts';
import { startWasmBackend, type WasmBackend, wasmInstructionSet } from '../wasm-backend.ts';
import { browserWorkerHost } from './browser-worker-host.ts';

/** What may be asked of the WebAssembly backend in a page. */
export interface BrowserWasmOptions {
  /** Only `simd128` exists. */
  readonly instructionSet?: string;
  /** From 1 to 128; by default as many as the machine runs at once, or 1 where the page is not cross-origin isolated. */
  readonly threads?: number;
  /** Address of the folder with `cajal.wasm` and `cajal-threads.wasm`; by default the package's own, seen from this module. */
  readonly wasmUrl?: string | URL;
}

/** Bundlers that know the form `new URL('…', import.meta.url)` take the files along. */
function packagedBinary(isShared: boolean): URL {
  return isShared
    ? new URL('../../../../build/wasm/cajal-threads.wasm', import.meta.url)
    : new URL('../../../../build/wasm/cajal.wasm', import.meta.url);
}

function binaryAddress(isShared: boolean, folder: string | URL | undefined): string {
  if (folder !== undefined) {
    return `${String(folder).replace(/\/$/, '')}/${isShared ? 'cajal-threads.wasm' : 'cajal.wasm'}`;
  }
  try {
    return packagedBinary(isShared).href;
  } catch {
    throw new BackendError(
      'wasm backend: expected a module that knows its address, received a bundle without one. ' +
        'Say by wasmUrl where the folder with cajal.wasm and cajal-threads.wasm is.',
    );
  }
}

/** Where kernels were looked for in vain. */
function missing(address: string, reason: string): BackendError {
  return new BackendError(
    `wasm backend: expected its kernels at ${address}, received ${reason}. ` +
      "Serve the package's build/wasm there, or say by wasmUrl where it is.",
  );
}

async function fetchBinary(address: string): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw missing(address, `"${(error as Error).message}"`);
  }
  if (!response.ok) throw missing(address, `status ${response.status}`);
  const binary = new Uint8Array(await response.arrayBuffer());
  // Servers of single-page applications answer with their page where a file is missing.
  const isWasm = String.fromCharCode(...binary.subarray(0, 4)) === '\0asm';
  if (!isWasm) throw missing(address, `other content (${response.headers.get('content-type') ?? 'of no type'})`);
  return binary;
}

/**
 * Starts the WebAssembly backend in a page or in a worker of it.
 *
 * @throws BackendError where the kernels cannot be fetched, compiled or started, or another instruction set was asked for
 * @throws OptionError where `threads` is not a whole number from 1 to 128, or more than 1 in a page that is not isolated
 * @example
 * const backend = await openWasmBackend({ wasmUrl: '/assets/cajal' });
 */
export async function openWasmBackend(options: BrowserWasmOptions = {}): Promise<WasmBackend> {
  const { instructionSet = wasmInstructionSet, wasmUrl } = options;
  if (instructionSet !== wasmInstructionSet) {
    throw new BackendError(
      `wasm backend: expected an instruction set of WebAssembly, received "${instructionSet}". Choose from ${wasmInstructionSet}.`,
    );
  }
  const isShared = crossOriginIsolated;
  const threads = threadCount('wasm', options.threads, isShared ? Math.min(navigator.hardwareConcurrency, 128) : 1);
  if (threads > 1 && !isShared) {
    throw new OptionError(
      `wasm backend: expected 1 thread in a page that is not cross-origin isolated, received ${threads}. Serve it with ` +
        '"Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp".',
    );
  }
  const binary = await fetchBinary(binaryAddress(isShared, wasmUrl));
  try {
    return await startWasmBackend({ binary, host: browserWorkerHost, threads, isShared });
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new BackendError(
      `wasm backend: expected a page that compiles WebAssembly with SIMD, received "${error.message}". Use a newer browser, ` +
        'or allow "wasm-unsafe-eval" where the page has a Content-Security-Policy.',
      { cause: error },
    );
  }
}
