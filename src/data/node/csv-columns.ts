/** Which column of a table of pictures holds their paths, and which their labels: by the header where that is clear. */
import { extname } from 'node:path';
import { FormatError, OptionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/options.ts';
import { showName } from '../show-name.ts';
import { pictureExtensions } from './decode-picture.ts';

/** The columns of a table of pictures, where the header does not say. */
export interface CsvColumns {
  /** The header of the column of paths; by default found by its name (`path`, `file`, `image`, …) or its contents. */
  pathColumn?: string;
  /** The header of the column of labels; by default found by its name (`label`, `class`, `category`, …), or the one that is left. */
  labelColumn?: string;
}

const pathNames =
  'path file filepath filename imagepath imagefile imagefilename imagename image img picture photo imageid id'.split(
    ' ',
  );
const labelNames = 'label class category target classname labelname species breed diagnosis y'.split(' ');

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_ .]/g, '');

/**
 * The numbers of both columns.
 *
 * @param rows without the header
 * @throws OptionError where a column is named that is not there
 * @throws FormatError where no column, or more than one, can be meant
 */
export function findColumns(
  where: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { pathColumn, labelColumn }: CsvColumns,
): { path: number; label: number } {
  const path = pathColumn === undefined ? findPath(where, header, rows) : numberOf(where, header, 'path', pathColumn);
  const label =
    labelColumn === undefined ? findLabel(where, header, rows, path) : numberOf(where, header, 'label', labelColumn);
  if (path !== label) return { path, label };
  throw new OptionError(
    `${where}: expected a column of paths and another one of labels, received ${showName(header[path]!)} for both. ` +
      'Name both: { pathColumn, labelColumn }.',
  );
}

function numberOf(where: string, header: readonly string[], what: 'path' | 'label', name: string): number {
  const found = header.indexOf(name);
  if (found >= 0) return found;
  throw new OptionError(
    `${where}: expected a column "${name}" (${what}Column), received ${list(header)}.${didYouMean(name, header)} ` +
      'Give a name as the header has it.',
  );
}

function findPath(where: string, header: readonly string[], rows: readonly (readonly string[])[]): number {
  const places = header.map((_, place) => place);
  const isPath = (cell: string | undefined) => pictureExtensions.includes(extname(cell?.trim() ?? '').toLowerCase());
  // Most, not all: a dirty table still is one.
  const byContent = places.filter((place) => rows.filter((row) => isPath(row[place])).length * 2 > rows.length);
  if (byContent.length === 1) return byContent[0]!;
  const among = byContent.length > 0 ? byContent : places;
  for (const name of pathNames) {
    const named = among.filter((place) => plain(header[place]!) === name);
    if (named.length === 1) return named[0]!;
  }
  throw new FormatError(
    `${where}: expected one column of paths, received the columns ${list(header)}, of which ` +
      `${byContent.length > 1 ? `${byContent.length} hold names of pictures` : 'none is it for sure'}. ` +
      'Name it by pathColumn.',
  );
}

function findLabel(
  where: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  path: number,
): number {
  const others = header.map((_, place) => place).filter((place) => place !== path);
  // `label`, `label_2`, `Label 3` are columns of the same kind.
  const kinds = others.filter((place) => labelNames.includes(plain(header[place]!).replace(/s?\d*$/, '')));
  if (kinds.length === 1) return kinds[0]!;
  const isMark = (cell: string | undefined) => /^(0|1)(\.0*)?$/.test(cell?.trim() ?? '');
  const marks = others.filter((place) => rows.length > 0 && rows.every((row) => isMark(row[place])));
  const several = kinds.length > 1 ? kinds : marks.length > 1 ? marks : [];
  if (several.length > 1) {
    throw new FormatError(
      `${where}: expected one label for each picture, received several columns of labels (${list(several.map((place) => header[place]!))}). ` +
        'Pictures with several labels at once cannot be learned: choose one column by labelColumn, or write the class into one column.',
    );
  }
  // A column without a name is the row numbers that a table program wrote.
  const left = others.filter((place) => header[place]!.trim() !== '');
  if (left.length === 1) return left[0]!;
  throw new FormatError(
    `${where}: expected one column of labels, received the columns ${list(header)}, of which none is it for sure. ` +
      'Name it by labelColumn.',
  );
}

function list(names: readonly string[]): string {
  return names.map((name) => (name === '' ? '(no name)' : showName(name))).join(', ');
}
