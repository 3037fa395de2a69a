/** Protects the WebAssembly backend's door in pages on machines without a browser: its own script and messages run here, in
 * threads of Node that are made to look like Web Workers. What only a browser knows is in test/browser. */
import assert from 'node:assert/strict';
import { resolveObjectURL } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import { openWasmBackend } from '../../src/backends/wasm/browser/index.ts';
import { wasmAvailability } from '../../src/backends/wasm/node/index.ts';
import { elementwiseProgram, prepare } from '../native/programs.ts';

const folder = fileURLToPath(new URL('../../build/wasm/', import.meta.url));

const surroundings = `
const { parentPort } = require('node:worker_threads');
globalThis.self = { postMessage: (message) => parentPort.postMessage(message) };
parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** Just as much of a Web Worker as the backend uses. */
class PageWorker {
  static names: string[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: (event: { message: string; preventDefault(): void }) => void = () => {};
  readonly #thread: Promise<Thread>;

  constructor(url: string, { name }: { name: string }) {
    PageWorker.names.push(name);
    this.#thread = this.#start(resolveObjectURL(url)!);
  }

  async #start(script: { text(): Promise<string> }): Promise<Thread> {
    const thread = new Thread(surroundings + (await script.text()), { eval: true });
    thread.on('message', (data) => this.onmessage({ data }));
    thread.on('error', ({ message }) => this.onerror({ message, preventDefault() {} }));
    return thread;
  }

  postMessage(message: unknown): void {
    void this.#thread.then((thread) => thread.postMessage(message));
  }

  terminate(): void {
    void this.#thread.then((thread) => thread.terminate());
  }
}

/** A worker that a page's policy forbids, at once or a little later. */
const forbidden = (isAtOnce: boolean) =>
  class {
    onerror: (event: { preventDefault(): void }) => void = () => {};
    constructor() {
      if (isAtOnce) throw new Error('The operation is insecure.');
      setImmediate(() => this.onerror({ preventDefault() {} }));
    }
    postMessage(): void {}
  };

const names = ['Worker', 'crossOriginIsolated', 'navigator', 'fetch'] as const;
const before = new Map(names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));

function pretendPage(isIsolated: boolean, worker: unknown = PageWorker): string[] {
  const asked: string[] = [];
  const values = {
    Worker: worker,
    crossOriginIsolated: isIsolated,
    navigator: { hardwareConcurrency: 3 },
    fetch: async (address: string) => {
      asked.push(address);
      return new Response(await readFile(path.join(folder, path.basename(address))));
    },
  };
  for (const name of names) Object.defineProperty(globalThis, name, { value: values[name], configurable: true });
  return asked;
}

afterEach(() => {
  for (const [name, descriptor] of before) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else Reflect.deleteProperty(globalThis, name);
  }
});

const { available, reasons } = wasmAvailability();

describe('the WebAssembly backend in what looks like a page', { skip: available ? false : reasons.join() }, () => {
  for (const isIsolated of [true, false]) {
    it(`runs programs ${isIsolated ? 'on threads' : 'on one thread'}`, async () => {
      PageWorker.names = [];
      const asked = pretendPage(isIsolated);
      const backend = await openWasmBackend({ wasmUrl: '/assets/' });
      try {
        assert.deepEqual(asked, [isIsolated ? '/assets/cajal-threads.wasm' : '/assets/cajal.wasm']);
        assert.deepEqual(PageWorker.names, isIsolated ? ['cajal-0', 'cajal-1', 'cajal-2'] : ['cajal-0']);
        assert.equal(backend.threads, isIsolated ? 3 : 1);
        const program = elementwiseProgram([{ op: 'negate', target: 1, a: 0 }], [[[4]]], [[[4]]]);
        const prepared = prepare(backend, program);
        prepared.write(0, Float32Array.of(1, -2, 3, 0.5));
        await prepared.run();
        assert.deepEqual(await prepared.read(0), Float32Array.of(-1, 2, -3, -0.5));
      } finally {
        await backend.close();
      }
    });
  }

  for (const isAtOnce of [true, false]) {
    it(`says what a page must allow where it may start no workers${isAtOnce ? '' : ', told later'}`, async () => {
      pretendPage(true, forbidden(isAtOnce));
      const said = isAtOnce ? 'The operation is insecure.' : 'an error without a reason';
      await assert.rejects(openWasmBackend({ wasmUrl: '/assets' }), {
        name: 'BackendError',
        message:
          `wasm backend: expected that a worker runs, received ${said}. Where the page has a Content-Security-Policy, ` +
          'allow "worker-src blob:" in it.',
      });
    });
  }
});
