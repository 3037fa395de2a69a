/** Iris: 150 flowers of three species, four measures each (Fisher, 1936), from a CSV file with a header. */
import { readFile } from 'node:fs/promises';
import { csvParse } from 'd3-dsv';
import { DataError, FormatError } from '../../../core/errors.ts';
import type { Arrays } from '../../array-dataset.ts';
import { compareCodePoints } from '../../code-point-order.ts';

/** The table as tensors. */
export interface Iris extends Arrays {
  /** What each column of `x` holds, by the header. */
  readonly featureNames: readonly string[];
  /** Species in code-point order: their positions are the class numbers. */
  readonly classNames: readonly string[];
}

/**
 * Reads the Iris table: a column `Species` (any case; or `class`, `variety`), one column for each measure, and perhaps
 * an `Id`, which is left out.
 *
 * @returns `x` is float32 `[150, 4]` in centimetres, `y` uint8 class numbers `[150, 1]`
 * @throws DataError where the file cannot be read
 * @throws FormatError where it has no species column, no rows, or a measure that is not a number
 * @example
 * const { x, y, classNames } = await datasets.iris('Iris.csv');
 */
export async function iris(path: string): Promise<Iris> {
  const rows = csvParse(await readText(path));
  const species = rows.columns.find((name) => ['species', 'class', 'variety'].includes(name.toLowerCase()));
  if (species === undefined || rows.length === 0) {
    throw new FormatError(
      `${path}: expected a header with a column Species and rows below it, received the columns ` +
        `${rows.columns.join(', ') || '(none)'} and ${rows.length} rows. Take a CSV file of the Iris set with its header.`,
    );
  }
  const featureNames = rows.columns.filter((name) => name !== species && name.toLowerCase() !== 'id');
  const classNames = [...new Set(rows.map((row) => row[species]!))].sort(compareCodePoints);
  const features = rows.flatMap((row, index) => featureNames.map((name) => measure(path, index, name, row[name])));
  const labels = rows.map((row) => classNames.indexOf(row[species]!));
  return {
    x: { shape: [rows.length, featureNames.length], dtype: 'float32', data: Float32Array.from(features) },
    y: { shape: [rows.length, 1], dtype: 'uint8', data: Uint8Array.from(labels) },
    featureNames,
    classNames,
  };
}

function measure(path: string, row: number, name: string, text: string | undefined): number {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new FormatError(
    `${path}: expected a number for ${name} in row ${row + 1}, received "${text ?? ''}". Correct or remove the row.`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new DataError(
      `${path}: expected a CSV file, received an error (${(cause as Error).message}). Check the path.`,
      {
        cause,
      },
    );
  }
}
