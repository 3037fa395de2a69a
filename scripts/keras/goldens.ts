/** What the goldens hold: for each name of Keras, the cases that were computed with it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../project.mjs';

/** A file of goldens and what made it. */
export interface GoldenFile {
  readonly file: string;
  /** `Keras 3.15.1 on tensorflow`. */
  readonly madeWith: string;
  readonly cases: number;
}

/** The cases of one name. */
export interface GoldenCases {
  readonly file: string;
  readonly count: number;
  /** Options that a case has, in cajal's spelling. */
  readonly options: readonly string[];
}

interface Case {
  readonly file: string;
  readonly name: string;
  readonly options: readonly string[];
}

/** A case carries the name of what computed it, by one of these keys. */
const sources = ['keras', 'torch', 'scikit-learn', 'formula'];
const folder = path.join(root, 'test/golden');

/** All goldens. */
export class Goldens {
  readonly files: readonly GoldenFile[];
  readonly #cases: readonly Case[];

  constructor() {
    const files: GoldenFile[] = [];
    const cases: Case[] = [];
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.json') || file === 'names.json') continue;
      const golden: Record<string, unknown> = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      const found = Object.values(golden).flatMap((value) => casesOf(file, value));
      if (found.length === 0) continue;
      cases.push(...found);
      files.push({ file, madeWith: makerOf(golden), cases: found.length });
    }
    this.files = files;
    this.#cases = cases;
  }

  /** Every name that a case carries. */
  get names(): readonly string[] {
    return [...new Set(this.#cases.map(({ name }) => name))].sort();
  }

  /** The cases of a name, by file. Of an option, `keras.optimizers.Optimizer(clipnorm)`, those of what it is named after that
   * have it; of `Optimizer`, those of its whole module. */
  casesOf(name: string): readonly GoldenCases[] {
    const [, owner = '', option] = /^([\w.]+)\((\w+)\)$/.exec(name) ?? [];
    const module = /^(keras\.\w+\.)Optimizer$/.exec(owner)?.[1];
    const isOwned = (one: string) => (module === undefined ? one === owner : one.startsWith(module));
    const cases = this.#cases.filter((one) =>
      option === undefined ? one.name === name : isOwned(one.name) && one.options.includes(camelCase(option)),
    );
    const files = [...new Set(cases.map(({ file }) => file))];
    return files.map((file) => {
      const own = cases.filter((one) => one.file === file);
      const options = option === undefined ? [...new Set(own.flatMap((one) => one.options))] : [];
      return { file, count: own.length, options };
    });
  }
}

/** Keras's spelling in cajal's: `kernel_size` is `kernelSize`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Options of a name of Keras with their defaults; null is None, or what must be given. */
export type KerasOptions = Readonly<Record<string, unknown>>;

/** For each name of Keras, its options. */
export function kerasOptions(): Readonly<Record<string, KerasOptions>> {
  return JSON.parse(readFileSync(path.join(folder, 'names.json'), 'utf8')).names;
}

function casesOf(file: string, value: unknown): Case[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap((one) => casesOf(file, one));
  const record = value as Record<string, unknown>;
  const name = sources.map((source) => record[source]).find((one) => typeof one === 'string');
  if (name === undefined) return within;
  const options = Object.keys((record['options'] as object | undefined) ?? {}).map(camelCase);
  // Where options do not say which arguments a case is of, it names them.
  const named = (record['arguments'] as readonly string[] | undefined) ?? options;
  return [{ file, name: String(name), options: named }, ...within];
}

function makerOf(golden: Readonly<Record<string, unknown>>): string {
  const { keras, backend, torch, numpy, scipy, pillow } = golden;
  const parts = [
    keras && `Keras ${keras}${backend ? ` on ${backend}` : ''}`,
    scipy && `SciPy ${scipy}`,
    pillow && `Pillow ${pillow}`,
    torch && `PyTorch ${torch}`,
    golden['scikit-learn'] && `scikit-learn ${golden['scikit-learn']}`,
    numpy && `NumPy ${numpy}`,
  ];
  return parts.filter(Boolean).join(', ');
}
