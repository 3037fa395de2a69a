/** Lists the pictures of a table with a column of paths and a column of labels, as `scanFolder` lists those of a folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { dsvFormat } from 'd3-dsv';
import { DataError, FormatError } from '../../core/errors.ts';
import { checkKeys, checkText } from '../../core/options.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { type FolderListing, nameSome, type PictureFile, type SkippedFile } from '../picture-file.ts';
import { sameButForCase } from '../same-but-for-case.ts';
import { showName } from '../show-name.ts';
import { type CsvColumns, findColumns } from './csv-columns.ts';
import { pictureExtensions } from './decode-picture.ts';
import { checkClassesHavePictures, emptyClassWarnings, refuseBroken, type ScanOptions } from './scan-folder.ts';

/** How a table of pictures is listed. */
export interface ScanCsvOptions extends ScanOptions, CsvColumns {
  /** The folder that paths start from; by default that of the table. */
  root?: string;
}

/** The names of the options that `scanCsv` has and `scanFolder` has not. */
export const csvOptionNames: readonly (keyof ScanCsvOptions)[] = ['pathColumn', 'labelColumn', 'root'];

/** What tables write where they have no label. */
export const blanks: readonly string[] = ['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '<NA>'];

/** Whether a path names a table of pictures, and not a folder: by its extension. */
export function isTable(path: string): boolean {
  return /\.(csv|tsv)$/i.test(path);
}

/**
 * Lists the pictures of a CSV file (or of a TSV file) with a header, with one row for each picture. A path may lack its
 * extension. Rows without a label, with several, or whose file is missing are left out, and accounted for; rows that say
 * the same twice count once.
 *
 * @returns classes sorted by code points, or by number where all labels are whole numbers; `folder` is the root
 * @throws DataError where the file cannot be read, or has pictures of too few classes
 * @throws FormatError where it is no such table, or has several columns of labels
 * @throws OptionError for an unknown option, or a column that is not there
 * @example
 * const listing = await scanCsv('labels.csv', { root: 'pictures', labelColumn: 'Category' });
 */
export async function scanCsv(path: string, options: ScanCsvOptions = {}): Promise<FolderListing> {
  checkKeys('scanCsv', options, [...csvOptionNames, 'classNames', 'strict', 'leastClasses']);
  const { header, rows } = await readTable(checkText('scanCsv', 'path', path));
  const columns = findColumns(showName(path), header, rows, options);
  const root = options.root ?? dirname(path);
  const skipped: SkippedFile[] = [];
  const warnings: string[] = [];
  const labels = labelsOf(rows, columns, skipped, warnings);
  const classNames = options.classNames ?? sortedClasses([...new Set(labels.values())]);
  checkKnown(path, classNames, labels);

  const files: PictureFile[] = [];
  const finder = new FileFinder(root);
  for (const [given, label] of labels) {
    const found = await finder.find(given);
    if (found === undefined) skipped.push({ path: given, reason: 'missing', detail: 'no such file' });
    else if (found.sizeBytes === 0) skipped.push({ path: found.path, reason: 'empty file' });
    else files.push({ ...found, label: classNames.indexOf(label) });
  }
  files.sort((a, b) => a.label - b.label || compareCodePoints(a.path, b.path));
  skipped.sort((a, b) => compareCodePoints(a.path, b.path));
  const listing = { folder: root, classNames, files, skipped, warnings };
  const missing = skipped.filter(({ reason }) => reason === 'missing');
  if (files.length === 0 && missing.length > 0) throw allMissing(path, root, missing);
  if (options.strict) refuseBroken({ ...listing, folder: path });
  checkClassesHavePictures(listing, options.leastClasses ?? (options.classNames ? 1 : 2));
  const missingWarning =
    missing.length === 0
      ? []
      : [`${missing.length} file(s) of ${showName(path)} are missing: ${nameSome(missing.map((file) => file.path))}.`];
  return {
    ...listing,
    warnings: [...warnings, ...missingWarning, ...caseWarnings(classNames), ...emptyClassWarnings(listing)],
  };
}

/** The header and the rows of a table, whatever its encoding and separator. @throws DataError, FormatError */
export async function readTable(path: string): Promise<{ header: string[]; rows: string[][]; lines: number[] }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const received = code === 'ENOENT' ? 'a path where nothing is' : code === 'EISDIR' ? 'a folder' : message;
    throw new DataError(`${showName(path)}: expected a CSV file, received ${received}. Check the path.`, { cause });
  }
  const text = decodeText(path, bytes);
  const separator = /\.tsv$/i.test(path) ? '\t' : hasSemicolons(text) ? ';' : ',';
  const all = dsvFormat(separator)
    .parseRows(text)
    .map((cells, place) => ({ cells, place }));
  const [head, ...body] = all.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (head === undefined || body.length === 0) {
    throw new FormatError(
      `${showName(path)}: expected a header and a row for each picture, received ${head ? 'a header alone' : 'nothing'}. ` +
        'Write a first line such as path,label.',
    );
  }
  const odd = body.find(({ cells }) => cells.length !== head.cells.length);
  if (odd) {
    throw new FormatError(
      `${showName(path)}: expected ${head.cells.length} cells in each row as in the header, received ${odd.cells.length} in row ${odd.place + 1}. ` +
        'Look for a missing quote or comma there: cells with commas need quotes around them.',
    );
  }
  return {
    header: head.cells.map((name) => name.trim()),
    rows: body.map(({ cells }) => cells),
    // Of rows, not of lines within quotes.
    lines: body.map(({ place }) => place + 1),
  };
}

