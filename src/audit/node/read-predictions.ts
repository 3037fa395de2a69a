/** Reads out-of-fold probabilities from a CSV file. */
import { readFile } from 'node:fs/promises';
import { csvParseRows } from 'd3-dsv';
import { DataError } from '../../core/errors.ts';
import type { OutOfFold } from '../build-report.ts';

/**
 * Reads a CSV file with a column `path` (or `file`) and a column for each class, such as the `predictions.csv` of a cross
 * validation. Where a class is called like another column, its own is the last of that name.
 *
 * @throws DataError where a column is missing or a value is no probability
 */
export async function readPredictions(file: string, classNames: readonly string[]): Promise<OutOfFold> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new DataError(
      `${file}: expected a CSV file of predictions, received ${(cause as Error).message}. Check the path.`,
      {
        cause,
      },
    );
  }
  const [head = [], ...rows] = csvParseRows(text.replace(/^\uFEFF/, ''));
  const pathColumn = head.findIndex((name) => name === 'path' || name === 'file');
  // Of a class named `path`, `class` or `predicted` the last such column: columns of the table itself come first.
  const columns = classNames.map((name) => head.lastIndexOf(name));
  const isMissing = (column: number) => column < 0 || column === pathColumn;
  const missing = [...(pathColumn < 0 ? ['path'] : []), ...classNames.filter((_, index) => isMissing(columns[index]!))];
  if (missing.length > 0) {
    throw new DataError(
      `${file}: expected a column path and one for each class, received a table without ${missing.join(', ')}. ` +
        'Write the probabilities of each class in a column with its name.',
    );
  }
  const probabilities = new Float64Array(rows.length * classNames.length);
  for (const [row, cells] of rows.entries()) {
    for (const [place, column] of columns.entries()) {
      const value = Number(cells[column] === '' ? Number.NaN : cells[column]);
      if (!(value >= 0 && value <= 1)) {
        throw new DataError(
          `${file}: expected probabilities from 0 to 1, received ${JSON.stringify(cells[column] ?? null)} in line ${row + 2}. ` +
            'Correct the line, or leave it out.',
        );
      }
      probabilities[row * classNames.length + place] = value;
    }
  }
  return { paths: rows.map((cells) => cells[pathColumn]!), probabilities };
}
