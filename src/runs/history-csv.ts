/** `history.csv`: one line per epoch, the column `epoch` first and the others in alphabetical order, `NA` for a value that
 * an epoch has not. Spreadsheets, pandas and R read it as it is. */
import { FormatError } from '../core/errors.ts';
import type { HistoryRow } from './run-record.ts';

const missing = 'NA';

function quoteCell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows as CSV text. Numbers keep all their digits. */
export function formatHistory(rows: readonly HistoryRow[]): string {
  if (rows.length === 0) return '';
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  keys.delete('epoch');
  const columns = ['epoch', ...[...keys].sort()];
  const lines = rows.map((row) => columns.map((key) => (row[key] === undefined ? missing : String(row[key]))));
  return [columns.map(quoteCell), ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

/** The cells of one line of CSV; quoted cells may hold commas and doubled quotes. */
function splitLine(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
  }
  return cells;
}

/**
 * The rows of CSV text that `formatHistory` wrote.
 * @throws {FormatError} where a line has too few or too many cells, or one that is not a number.
 */
export function parseHistory(text: string): HistoryRow[] {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  if (header === undefined) return [];
  const columns = splitLine(header);
  return lines.map((line, index) => {
    const cells = splitLine(line);
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
