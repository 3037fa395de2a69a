/** Protects the WebAssembly backend: its workers, its memory and its limit, its refusals, and the variant for pages that
 * may not share memory. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openWasmBackend, wasmAvailability } from '../../src/backends/wasm/node/index.ts';
import { describeBackend } from '../native/backend-contract.ts';
import { collectUntil } from '../native/garbage.ts';
import { elementwiseProgram, noise, prepare } from '../native/programs.ts';

const { available, reasons } = wasmAvailability();
const skip = available ? false : `no WebAssembly kernels: ${reasons.join('; ')}`;

if (available) describeBackend('wasm', (threads) => openWasmBackend({ threads }));

describe('wasm backend in Node', { skip }, () => {
  it('has one instruction set', async () => {
    await assert.rejects(openWasmBackend({ instructionSet: 'avx2' }), {
      name: 'BackendError',
      message: 'wasm backend: expected an instruction set of WebAssembly, received "avx2". Choose from simd128.',
    });
    await assert.rejects(
      openWasmBackend({ threads: 1.5 }),
      /wasm backend: threads must be a whole number .* received 1\.5/,
    );
  });

  it('tells how much memory was asked for, is in use and can be had, before it runs out', async () => {
    const backend = await openWasmBackend({ threads: 1 });
    const held = backend.allocate(1 << 30);
    assert.throws(() => backend.allocate(2 ** 32 - 2 ** 29), {
      name: 'BackendError',
      message:
        /^wasm backend: expected memory for 3758096384 more bytes, but 1\d{9} of at most 4294967296 are in use\. Use/,
    });
    assert.equal(held.bytes, 1 << 30);
    await backend.close();
  });

  it('uses forgotten memory again', async () => {
    const backend = await openWasmBackend({ threads: 1 });
    const before = backend.bytesInUse;
    // 4.8 GB in all: garbage is collected when the 4 GiB are full, unless it was before.
    for (let round = 0; round < 6; round++) {
      backend.allocate(3 * 2 ** 28);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(await collectUntil(() => backend.bytesInUse === before));
    await backend.close();
  });

  it('keeps what a dropped run uses until it ends', async () => {
    const backend = await openWasmBackend({ threads: 2 });
    const shape = [1 << 20];
    const program = elementwiseProgram([{ op: 'tanh', target: 1, a: 0 }], [[shape]], [[shape]], { repeats: 100 });
    let isDone = false;
    let bytesAtEnd = 0;
    const start = (): void => {
      prepare(backend, program)
        .run()
        .then(() => {
          isDone = true;
          bytesAtEnd = backend.bytesInUse;
        });
    };
    start();
    assert.ok(await collectUntil(() => isDone));
    assert.ok(bytesAtEnd >= 8 << 20, `${bytesAtEnd} bytes in use when the run ended`);
    await backend.close();
  });

  it('computes the same without shared memory, on one thread', async () => {
    const shape = [-1, 1000];
    const steps = [
      { op: 'sigmoid', target: 1, a: 0 },
      { op: 'multiply', target: 1, a: 1, b: 0 },
    ] as const;
    const results = [];
    for (const isShared of [true, false]) {
      const backend = await openWasmBackend({ threads: 1, isShared });
      const prepared = prepare(backend, elementwiseProgram(steps, [[shape]], [[shape]]), 5000);
      prepared.write(0, noise(4000 * 1000));
      const { instructionMs } = await prepared.run(4000, true);
      assert.equal(instructionMs?.length, 1);
      results.push(await prepared.read(0, 4000));
      await backend.close();
    }
    assert.deepEqual(results[1], results[0]);
    assert.notEqual(results[0]![3], 0);
    await assert.rejects(openWasmBackend({ threads: 2, isShared: false }), {
      name: 'OptionError',
      message: 'wasm backend: expected 1 thread where memory cannot be shared, received 2.',
    });
  });
});
