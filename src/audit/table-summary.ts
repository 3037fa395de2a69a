/** A table of labels as R's `summary()` prints a data frame, with text as factors. */
import { kindOf, type SummaryLine, summarizeColumn, type TableColumn } from './column-summary.ts';

/** R wraps at this width. */
const defaultWidth = 80;

/** The columns of a table: names as R's `read.csv` makes them, and kinds. */
export function readColumns(header: readonly string[], rows: readonly (readonly string[])[]): TableColumn[] {
  const names = columnNames(header);
  return names.map((name, column) => {
    const cells = rows.map((row) => row[column] ?? '');
    return { name, kind: kindOf(cells), cells };
  });
}

/** Names as R's `make.names(…, unique = TRUE)` makes them: letters, digits and dots; `X` for none. */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  const made = header.map((name) => {
    const valid = name.trim().replaceAll(/[^\p{L}\p{N}._]/gu, '.');
    return valid === '' || /^([^\p{L}.]|\.\p{N})/u.test(valid) ? `X${valid}` : valid;
  });
  return made.map((name) => {
    let unique = name;
    for (let number = 1; taken.has(unique); number++) unique = `${name}.${number}`;
    taken.add(unique);
    return unique;
  });
}

/** What R prints for `summary(table)`. */
export function formatSummary(columns: readonly TableColumn[], width: number = defaultWidth): string {
  const blocks = columns.map(({ name, ...column }) => {
    const lines = summarizeColumn({ name, ...column });
    return columnBlock(name, lines);
  });
  const height = Math.max(0, ...blocks.map(({ cells }) => cells.length));
  const texts = blocks.map(({ head, cells }) => {
    const wide = Math.max(letters(head), ...cells.map(letters));
    return [head, ...cells, ...new Array<string>(height - cells.length).fill('')].map(
      (text) => text + ' '.repeat(wide - letters(text)),
    );
  });
  const pages: string[][][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const wide = 1 + letters(text[0]!);
    if (used + wide > width) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)!.push(text);
    used += wide;
  }
  return pages
    .map((page) =>
      Array.from({ length: height + 1 }, (_, row) => `${page.map((text) => ` ${text[row]}`).join('')}\n`).join(''),
    )
    .join('');
}

/** The name stands over the middle of the labels, as far as there is room before it. */
function columnBlock(name: string, lines: readonly SummaryLine[]): { head: string; cells: string[] } {
  const wide = Math.max(0, ...lines.map(([label]) => letters(label)));
  const pad = Math.max(0, Math.floor(wide - letters(name) / 2));
  const cells = lines.map(([label, value]) => `${label}${' '.repeat(wide - letters(label))}:${value}  `);
  return { head: `${' '.repeat(pad)}${name}`, cells };
}

function letters(text: string): number {
  return [...text].length;
}
