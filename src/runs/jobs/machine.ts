/** What made the numbers of a run: machine, programs and kernels. */
import type { Backend } from '../../backends/backend.ts';
import type { RunVersions } from '../run-record.ts';
import { describeMachine } from '../versions.ts';
import { cajalVersion } from './cajal-version.ts';

/** The versions of a run on a backend. */
export function describeVersions(backend: Backend, seed: number): RunVersions {
  return {
    cajal: cajalVersion(),
    ...describeMachine(),
    backend: backend.name,
    instructionSet: backend.instructionSet,
    threads: backend.threads,
    kernelHash: backend.binaryHash ?? 'none (kernels in TypeScript)',
    seed,
  };
}

/** The most memory that this process has held so far. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
