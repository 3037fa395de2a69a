/** The backends, instruction sets and numbers of threads that parity runs on. What a machine lacks is reported with its
 * reason; what `CAJAL_BACKEND` or `CAJAL_ISA` names and is not there is an error. */
import type { Backend, BackendName } from '../../src/backends/backend.ts';
import { BackendError } from '../../src/core/errors.ts';
import { chooseBackend, resolveBackendOptions } from '../../src/engine/choose-backend.ts';
import { DriverBackend, driverVariable, instructionSetsOf } from './driver-backend.ts';

/** One backend with one instruction set, to be opened with several numbers of threads. */
export interface Target {
  readonly backend: BackendName;
  readonly instructionSet: string;
  /** Why it cannot be opened here; absent where it can. */
  readonly missing?: string;
  readonly open: (threads: number) => Promise<Backend>;
}

/** Every instruction set that kernels are compiled for. */
const instructionSets: Readonly<Record<'native' | 'wasm', readonly string[]>> = {
  native: ['baseline', 'avx2', 'avx512', 'neon'],
  wasm: ['simd128'],
};

/** The numbers of threads: alone, as many as tests can count on, and more than those. */
export const threadCounts: readonly number[] = [1, 2, 3];

async function targetOf(backend: 'native' | 'wasm', instructionSet: string): Promise<Target> {
  const open = async (threads: number) => (await chooseBackend({ backend, instructionSet, threads })).backend;
  try {
    const opened = await open(1);
    await opened.close();
    return { backend, instructionSet, open };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { backend, instructionSet, open, missing: error.message };
  }
}

/** The instruction sets of a driver, which stands in for all others. */
function driverTargets(command: string): Target[] {
  return instructionSetsOf(command).map((instructionSet) => ({
    backend: 'native',
    instructionSet,
    open: async (threads) => new DriverBackend(command, instructionSet, threads),
  }));
}

/**
 * All targets, or those that the environment forces, or those of the driver that it names.
 *
 * @throws BackendError where the environment forces one that is not there
 */
export async function listTargets(): Promise<Target[]> {
  const driver = process.env[driverVariable];
  if (driver) return driverTargets(driver);
  const forced = resolveBackendOptions();
  const targets: Target[] = [];
  for (const backend of ['native', 'wasm'] as const) {
    if (forced.backend && forced.backend !== backend) continue;
    for (const instructionSet of instructionSets[backend]) {
      if (forced.instructionSet && forced.instructionSet !== instructionSet) continue;
      targets.push(await targetOf(backend, instructionSet));
    }
  }
  const isForced = forced.backend !== undefined || forced.instructionSet !== undefined;
  if (isForced && forced.backend !== 'reference' && targets.every(({ missing }) => missing !== undefined)) {
    const reasons = targets.map(({ backend, instructionSet, missing }) => `${backend} ${instructionSet}: ${missing}`);
    throw new BackendError(
      `parity: expected ${forced.backend ?? 'a backend'} ${forced.instructionSet ?? ''} as the environment names it, ` +
        `received none that opens. ${reasons.join('; ') || 'There is no such instruction set.'}`,
    );
  }
  return targets;
}
