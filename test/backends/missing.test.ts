/** Protects the messages for what is not there: a package whose kernels were not built, a system without memory, and
 * workers that fail. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { refusedProgram } from '../../src/backends/program-checks.ts';
import { reserveMemory } from '../../src/backends/wasm/kernel-module.ts';
import { Leader } from '../../src/backends/wasm/leader.ts';
import { wasmAvailability } from '../../src/backends/wasm/node/index.ts';
import { startWasmBackend } from '../../src/backends/wasm/wasm-backend.ts';
import type { WorkerAnswer, WorkerHost, WorkerStart } from '../../src/backends/wasm/worker-host.ts';
import { elementwiseProgram, prepare } from '../native/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = elementwiseProgram([{ op: 'exp', target: 1, a: 0 }], [[[4]]], [[[4]]]);

describe('a package without built kernels', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cajal-unbuilt-'));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'src'));
  for (const name of ['core', 'ops', 'graph', 'backends']) {
    cpSync(path.join(root, 'src', name), path.join(folder, 'src', name), { recursive: true });
  }
  cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');

  const evaluate = (code: string): string => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    assert.equal(stderr, '');
    return stdout;
  };

  it('says where it looked for the addon and how to get it', () => {
    const output = evaluate(`
      import { nativeAvailability, openNativeBackend } from './src/backends/native/index.ts';
      console.log(JSON.stringify(nativeAvailability()));
      await openNativeBackend().catch((error) => console.log(error.name, error.message));
    `);
    const [availability, message] = output.split('\n');
    const { available, reasons, howToGet } = JSON.parse(availability!);
    assert.equal(available, false);
    assert.equal(reasons.length, 2);
    assert.match(reasons[0], /^local build .*cajal\.node: there is no such file$/);
    assert.match(reasons[1], /^prebuilt addon .*\.node: there is no such file$/);
    assert.match(howToGet, /npm rebuild cajal/);
    assert.match(message!, /^BackendError native backend: expected a native addon, received none \(local build /);
  });

  it('says where it looked for WebAssembly and how to get it', () => {
    const output = evaluate(`
      import { openWasmBackend, wasmAvailability } from './src/backends/wasm/node/index.ts';
      console.log(JSON.stringify(wasmAvailability()));
      await openWasmBackend().catch((error) => console.log(error.name, error.message));
    `);
    const [availability, message] = output.split('\n');
    assert.match(JSON.parse(availability!).howToGet, /npm run build:wasm/);
    assert.match(
      message!,
      /^BackendError wasm backend: expected its kernels in .*cajal-threads\.wasm, received no such file/,
    );
  });
});

describe('what goes wrong inside', () => {
  it('a program refused as a whole', () => {
    const { message } = refusedProgram('wasm', program, -1, 'is of another version');
    assert.equal(message, 'wasm backend: the program is of another version. Compile it with this version of cajal.');
  });

  it('a system that reserves little memory, or none', () => {
    const library = Reflect.get(globalThis, 'WebAssembly') as { Memory: unknown };
    const { Memory } = library;
    const limited = (mostPages: number): number[] => {
      const asked: number[] = [];
      library.Memory = class {
        constructor({ maximum }: { maximum: number }) {
          asked.push(maximum);
          if (maximum > mostPages) throw new RangeError('could not allocate memory');
        }
      };
      try {
        reserveMemory(true);
      } finally {
        library.Memory = Memory;
      }
      return asked;
    };
    assert.deepEqual(limited(20_000), [65536, 32768, 16384]);
    assert.throws(() => limited(0), {
      name: 'BackendError',
      message:
        'wasm backend: expected that the system reserves 67108864 bytes of addresses, ' +
        'but: could not allocate memory. Raise the memory limit of the process.',
    });
  });

  const start = { worker: 0, threads: 1 } as WorkerStart;
  const hostThat = (react: (id: number | undefined) => WorkerAnswer | Error): WorkerHost => ({
    spawn: (_, onAnswer, onFailure) => ({
      post({ id }) {
        const reaction = react(id);
        queueMicrotask(() => (reaction instanceof Error ? onFailure(reaction) : onAnswer(reaction)));
      },
      keepAlive() {},
      async terminate() {},
    }),
  });

  it('a task that fails in its worker', async () => {
    const failing = new Leader(
      hostThat((id) => ({ ...(id !== undefined && { id }), error: 'RuntimeError: unreachable' })),
      start,
    );
    const message = 'wasm backend: expected that a worker does its task, but it failed: RuntimeError: unreachable.';
    await assert.rejects(failing.ask({ task: 'greet' }), { name: 'BackendError', message });
    failing.tell({ task: 'grow', pages: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(failing.ask({ task: 'greet' }), { message }, 'an unanswered task that fails is told later');
  });

  it('a worker that ends by itself', async () => {
    const leader = new Leader(
      hostThat(() => new Error('out of memory')),
      start,
    );
    await assert.rejects(leader.ask({ task: 'greet' }), /out of memory/);
    await assert.rejects(leader.ask({ task: 'greet' }), /out of memory/);
  });

  const { available, reasons } = wasmAvailability();
  it('a run that stops', { skip: available ? false : reasons.join() }, async () => {
    const binary = new Uint8Array(readFileSync(path.join(root, 'build', 'wasm', 'cajal-threads.wasm')));
    const host = hostThat((id) => ({ id: id!, status: 3, tiles: [0] }));
    const backend = await startWasmBackend({ binary, host, threads: 1, isShared: true });
    await assert.rejects(prepare(backend, program).run(), {
      name: 'BackendError',
      message: 'wasm backend: expected a run to end, but it stopped with status 3.',
    });
  });
});