function decodeText(path: string, bytes: Uint8Array): string {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    // The decoder takes the byte-order mark away.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(
      `${showName(path)}: expected a table in UTF-8, received bytes that are not. Save it as CSV UTF-8.`,
      { cause },
    );
  }
}

/** Whether the header is written as spreadsheets in many languages do, with semicolons. */
function hasSemicolons(text: string): boolean {
  const header = text.slice(0, Math.max(0, text.search(/[\r\n]/)));
  return header.includes(';') && !header.includes(',');
}

/** Each path with its one label. */
function labelsOf(
  rows: readonly (readonly string[])[],
  columns: { path: number; label: number },
  skipped: SkippedFile[],
  warnings: string[],
): Map<string, string> {
  const given = rows.map((row) => ({ path: row[columns.path]!.trim(), label: row[columns.label]!.trim() }));
  const known = new Set(given.map(({ label }) => label));
  const byPath = new Map<string, Set<string>>();
  let repeated = 0;
  let pathless = 0;
  for (const { path, label } of given) {
    if (path === '') {
      pathless++;
      continue;
    }
    const labels = byPath.get(path);
    if (labels?.has(label)) repeated++;
    byPath.set(path, (labels ?? new Set()).add(label));
  }
  if (pathless > 0) warnings.push(`${pathless} row(s) have no path; they are left out.`);
  if (repeated > 0) warnings.push(`${repeated} row(s) say again what another row says; each picture counts once.`);
  const single = new Map<string, string>();
  for (const [path, labels] of byPath) {
    const said = [...labels].filter((label) => !blanks.includes(label));
    const parts = said.flatMap((label) => partsOf(label, known));
    if (parts.length === 0) skipped.push({ path, reason: 'no label' });
    else if (parts.length === 1) single.set(path, parts[0]!);
    else skipped.push({ path, reason: 'several labels', detail: `labels ${nameSome(parts)}` });
  }
  return single;
}

/** `NEUTROPHIL, EOSINOPHIL` is two labels where either is one of another picture; else it is one that holds a comma. */
export function partsOf(label: string, known: ReadonlySet<string>): string[] {
  const parts = label.split(/[,;|/]/).map((part) => part.trim());
  return parts.length > 1 && parts.some((part) => known.has(part)) ? parts : [label];
}

function sortedClasses(labels: string[]): string[] {
  const areNumbers = labels.every((label) => /^(0|[1-9]\d{0,8})$/.test(label));
  return labels.sort(areNumbers ? (a, b) => Number(a) - Number(b) : compareCodePoints);
}

function checkKnown(path: string, classNames: readonly string[], labels: ReadonlyMap<string, string>): void {
  const unknown = [...new Set(labels.values())].filter((label) => !classNames.includes(label));
  if (unknown.length === 0) return;
  throw new DataError(
    `${showName(path)}: expected the labels ${nameSome(classNames, 20)}, received also ${nameSome(unknown)}. ` +
      'Correct these labels, or leave the rows out.',
  );
}

function caseWarnings(classNames: readonly string[]): string[] {
  return sameButForCase(classNames).map(
    (names) =>
      `classes ${names.map(showName).join(' and ')} differ in upper and lower case only; they count as different ones.`,
  );
}

function allMissing(path: string, root: string, missing: readonly SkippedFile[]): DataError {
  return new DataError(
    `${showName(path)}: expected paths of pictures below ${showName(root)}, received ${missing.length} where nothing is: ` +
      `${nameSome(missing.map((file) => file.path))}. Give the folder of the pictures as root, or another pathColumn.`,
  );
}

/** Finds files by what a table calls them. Folders are listed once each. */
export class FileFinder {
  #root: string;
  #names = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The path inside the root, with `/`, and the size. */
  async find(given: string): Promise<{ path: string; sizeBytes: number } | undefined> {
    for (const spelled of new Set([given, given.replaceAll('\\', '/')])) {
      const inside = isAbsolute(spelled) ? relative(this.#root, spelled) : spelled;
      const names = await this.#namesIn(dirname(join(this.#root, inside)));
      const end = ['', ...pictureExtensions].find((extension) => names.has(basename(inside) + extension));
      if (end === undefined) continue;
      const path = inside + end;
      const found = await stat(join(this.#root, path)).catch(() => undefined);
      if (found?.isFile()) return { path: path.split(sep).join('/'), sizeBytes: found.size };
    }
    return undefined;
  }

  #namesIn(folder: string): Promise<ReadonlySet<string>> {
    let names = this.#names.get(folder);
    if (names === undefined) {
      names = readdir(folder).then(
        (listed) => new Set(listed),
        () => new Set<string>(),
      );
      this.#names.set(folder, names);
    }
    return names;
  }
}
