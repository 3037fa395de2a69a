// Protects the figures that times are compared with: they are measured on each compiled backend, instruction set and
// number of threads, and are of the size that any machine has. No figure is exact: the machine does other things too.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backend, MachinePeak } from '../../src/backends/backend.ts';
import { nativeAvailability, openNativeBackend } from '../../src/backends/native/index.ts';
import { openReferenceBackend } from '../../src/backends/reference/index.ts';
import { openWasmBackend, wasmAvailability } from '../../src/backends/wasm/node/index.ts';

const native = nativeAvailability();
const noNative = native.available ? false : 'no native addon';
const noWasm = wasmAvailability().available ? false : 'no WebAssembly kernels';

async function measure(backend: Backend & { measurePeak(): Promise<MachinePeak> }): Promise<MachinePeak> {
  const peak = await backend.measurePeak();
  await backend.close();
  assert.deepEqual(Object.keys(peak), ['gflops', 'gbPerSecond']);
  // From a small board under load to a large server.
  assert.ok(peak.gflops > 0.2 && peak.gflops < 50_000, `${peak.gflops} GFLOP/s`);
  assert.ok(peak.gbPerSecond > 0.1 && peak.gbPerSecond < 5_000, `${peak.gbPerSecond} GB/s`);
  return peak;
}

describe('the peak of the machine', () => {
  it('is measured with each instruction set, and wider vectors do more', { skip: noNative }, async () => {
    const best = new Map<string, number>();
    const isPlain = () => (best.get('avx2') ?? 0) > 1.2 * (best.get('baseline') ?? 0);
    // A machine that is busy with other things may need to be asked again.
    for (let attempt = 0; attempt < 5 && !isPlain(); attempt++) {
      for (const instructionSet of native.instructionSets) {
        const { gflops } = await measure(await openNativeBackend({ instructionSet, threads: 1 }));
        best.set(instructionSet, Math.max(gflops, best.get(instructionSet) ?? 0));
      }
    }
    if (best.has('avx2')) assert.ok(isPlain(), `GFLOP/s: ${[...best]}`);
  });

  it('is measured on several threads', { skip: noNative }, async () => {
    const backend = await openNativeBackend({ threads: 3 });
    const before = backend.tilesRun();
    await backend.measurePeak();
    const worked = backend.tilesRun().map((tiles, thread) => tiles - before[thread]!);
    assert.ok(
      worked.every((tiles) => tiles > 0),
      `tiles of three threads: ${worked}`,
    );
    await backend.close();
  });

  it('is measured in WebAssembly, with shared memory and without', { skip: noWasm }, async () => {
    await measure(await openWasmBackend({ threads: 2 }));
    await measure(await openWasmBackend({ threads: 1, isShared: false }));
  });

  it('leaves programs and memory alone', { skip: noWasm }, async () => {
    const backend = await openWasmBackend({ threads: 1 });
    const memory = backend.allocate(1 << 16);
    backend.write(memory, 0, new Float32Array(1 << 14).fill(7), 'float32');
    await backend.measurePeak();
    assert.deepEqual(new Set(await backend.read(memory, 0, 1 << 14, 'float32')), new Set([7]));
    await backend.close();
  });

  it('ends before the backend closes, and is refused afterwards', { skip: noNative }, async () => {
    const backend = await openNativeBackend({ threads: 1 });
    const measured = backend.measurePeak();
    await backend.close();
    assert.ok((await measured).gflops > 0);
    await assert.rejects(backend.measurePeak(), /native backend: expected an open backend, but close\(\) was called/);
  });

  it('is nothing that the reference has', () => {
    const reference: Backend = openReferenceBackend();
    assert.equal(reference.measurePeak, undefined);
  });
});
