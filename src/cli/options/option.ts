/** What an option of the command line is. One table of these makes the flags, the help, the environment variables, the keys
 * of config files and the content of args.json. */

import { OptionError } from '../../core/errors.ts';
import { checkName, checkNumber, type NumberRule } from '../../core/options.ts';

/** How an option is written and checked. */
export interface OptionSpec<Value = unknown> {
  /** `flag`: true where it is given. Lists are written with commas; what `words` mean is checked by those that use them. A `grid` is given several times, each `name=value,value`. */
  readonly kind: 'flag' | 'text' | 'number' | 'numbers' | 'name' | 'names' | 'words' | 'grid';
  readonly help: string;
  /** The heading that it stands under in the help. */
  readonly group: string;
  readonly default?: Value;
  /** What a `number` or each of `numbers` must satisfy. */
  readonly rule?: NumberRule;
  /** What a `name` or each of `names` is chosen from. */
  readonly choices?: readonly string[];
  /** What the help writes for the value, where not the kind's own word. */
  readonly placeholder?: string;
  /** It is an argument and no flag. */
  readonly isArgument?: boolean;
}

/** A specification for each key of some settings. */
export type OptionTable<Settings> = { readonly [Key in keyof Settings]-?: OptionSpec<NonNullable<Settings[Key]>> };

/** Any table. */
export type AnyTable = Readonly<Record<string, OptionSpec>>;

/** `batchSize` → `--batch-size`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `batchSize` → `CAJAL_BATCH_SIZE`. */
export function variableOf(key: string): string {
  return `CAJAL_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** A value written as text, as flags and environment variables are. @throws OptionError where it is no such value */
export function parseText(where: string, name: string, spec: OptionSpec, text: string): unknown {
  const list = () => text.split(',').map((part) => part.trim());
  const toNumber = (part: string) => (part === '' ? part : Number.isNaN(Number(part)) ? part : Number(part));
  switch (spec.kind) {
    case 'flag':
      return checkValue(
        where,
        name,
        spec,
        ['1', 'true', 'yes', ''].includes(text) || (['0', 'false', 'no'].includes(text) ? false : text),
      );
    case 'number':
      return checkValue(where, name, spec, toNumber(text.trim()));
    case 'numbers':
      return checkValue(where, name, spec, list().map(toNumber));
    case 'names':
    case 'words':
      return checkValue(where, name, spec, text === '' ? [] : list());
    case 'grid':
      return parseGrid(where, name, text.split('\n'));
    default:
      return checkValue(where, name, spec, text);
  }
}

/** A value as JSON holds it. @throws OptionError where it is no such value */
export function checkValue(where: string, name: string, spec: OptionSpec, value: unknown): unknown {
  const wrong = (expected: string) =>
    new OptionError(
      `${where}: ${name} must be ${expected}, received ${JSON.stringify(value)}. See "cajal ${where} --help".`,
    );
  const { kind, rule, choices = [] } = spec;
  if (kind === 'flag') {
    if (typeof value !== 'boolean') throw wrong('true or false');
    return value;
  }
  if (kind === 'number') return checkNumber(where, name, value, rule);
  if (kind === 'numbers') {
    if (!Array.isArray(value) || value.length === 0) throw wrong('a list of numbers');
    return value.map((part) => checkNumber(where, name, part, rule));
  }
  if (kind === 'names') {
    if (!Array.isArray(value)) throw wrong('a list of names');
    return value.map((part) => checkName(where, name, String(part), choices));
  }
  if (kind === 'words') {
    if (!Array.isArray(value)) throw wrong('a list of words');
    return value.map(String);
  }
  if (kind === 'grid') {
    const isGrid = typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray);
    if (!isGrid) throw wrong('an object of lists, such as {"optimizer": ["adam", "sgd"]}');
    return value;
  }
  if (typeof value !== 'string' || value === '') throw wrong('a text');
  return kind === 'name' ? checkName(where, name, value, choices) : value;
}

/** The texts after the names, one name each: what they mean depends on the name. */
function parseGrid(where: string, name: string, parts: readonly string[]): Record<string, string> {
  const grid: Record<string, string> = {};
  for (const part of parts) {
    const [, key, values] = /^\s*([\w-]+)\s*=(.*)$/s.exec(part) ?? [];
    if (key === undefined || values === undefined) {
      throw new OptionError(
        `${where}: ${name} must be name=value,value, received ${JSON.stringify(part)}. Write ${name} optimizer=adam,sgd.`,
      );
    }
    if (key in grid)
      throw new OptionError(`${where}: ${name} names ${key} twice. Write all its values behind one ${name}.`);
    grid[key] = values;
  }
  return grid;
}
