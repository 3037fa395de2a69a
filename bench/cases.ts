/** What `npm run bench` times: the kernels and fused passes of test/cases that are marked `bench`, and the whole steps of
 * workloads.json. Each is a process that answers lines, as the contestants of `npm run bench:compare` are. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyCase } from '../test/cases/case.ts';
import { families } from '../test/cases/families.ts';
import type { Command } from './compare/contestant-process.ts';
import type { Workload } from './compare/contestants.ts';
import { root, sourceFolder } from './compare/set-up-peers.ts';

/** One row of the table. */
export interface BenchCase {
  /** Of a kernel its name in test/cases, of a step its key in workloads.json. */
  readonly name: string;
  readonly kind: 'kernel' | 'step';
  readonly title: string;
  readonly batch: number;
}

/** A network of workloads.json: its input and its layers with their options. */
export interface NetworkDescription {
  readonly input: number[];
  readonly layers: (string | number)[][];
}

/** The file of workloads. */
export const { workloads, networks } = JSON.parse(readFileSync(path.join(sourceFolder, 'workloads.json'), 'utf8')) as {
  workloads: Record<string, Workload & { readonly optimizer?: 'adam' | 'rmsprop' }>;
  networks: Record<string, NetworkDescription>;
};

/** The kernels that are timed. */
export const kernelCases: readonly AnyCase[] = (Object.values(families).flat() as AnyCase[]).filter(
  ({ bench }) => bench,
);

const all: readonly BenchCase[] = [
  ...kernelCases.map(({ name, bench }): BenchCase => ({ name, kind: 'kernel', title: name, batch: bench!.batch })),
  ...Object.entries(workloads).map(
    ([name, { title, batch }]): BenchCase => ({ name, kind: 'step', title: `${name} ${title}`, batch }),
  ),
];

/** The cases whose titles contain every word. */
export function chooseCases(words: readonly string[]): BenchCase[] {
  return all.filter(({ title }) => words.every((word) => title.includes(word)));
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** How to start a case's process from a checkout of the project. */
export function commandOf({ name, kind }: BenchCase, backend: string, threads: number, folder: string = root): Command {
  const script =
    kind === 'kernel'
      ? ['--import', tsx, path.join(folder, 'bench/kernel-process.ts')]
      : [path.join(folder, 'bench/compare/node/cajal.mjs')];
  return { program: process.execPath, args: [...script, name, String(threads), backend], env: process.env };
}
