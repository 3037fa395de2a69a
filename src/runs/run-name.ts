/** Names of runs: what a name may be, and the next number for a run without one: `train`, `train-2`, `train-3`, … */
import { OptionError } from '../core/errors.ts';

/** The name of a first run that was given none. */
export const defaultRunName = 'train';

/** Names that Windows keeps for devices, with or without an extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const forbidden = /[\u0000-\u001f\u007f<>:"/\\|?*]/;

/**
 * Returns `name` where it can be the name of one folder on every operating system.
 * @throws {OptionError} where it cannot.
 */
export function checkRunName(name: string): string {
  const isPlain = name !== '' && name.trim() === name && !name.startsWith('.') && !name.endsWith('.');
  if (isPlain && !forbidden.test(name) && !deviceName.test(name) && Buffer.byteLength(name) <= 200) return name;
  const rule = 'letters, digits, "-", "_", "." and spaces inside, no "/"; at most 200 bytes';
  throw new OptionError(
    `run folder: expected a plain folder name, received ${JSON.stringify(name)}. Choose a --name of ${rule}.`,
  );
}

/**
 * The name after all of `taken` that are `stem` or `stem-NUMBER`. Numbers of deleted runs are used again only at the end,
 * so that a higher number is a later run.
 */
export function nextRunName(stem: string, taken: readonly string[]): string {
  let highest = 0;
  for (const name of taken) {
    const digits = name.startsWith(`${stem}-`) ? name.slice(stem.length + 1) : '';
    if (name === stem) highest = Math.max(highest, 1);
    else if (/^[1-9]\d{0,8}$/.test(digits)) highest = Math.max(highest, Number(digits));
  }
  return highest === 0 ? stem : `${stem}-${highest + 1}`;
}
