/** Joins the names with cajal's tables, Keras's options, goldens and tests: how each name stands. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../project.mjs';
import { defaultsOf, hasName, hasOptions, takesOption } from './cajal-name.ts';
import { camelCase, type GoldenCases, type Goldens, type KerasOptions, kerasOptions } from './goldens.ts';
import type { KerasName, KerasSection } from './keras-name.ts';

/** How a name stands. `unexplained` is a mistake in the list or in cajal, which `problems` tells. */
export type Standing = 'equal' | 'differs' | 'own test' | 'absent' | 'unexplained';

/** A name with what is known of it. */
export interface ComparedName extends KerasName {
  readonly standing: Standing;
  readonly cases: readonly GoldenCases[];
  readonly problems: readonly string[];
}

/** A section with its names compared. */
export interface ComparedSection extends Omit<KerasSection, 'names'> {
  readonly names: readonly ComparedName[];
  /** The module's other names, which cajal has not. */
  readonly notHere: readonly string[];
}

/** Compares all names of the sections. */
export async function compareNames(sections: readonly KerasSection[], goldens: Goldens): Promise<ComparedSection[]> {
  const options = kerasOptions();
  const listed = new Set(sections.flatMap(({ names }) => names.map(({ keras }) => keras)));
  return Promise.all(
    sections.map(async (section) => ({
      ...section,
      names: await Promise.all(
        section.names.map((name) => compareName(name, goldens, options[name.keras] ?? {}, section.without ?? {})),
      ),
      notHere: namesOfModule(section.module, Object.keys(options)).filter((name) => !listed.has(name)),
    })),
  );
}

async function compareName(
  name: KerasName,
  goldens: Goldens,
  options: KerasOptions,
  without: Readonly<Record<string, string>>,
): Promise<ComparedName> {
  const cases = goldens.casesOf(name.keras);
  if (!(await hasName(name.cajal))) return { ...name, cases, standing: 'absent', problems: [] };
  const problems = [...(await optionProblems(name, Object.keys(options), without))];
  problems.push(...defaultProblems(name, options), ...testProblems(name.test));
  if (cases.length === 0 && !name.test) problems.push('no golden has it, and no test is named');
  return { ...name, cases, standing: standingOf(name, cases, problems), problems };
}

function standingOf(name: KerasName, cases: readonly GoldenCases[], problems: readonly string[]): Standing {
  if (problems.length > 0) return 'unexplained';
  if (name.differs !== undefined || name.lacks !== undefined) return 'differs';
  return cases.length > 0 ? 'equal' : 'own test';
}

/** Options of Keras that cajal refuses and nobody explains, and explanations of options that it takes. */
async function optionProblems(
  { keras, cajal, lacks = {}, spelled = {} }: KerasName,
  options: readonly string[],
  without: Readonly<Record<string, string>>,
): Promise<string[]> {
  const strange = [...Object.keys(lacks), ...Object.keys(spelled)].filter((option) => !options.includes(option));
  const problems = strange.map((option) => `${keras} has no option ${option}`);
  if (!hasOptions(cajal)) return problems;
  for (const option of options) {
    const own = spelled[option] ?? camelCase(option);
    const isTaken = own.startsWith('(') || (await takesOption(cajal, own));
    if (isTaken && option in lacks) problems.push(`${cajal} takes ${own}`);
    if (!isTaken && !(option in lacks) && !(option in without)) problems.push(`${cajal} lacks ${option}`);
  }
  return problems;
}

/** Defaults that are not Keras's. */
function defaultProblems({ keras, cajal }: KerasName, options: KerasOptions): string[] {
  const withoutDefault = Object.keys(options).filter((option) => options[option] === null);
  const own = Object.keys(options).length === 0 ? {} : defaultsOf(cajal, withoutDefault.map(camelCase));
  return Object.entries(options).flatMap(([option, expected]) => {
    const received = own[camelCase(option)];
    if (expected === null || received === undefined || plain(received) === plain(expected)) return [];
    const [here, there] = [JSON.stringify(received), JSON.stringify(expected)];
    return [`${cajal} has ${here} for ${camelCase(option)} where none is given, ${keras} ${there}`];
  });
}

/** Values that mean the same as the same text: `[2, 2]` is 2, and `glorot_uniform` is `glorotUniform`. */
function plain(value: unknown): string {
  if (typeof value === 'string') return camelCase(value).replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  if (!Array.isArray(value)) return JSON.stringify(value);
  const all = value.map(plain);
  return new Set(all).size === 1 ? all[0]! : `[${all.join()}]`;
}

function testProblems(test: KerasName['test']): string[] {
  if (!test) return [];
  const [file, title] = test;
  const place = path.join(root, file);
  if (!existsSync(place)) return [`${file} is not there`];
  return readFileSync(place, 'utf8').includes(title) ? [] : [`${file} has no test "${title}"`];
}

function namesOfModule(module: string | undefined, names: readonly string[]): readonly string[] {
  if (module === undefined) return [];
  return names.filter((name) => name.startsWith(`${module}.`) && !name.slice(module.length + 1).includes('.'));
}
