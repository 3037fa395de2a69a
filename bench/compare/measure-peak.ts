/** What a backend can do at most on this machine, measured in a process of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { reasonIn } from './contestant-process.ts';
import { sourceFolder } from './set-up-peers.ts';

/** Rates are absent where the backend measures none. */
export interface Peak {
  readonly instructionSet: string;
  readonly gflops?: number;
  readonly gbPerSecond?: number;
}

/** Measures a peak. @throws Error where the backend does not open */
export function measurePeak(backend: string, threads: number): Peak {
  const script = path.join(sourceFolder, 'node/peak.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, backend, String(threads)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${backend}: ${reasonIn(stderr)}`);
  return JSON.parse(stdout) as Peak;
}

/** The better of two measurements: another program may have disturbed one. */
export function betterPeak(one: Peak, other: Peak): Peak {
  const best = (key: 'gflops' | 'gbPerSecond') => Math.max(one[key] ?? 0, other[key] ?? 0);
  const { instructionSet } = one;
  return one.gflops === undefined ? one : { instructionSet, gflops: best('gflops'), gbPerSecond: best('gbPerSecond') };
}
