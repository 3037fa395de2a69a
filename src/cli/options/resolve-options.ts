/** Where values come from: a flag, else the environment, else a config file, else the default. */
import { readFile } from 'node:fs/promises';
import { OptionError } from '../../core/errors.ts';
import { checkKeys, nearestName } from '../../core/options.ts';
import { type AnyTable, checkValue, flagOf, parseText, variableOf } from './option.ts';

/** The file that is read from the current folder where no other is named. */
export const defaultConfigFile = 'cajal.config.json';

/** Variables of cajal that are not options of a command. */
const otherVariables: readonly string[] = [
  'CAJAL_BACKEND',
  'CAJAL_ISA',
  'CAJAL_THREADS',
  'CAJAL_CACHE',
  'CAJAL_DATA',
  'CAJAL_SKIP_NATIVE',
  'CAJAL_REQUIRE_NATIVE',
];

/** What a person gave. */
export interface GivenOptions {
  /** The command, for messages. */
  readonly command: string;
  readonly table: AnyTable;
  /** By key, as text; `true` for flags without a value. */
  readonly flags: Readonly<Record<string, string | true | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The content of a config file. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * The values of all options that have one.
 *
 * @throws OptionError where a value is wrong; the message names the flag, the variable or the key
 */
export function resolveOptions({ command, table, flags, environment, config }: GivenOptions): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(table)) {
    const flag = flags[key];
    const variable = environment[variableOf(key)];
    const written = config[key];
    if (flag === true) values[key] = true;
    else if (flag !== undefined)
      values[key] = parseText(command, spec.isArgument ? `<${key}>` : flagOf(key), spec, flag);
    else if (variable !== undefined) values[key] = parseText(command, variableOf(key), spec, variable);
    else if (written !== undefined && written !== null)
      values[key] = checkValue(command, `"${key}" in the config file`, spec, written);
    else if (spec.default !== undefined) values[key] = spec.default;
  }
  return values;
}

/**
 * Reads a config file: the named one, or `cajal.config.json` where there is one.
 *
 * @param known keys of all commands: those that this command has not are for another
 * @throws OptionError where the named file is not there, is not JSON, or has a key that no command knows
 */
export async function readConfig(
  command: string,
  file: string | undefined,
  known: readonly string[],
): Promise<Record<string, unknown>> {
  const name = file ?? defaultConfigFile;
  let text: string;
  try {
    text = await readFile(name, 'utf8');
  } catch (cause) {
    if (file === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new OptionError(`${name}: expected a config file, received "${(cause as Error).message}". Check the path.`, {
      cause,
    });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new OptionError(
      `${name}: expected JSON, received something else (${(cause as Error).message}). Correct the file.`,
      { cause },
    );
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new OptionError(
      `${name}: expected an object such as {"epochs": 10}, received ${JSON.stringify(content)}. Correct the file.`,
    );
  }
  const { command: written, ...options } = content as Record<string, unknown>;
  if (written !== undefined && written !== command && file !== undefined) {
    throw new OptionError(
      `${name}: expected the arguments of ${command}, received those of ${JSON.stringify(written)}. Run that command with it.`,
    );
  }
  checkKeys(name, options, known);
  return options;
}

/** Variables that look like a misspelled option, each with a sentence about it. */
export function misspelledVariables(
  environment: Readonly<Record<string, string | undefined>>,
  keys: readonly string[],
): string[] {
  const known = [...keys.map(variableOf), ...otherVariables];
  return Object.keys(environment)
    .filter((name) => name.startsWith('CAJAL_') && !known.includes(name))
    .flatMap((name) => {
      const nearest = nearestName(name, known);
      return nearest === undefined ? [] : [`the environment variable ${name} is not known. Did you mean ${nearest}?`];
    });
}
