/** Protects the thread pool against races and lost wake-ups: a small C++ program drives it, built with the compiler's
 * detector of data races where there is one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('thread pool', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cajal-threads-'));
  after(() => rmSync(folder, { recursive: true }));
  const sources = ['test/native/thread_pool_stress.cc', 'native/runtime/thread_pool.cc', 'native/runtime/wait.cc'];
  const build = (name: string, flags: readonly string[]) =>
    spawnSync('g++', ['-std=c++17', '-O1', ...flags, ...sources, '-o', path.join(folder, name), '-pthread'], {
      cwd: root,
    });

  for (const [name, jobs, flags] of [
    ['plain', 200_000, []],
    ['race-detector', 20_000, ['-fsanitize=thread']],
  ] as const) {
    const isBuilt = build(name, flags).status === 0;
    it(`runs every tile once: ${name}`, { skip: isBuilt ? false : 'g++ could not build it here' }, () => {
      for (const threads of [1, 2, 3, 5]) {
        const run = spawnSync(path.join(folder, name), [`${threads}`, `${jobs}`], {
          encoding: 'utf8',
          timeout: 60_000,
        });
        assert.deepEqual([run.status, run.signal, run.stderr], [0, null, ''], run.stdout);
        const tiles = run.stdout.trim().split(' ').map(Number);
        assert.equal(tiles.length, threads);
        // Where other programs hold the cores, a thread may find nothing left to do: that is no fault.
        const isBusy = (os.loadavg()[0] ?? 0) > os.availableParallelism();
        assert.ok(isBusy || tiles.every((count) => count > 0), run.stdout);
      }
    });
  }
});
