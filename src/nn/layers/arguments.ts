/** Checks of arguments that several layers take: sizes in pairs, padding, whole numbers. */
import { OptionError } from '../../core/errors.ts';
import { checkName, checkNumber } from '../../core/options.ts';
import type { Padding } from '../../ops/window.ts';

/** A number for both axes, or `[height, width]`. */
export type Size = number | readonly [number, number];

/** A size as a pair. @throws OptionError where it is not one or two whole numbers of at least 1 */
export function checkSize(where: string, name: string, value: unknown): [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new OptionError(
      `${where}: ${name} must be a whole number or a pair [height, width], received ${JSON.stringify(value) ?? 'nothing'}.`,
    );
  }
  return [checkCount(where, name, pair[0]), checkCount(where, name, pair[1])];
}

/** A whole number of at least 1. */
export function checkCount(where: string, name: string, value: unknown): number {
  return checkNumber(where, name, value, { integer: true, min: 1 });
}

/** `valid` or `same`. */
export function checkPadding(where: string, value: string): Padding {
  return checkName(where, 'padding', value, ['valid', 'same']);
}
