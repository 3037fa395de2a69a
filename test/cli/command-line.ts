// The command line as a person types it, in this process (fast) or in one of its own (whole).
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/cli/main.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

/** What a command line did. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly notes: string;
}

const program = fileURLToPath(new URL('../../bin/cajal.mjs', import.meta.url));

/** Environment variables without those of cajal, but for what chooses the backend: and nothing is kept in the cache folder of
 * who runs the tests. */
function cleanEnvironment(): Record<string, string | undefined> {
  const kept = ['CAJAL_BACKEND', 'CAJAL_ISA', 'CAJAL_THREADS'];
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('CAJAL_') || kept.includes(name));
  return { ...Object.fromEntries(others), CAJAL_NO_CACHE: '1' };
}

/** Runs a command line in this process. */
export async function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  changes: Partial<Terminal> = {},
): Promise<Outcome> {
  let out = '';
  let notes = '';
  const terminal: Terminal = {
    environment: { ...cleanEnvironment(), ...environment },
    out: (text) => {
      out += text;
    },
    note: (text) => {
      notes += text;
    },
    canRedraw: false,
    hasColour: false,
    columns: 100,
    ...changes,
  };
  const code = await main(args, terminal);
  return { code, out, notes };
}

/** Starts `cajal` in a process of its own; the promise tells how it ended. */
export function start(
  args: readonly string[],
  options: { cwd: string; environment?: Record<string, string> },
): { child: ChildProcess; outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let notes = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    notes += text;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, notes }));
  });
  return { child, outcome };
}
