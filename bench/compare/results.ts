/** The file of results: raw times per workload and machine. A run of some workloads leaves the others as they were. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Peak } from './measure-peak.ts';
import { renderResults } from './render-results.ts';
import { root } from './set-up-peers.ts';
import type { Timing } from './take-turns.ts';

/** One workload's run. */
export interface WorkloadResult {
  readonly title: string;
  /** When it was measured, in ISO form. */
  readonly date: string;
  /** The commit of cajal, with a `+` where files had been changed since. */
  readonly commit: string;
  readonly threads: number;
  readonly rounds: number;
  /** Processes that wanted to run in the minute before: the machine was quiet where this is near 0. */
  readonly loadBefore: number;
  readonly timings: readonly Timing[];
}

/** All that is known of one machine. */
export interface Results {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly system: string;
    readonly node: string;
  };
  readonly peaks: Readonly<Record<string, Peak>>;
  readonly workloads: Readonly<Record<string, WorkloadResult>>;
}

/** This machine, without its name. */
export function describeMachine(): Results['machine'] {
  return {
    processor: os.cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
  };
}

/** The commit that is measured, shortened. */
export function currentCommit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const changed = git('status', '--porcelain', '--untracked-files=no', 'src', 'native');
  return `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed ? '+' : ''}`;
}

/** Where results of this machine lie in a folder, without an ending: `compare-<processor>`. Makes the folder. */
export function stemOf(folder: string, kind: string): string {
  mkdirSync(folder, { recursive: true });
  const slug = describeMachine()
    .processor.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return path.join(folder, `${kind}-${slug.replaceAll(/^-|-$/g, '')}`);
}

/** Writes numbers with six digits, laid out as the project's other files. */
export function writeJson(file: string, content: unknown): void {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
  writeFileSync(file, `${JSON.stringify(content, round)}\n`);
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  spawnSync(process.execPath, [biome, 'format', '--write', file], { cwd: root });
}

/** Writes a part into the machine's files in a folder: `compare-<processor>.json` and `.md`. @returns the table's file */
export function writeResults(folder: string, part: Results): string {
  const stem = stemOf(folder, 'compare');
  const before = existsSync(`${stem}.json`) ? (JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as Results) : part;
  const workloads = { ...before.workloads, ...part.workloads };
  const sorted = Object.fromEntries(Object.entries(workloads).sort(([a], [b]) => rank(a) - rank(b)));
  const results: Results = { ...part, peaks: { ...before.peaks, ...part.peaks }, workloads: sorted };
  writeJson(`${stem}.json`, results);
  writeFileSync(`${stem}.md`, renderResults(results));
  return `${stem}.md`;
}

function rank(workload: string): number {
  return ['T1', 'T2', 'T3', 'T4', 'I1-32', 'I1-1', 'I2-32', 'I2-1', 'cold'].indexOf(workload);
}
