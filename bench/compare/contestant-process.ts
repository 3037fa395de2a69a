/** A contestant's process: it is asked for steps by lines, answers with milliseconds, and ends when its input does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { InstructionCost } from '../../src/graph/instruction-cost.ts';

/** Answer to a request for steps. */
export interface Steps {
  readonly ms: readonly number[];
  /** The loss of the last step, where it has one. */
  readonly loss?: number | null;
  /** What one step costs, where the contestant counts it. */
  readonly cost?: InstructionCost;
}

/** How to start a process. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const keptErrorText = 8000;

/** A running contestant. One request at a time. */
export class ContestantProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #errorText = '';
  #answers: unknown[] = [];
  #wake: () => void = () => {};
  #hasEnded = false;

  constructor({ program, args, env }: Command) {
    this.#child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-keptErrorText);
    });
    // Some libraries greet on stdout: only lines that look like an answer are one.
    createInterface(this.#child.stdout).on('line', (line) => {
      if (!line.startsWith('{')) return;
      this.#answers.push(JSON.parse(line));
      this.#wake();
    });
    // A process that ends while it is written to is noticed by its end, not by the broken pipe.
    this.#child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      this.#child.on('close', end).on('error', (error) => {
        this.#errorText += `\n${error.message}`;
        end();
      });
    });
  }

  /** What the process says when it is ready. @throws Error where it ends or takes too long */
  async ready(limitMs: number): Promise<{ engine: string }> {
    return (await this.#next(limitMs)) as { engine: string };
  }

  /** Takes so many steps. @throws Error where the process ends or takes too long */
  async run(count: number, limitMs: number): Promise<Steps> {
    this.#child.stdin.write(`${count}\n`);
    return (await this.#next(limitMs)) as Steps;
  }

  /** The most memory that the process has had in use so far, where the system tells. */
  peakBytes(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
    } catch {
      return undefined;
    }
  }

  /** Lets the process end by itself; kills it where it does not. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.#ended;
    clearTimeout(timer);
  }

  async #next(limitMs: number): Promise<unknown> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#child.kill('SIGKILL');
      this.#wake();
    }, limitMs);
    try {
      while (this.#answers.length === 0 && !this.#hasEnded && !isLate) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.#answers.length > 0) return this.#answers.shift();
    if (isLate) throw new Error(`no answer within ${Math.round(limitMs / 1000)} s`);
    throw new Error(reasonIn(this.#errorText));
  }
}

/** The line of a trace that says what went wrong, without the places of one machine. */
export function reasonIn(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^at |^Node\.js v/.test(line));
  const line = lines.findLast((candidate) => /\w*(Error|Exception)\b.*:|^ERROR/i.test(candidate)) ?? lines.at(-1);
  const plain = (line ?? 'the process ended without a word')
    .replaceAll(/https?:\/\/\S+/g, 'an address')
    .replaceAll(/(?<![\w.])(?:\/[\w.@+-]+)+\/(?=[\w.@+-])/g, '');
  return plain.length > 240 ? `${plain.slice(0, 240)}…` : plain;
}
