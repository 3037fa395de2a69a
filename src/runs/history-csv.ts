/** `history.csv`: one line per epoch, the column `epoch` first and the others in alphabetical order, `NA` for a value that
 * an epoch has not. Spreadsheets, pandas and R read it as it is. */
import { csvFormatRows, csvParseRows } from 'd3-dsv';
import { FormatError } from '../core/errors.ts';
import type { HistoryRow } from './run-record.ts';

const missing = 'NA';

/** The rows as CSV text. Numbers keep all their digits. */
export function formatHistory(rows: readonly HistoryRow[]): string {
  if (rows.length === 0) return '';
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  keys.delete('epoch');
  const columns = ['epoch', ...[...keys].sort()];
  const lines = rows.map((row) => columns.map((key) => (row[key] === undefined ? missing : String(row[key]))));
  return `${csvFormatRows([columns, ...lines])}\n`;
}

/**
 * The rows of CSV text that `formatHistory` wrote.
 * @throws {FormatError} where a line has too few or too many cells, or one that is not a number.
 */
export function parseHistory(text: string): HistoryRow[] {
  const [columns = [], ...lines] = csvParseRows(text);
  return lines.map((cells, index) => {
    const where = `history.csv line ${index + 2}`;
    const remedy = 'Put the file back as the run wrote it.';
    if (cells.length !== columns.length) {
      throw new FormatError(`${where}: expected ${columns.length} cells, received ${cells.length}. ${remedy}`);
    }
    const row: Record<string, number> = {};
    for (const [column, key] of columns.entries()) {
      const cell = cells[column]!;
      if (cell === missing && key !== 'epoch') continue;
      row[key] = Number(cell);
      if (cell.trim() === '' || (Number.isNaN(row[key]) && cell !== 'NaN')) {
        throw new FormatError(`${where}: expected a number under "${key}", received "${cell}". ${remedy}`);
      }
    }
    const { epoch = Number.NaN } = row;
    if (!Number.isInteger(epoch)) {
      throw new FormatError(`${where}: expected a whole number under "epoch", received ${epoch}. ${remedy}`);
    }
    return { ...row, epoch };
  });
}
