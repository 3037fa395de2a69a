/** Describes the machine a run is on, for `versions.json`; the engine adds what only it knows. */
import os from 'node:os';
import type { RunVersions } from './run-record.ts';

/** What `node:os` can tell of a run. */
export type MachineVersions = Pick<RunVersions, 'node' | 'platform' | 'architecture' | 'cpu' | 'cores' | 'memoryBytes'>;

/**
 * Node, operating system, processor and memory of this machine.
 * @example
 * await run.writeVersions({ ...describeMachine(), cajal: '0.1.0', backend: 'native', instructionSet: 'avx2', … });
 */
export function describeMachine(): MachineVersions {
  const processors = os.cpus();
  return {
    node: process.versions.node,
    platform: `${os.platform()} ${os.release()}`,
    architecture: os.arch(),
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  };
}
