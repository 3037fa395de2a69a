/** Rows and columns at the edges of pictures: how many are added by zeroPadding2d, and taken off by cropping2d. */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { checkCount, type Pair } from './arguments.ts';

/** One number for all edges, one for rows and one for columns, or `[[top, bottom], [left, right]]`. */
export type Margins = number | Pair | readonly [rows: Pair, columns: Pair];

/** `[[top, bottom], [left, right]]`. */
export type FullMargins = readonly [rows: Pair, columns: Pair];

/** Margins in full. @throws OptionError where they are not whole numbers of at least 0 in one of the three forms */
export function checkMargins(where: string, name: string, given: unknown): FullMargins {
  const sides = Array.isArray(given) ? given : [given, given];
  const pairs = sides.map((side: unknown) => (Array.isArray(side) ? side : [side, side]));
  if (pairs.length !== 2 || pairs.some((pair) => pair.length !== 2)) {
    throw new OptionError(
      `${where}: ${name} must be a number, a pair [rows, columns] or [[top, bottom], [left, right]], received ${show(given)}.`,
    );
  }
  const [rows, columns] = pairs.map((pair) => pair.map((size) => checkCount(where, name, size, 0)));
  return [rows as unknown as Pair, columns as unknown as Pair];
}
