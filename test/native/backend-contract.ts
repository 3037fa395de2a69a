/** What both compiled backends must do, whatever they compute: threads, memory, refusals, and ends of processes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/backends/backend.ts';
import { elementwiseProgram, kernelProgram, noise, oneInstruction, type Prepared, prepare } from './programs.ts';

/** A backend that counts the tiles that each thread has run. */
export type CountingBackend = Backend & { tilesRun(): readonly number[] };

const rows = [64, 100, 96] as const;

/** Two passes over 600 thousand numbers, in tens of tiles. */
function sumProgram() {
  return kernelProgram('reduceSum', { firstAxis: 0, lastAxis: 1, keepAxes: 'no' }, [[rows]], [[[96]]]);
}

async function sumOnce(prepared: Prepared): Promise<Float32Array> {
  prepared.write(0, noise(64 * 100 * 96));
  await prepared.run();
  return (await prepared.read(0)) as Float32Array;
}

/** Declares the tests of one backend. */
export function describeBackend(name: 'native' | 'wasm', open: (threads: number) => Promise<CountingBackend>): void {
  describe(`${name} backend`, () => {
    const opened: Backend[] = [];
    const openOnce = async (threads = 2): Promise<CountingBackend> => {
      const backend = await open(threads);
      opened.push(backend);
      return backend;
    };
    after(() => Promise.all(opened.map((backend) => backend.close())));

    it('gives the same bits on 1, 2 and 3 threads, and all of them work', async () => {
      const results = new Set<string>();
      for (const threads of [1, 2, 3]) {
        const backend = await openOnce(threads);
        assert.equal(backend.threads, threads);
        const prepared = prepare(backend, sumProgram());
        // A thread may sleep through one short run; it must not sleep through all of them.
        for (let run = 0; run < 500 && !backend.tilesRun().every((tiles) => tiles > 0); run++) {
          results.add(Buffer.from((await sumOnce(prepared)).buffer).toString('hex'));
        }
        assert.equal(backend.tilesRun().length, threads);
        assert.ok(
          backend.tilesRun().every((tiles) => tiles > 0),
          `tiles of ${threads} threads: ${backend.tilesRun()}`,
        );
      }
      assert.equal(results.size, 1);
    });

    it('runs every tile once, also in place', async () => {
      const backend = await openOnce(3);
      const shape = [50_001];
      const code = {
        temporaries: 0,
        constants: [],
        steps: [{ op: 'add', target: 2, a: 0, b: 1, first: 0, second: 0 }],
      } as const;
      const program = oneInstruction(
        ([x], [y]) => ({ kind: 'elementwise', code, inputs: [x!, y!], outputs: [y!], label: 'y + x' }),
        [[shape]],
        [[shape]],
        7,
      );
      const prepared = prepare(backend, program);
      prepared.write(0, new Float32Array(50_001).fill(1));
      for (let run = 0; run < 20; run++) await prepared.run();
      assert.deepEqual(new Set(await prepared.read(0)), new Set([140]));
    });

    it('runs a smaller batch and leaves the rest of memory alone', async () => {
      const backend = await openOnce();
      const shape = [-1, 3];
      const prepared = prepare(
        backend,
        elementwiseProgram([{ op: 'negate', target: 1, a: 0 }], [[shape]], [[shape]]),
        4,
      );
      prepared.write(
        0,
        Float32Array.from({ length: 12 }, (_, index) => index + 1),
      );
      await prepared.run(2);
      assert.deepEqual([...(await prepared.read(0))], [-1, -2, -3, -4, -5, -6, 0, 0, 0, 0, 0, 0]);
    });

    it('runs on the thread that asks, to the same bits, also while its own threads are busy', async () => {
      const backend = await openOnce();
      const { here } = backend;
      assert.ok(here);
      const [busy, prepared] = [prepare(backend, sumProgram()), prepare(backend, sumProgram())];
      const expected = await sumOnce(prepared);
      const memory = { arena: prepared.arena, variables: prepared.arena, scalars: prepared.arena };
      const offset = prepared.loaded.plan.offsets[prepared.loaded.program.outputs['output0']!.buffer]!;
      const output = here.view(prepared.arena, offset, 96, 'float32');
      assert.deepEqual(output, expected);
      output.fill(0);
      assert.deepEqual(await prepared.read(0), new Float32Array(96), 'a view is the memory itself');
      const run = busy.run();
      here.run(prepared.loaded, memory, 1);
      assert.deepEqual(output.slice(), expected);
      await run;
      assert.throws(() => here.view(prepared.arena, prepared.arena.bytes, 1, 'uint8'), {
        message: `${name} backend: expected a copy within ${prepared.arena.bytes} bytes of memory, received 1 bytes at ${prepared.arena.bytes}.`,
      });
      assert.throws(() => here.run(prepared.loaded, memory, 2), /the batch size of a run must be .* received 2\./);
      await backend.close();
      assert.throws(() => here.run(prepared.loaded, memory, 1), /expected an open backend, but close\(\) was called/);
    });

    it('tells the milliseconds of each instruction', async () => {
      const backend = await openOnce();
      const shape = [100_000];
      const program = elementwiseProgram([{ op: 'exp', target: 1, a: 0 }], [[shape]], [[shape]], { repeats: 3 });
      const prepared = prepare(backend, program);
      const { instructionMs } = await prepared.run(1, true);
      assert.equal(instructionMs?.length, 3);
      assert.ok(instructionMs.every((ms) => ms >= 0) && instructionMs.some((ms) => ms > 0));
      assert.deepEqual(await prepared.run(), {});
    });

    it('gives memory that is zero, also where it was used before', async () => {
      const backend = await openOnce();
      for (let round = 0; round < 5; round++) {
        const memory = backend.allocate(3 << 20);
        const numbers = await backend.read(memory, 0, (3 << 20) / 4, 'int32');
        assert.ok(numbers.every((number) => number === 0));
        backend.write(memory, 0, new Int32Array((3 << 20) / 4).fill(-1), 'int32');
      }
    });

    it('copies any part of memory in any type', async () => {
      const backend = await openOnce();
      const memory = backend.allocate(100);
      backend.write(memory, 7, new Uint8Array([1, 2, 3]), 'uint8');
      backend.write(memory, 12, new Float32Array([0.5]), 'float32');
      assert.deepEqual([...(await backend.read(memory, 6, 5, 'uint8'))], [0, 1, 2, 3, 0]);
      assert.deepEqual(await backend.read(memory, 12, 1, 'float32'), new Float32Array([0.5]));
    });

    it('refuses what it cannot do, and says why', async () => {
      const backend = await openOnce();
      const half = elementwiseProgram([{ op: 'exp', target: 1, a: 0 }], [[[4], 'float16']], [[[4]]]);
      assert.throws(() => prepare(backend, half), {
        name: 'BackendError',
        message: new RegExp(
          `^${name} backend: expected instructions that it has kernels for, received number 0, elementwise "fused", ` +
            'which has an operand of a dtype without kernels\\. Use another backend',
        ),
      });
      const leaf = kernelProgram('scalar', { name: 'rate', dtype: 'float32' }, [[[4]]], [[[4]]]);
      assert.throws(() => prepare(backend, leaf), /number 0, scalar "scalar_1", which has no kernel in this build/);
      const prepared = prepare(backend, sumProgram());
      await assert.rejects(prepared.run(2), {
        name: 'OptionError',
        message: `${name} backend: the batch size of a run must be a whole number of at least 1 and of at most 1, received 2.`,
      });
      const small = backend.allocate(64);
      await assert.rejects(backend.run(prepared.loaded, { arena: small, variables: small, scalars: small }, 1), {
        name: 'BackendError',
        message: new RegExp(`^${name} backend: expected \\d+ bytes of memory for the program's arena, received 64\\.`),
      });
      assert.throws(() => backend.write(small, 61, new Uint8Array(4), 'uint8'), {
        message: `${name} backend: expected a copy within 64 bytes of memory, received 4 bytes at 61.`,
      });
      await assert.rejects(
        backend.read(small, -1, 1, 'uint8'),
        /expected a copy within 64 bytes .* received 1 bytes at -1/,
      );
    });

    it('refuses to work once it is closed', async () => {
      const backend = await openOnce();
      const prepared = prepare(backend, sumProgram());
      const run = prepared.run();
      await backend.close();
      assert.deepEqual(await run, {}, 'the run in progress ends well');
      const message = `${name} backend: expected an open backend, but close() was called.`;
      await assert.rejects(prepared.run(), { name: 'BackendError', message });
      assert.throws(() => prepare(backend, sumProgram()), { message });
      await backend.close();
    });

    const script = fileURLToPath(new URL('./long-step.ts', import.meta.url));
    for (const [ending, status, output] of [
      ['natural', 0, 'ran\n'],
      ['exit', 7, 'exits\n'],
    ] as const) {
      it(`lets the process end: ${ending}`, () => {
        const child = spawnSync(process.execPath, ['--import', 'tsx', script, name, ending], {
          encoding: 'utf8',
          timeout: 60_000,
        });
        assert.deepEqual([child.status, child.signal, child.stdout], [status, null, output], child.stderr);
      });
    }
  });
}
