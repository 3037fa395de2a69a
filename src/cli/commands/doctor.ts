/** `cajal doctor`: what this machine has, what was chosen to compute with, and how to get what is missing. */
import path from 'node:path';
import { backendNames } from '../../backends/backend.ts';
import { BackendError } from '../../core/errors.ts';
import { cacheFolder } from '../../data/node/disk-cache/cache-folder.ts';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { cajalVersion } from '../../runs/jobs/cajal-version.ts';
import { describeMachine } from '../../runs/versions.ts';
import { exitCodes } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { defaultConfigFile } from '../options/resolve-options.ts';
import { outputOptions } from '../options/train-options.ts';
import type { Terminal } from '../terminal.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

interface DoctorOptions {
  json?: boolean;
}

const table: OptionTable<DoctorOptions> = { json: outputOptions.json };

/** The command. */
export const doctorCommand: Command = defineCommand<DoctorOptions>({
  name: 'doctor',
  summary: 'show what computes on this machine, and what is missing',
  arguments: [],
  table,
  examples: ['cajal doctor', 'CAJAL_BACKEND=wasm cajal doctor', 'cajal doctor --json'],
  run: runDoctor,
});

/** A backend as it could be opened, or why not. */
interface Finding {
  readonly backend: string;
  readonly isChosen: boolean;
  readonly instructionSet?: string;
  readonly threads?: number;
  readonly kernelHash?: string;
  readonly missing?: string;
}

async function runDoctor({ terminal, values }: CommandInput<DoctorOptions>): Promise<number> {
  const findings = await inspect();
  const { memoryBytes, ...machine } = describeMachine();
  const versions = { cajal: cajalVersion(), ...machine, ...(await sharpVersions()) };
  const paths = {
    cache: cacheFolder(terminal.environment),
    runs: path.resolve('runs'),
    config: path.resolve(defaultConfigFile),
  };
  const environment = Object.fromEntries(
    Object.entries(terminal.environment).filter(([name]) => name.startsWith('CAJAL_')),
  );
  if (values.json) {
    terminal.out(
      `${JSON.stringify({ event: 'doctor', ...versions, memoryBytes, backends: findings, environment, paths })}\n`,
    );
  } else {
    const rows = [
      ...Object.entries(versions),
      ['memory', `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`],
      ...Object.entries(paths),
      ...Object.entries(environment),
    ];
    terminal.out(`${alignColumns(rows.map(([name, value]) => [String(name), String(value)]))}\n`);
    showBackends(terminal, findings);
  }
  return findings.some(({ isChosen }) => isChosen) ? exitCodes.ok : exitCodes.runtime;
}

/** Opens the chosen backend as a training would, then each of the others. */
async function inspect(): Promise<Finding[]> {
  const findings: Finding[] = [];
  const chosen = await tryBackend({});
  for (const backend of backendNames) {
    const isChosen = chosen.opened?.name === backend;
    const { opened, reason } = isChosen ? chosen : await tryBackend({ backend });
    findings.push(
      opened
        ? {
            backend,
            isChosen,
            instructionSet: opened.instructionSet,
            threads: opened.threads,
            ...(opened.binaryHash !== undefined && { kernelHash: opened.binaryHash }),
          }
        : { backend, isChosen: false, missing: reason ?? '' },
    );
    await opened?.close();
  }
  if (!chosen.opened) findings.push({ backend: 'chosen', isChosen: false, missing: chosen.reason ?? '' });
  return findings;
}

async function tryBackend(options: Parameters<typeof chooseBackend>[0]) {
  try {
    return { opened: (await chooseBackend(options)).backend };
  } catch (error) {
    if (error instanceof BackendError) return { reason: error.message };
    throw error;
  }
}

async function sharpVersions(): Promise<Record<string, string>> {
  const { default: sharp } = await import('sharp');
  return { sharp: sharp.versions.sharp ?? 'unknown', libvips: sharp.versions.vips };
}

function showBackends(terminal: Terminal, findings: readonly Finding[]): void {
  for (const { backend, isChosen, instructionSet, threads, kernelHash, missing } of findings) {
    const hash = kernelHash === undefined ? '' : `, kernels ${kernelHash.slice(0, 12)}`;
    const found = `${instructionSet}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${hash}`;
    terminal.out(
      `${isChosen ? '→' : ' '} ${backend.padEnd(10)} ${missing === undefined ? found : `not available: ${missing}`}\n`,
    );
  }
}
