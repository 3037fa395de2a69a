/** What R's `summary()` says of one column of a table: counts of the categories of a factor, quantiles of numbers, counts of
 * logical values, or that it is text; and how many values are missing. */
import { compareCodePoints } from '../data/code-point-order.ts';

/** How R would read a column. */
export type ColumnKind = 'number' | 'logical' | 'factor' | 'text';

/** One column: its cells, and what they are. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly cells: readonly string[];
}

/** Lines of a column's summary: a label and what stands behind it. */
export type SummaryLine = readonly [label: string, value: string];

/** Lines of a factor, as `summary.data.frame` has them by default (`maxsum = 7`). */
const mostLines = 7;
/** Significant digits, as `format` of a summary has them by default. */
const digits = 4;

/** From this share of different values on, and so many of them, text is no factor: names of files, remarks. */
const distinctShare = 0.5;
const fewDistinct = 20;

const missing = 'NA';
const logicalWords = new Set(['T', 'F', 'TRUE', 'FALSE', 'true', 'false', 'True', 'False']);

/** Tells the kind of a column by its cells, as R's `type.convert` does; text of few different values is a factor. */
export function kindOf(cells: readonly string[]): ColumnKind {
  const given = cells.map((cell) => cell.trim()).filter((cell) => cell !== '' && cell !== missing);
  if (given.every((cell) => logicalWords.has(cell))) return 'logical';
  if (given.every(isNumber)) return 'number';
  const distinct = new Set(cells).size;
  return distinct > fewDistinct && distinct > distinctShare * cells.length ? 'text' : 'factor';
}

function isNumber(cell: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^(NaN|[+-]?Inf)$/.test(cell);
}

/** The lines of a column. */
export function summarizeColumn({ kind, cells }: TableColumn): SummaryLine[] {
  if (kind === 'number') return numberLines(cells);
  if (kind === 'logical') return logicalLines(cells);
  if (kind === 'factor') return factorLines(cells);
  return justified([
    ['Length', String(cells.length)],
    ['Class', 'character'],
    ['Mode', 'character'],
  ]);
}

function factorLines(cells: readonly string[]): SummaryLine[] {
  const counts = new Map<string, number>();
  let absent = 0;
  for (const cell of cells) {
    if (cell === missing) absent++;
    else counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  let levels = [...counts].sort(([a], [b]) => compareCodePoints(a, b));
  const room = absent > 0 ? mostLines - 1 : mostLines;
  if (levels.length > room) {
    // The sort is stable: of equally frequent levels the first in order is shown.
    const byCount = [...levels].sort(([, a], [, b]) => b - a);
    const others = byCount.slice(room - 1).reduce((sum, [, count]) => sum + count, 0);
    levels = [...byCount.slice(0, room - 1), ['(Other)', others]];
  }
  if (absent > 0) levels.push(["NA's", absent]);
  const width = Math.max(0, ...levels.map(([, count]) => String(count).length));
  return levels.map(([level, count]) => [level, String(count).padStart(width)]);
}

function logicalLines(cells: readonly string[]): SummaryLine[] {
  const given = cells.map((cell) => cell.trim());
  const count = (letters: string) =>
    given.filter((cell) => cell !== '' && letters.includes(cell[0]!) && cell !== missing).length;
  const [no, yes] = [count('Ff'), count('Tt')];
  const absent = cells.length - no - yes;
  return justified([
    ['Mode', 'logical'],
    ...(no > 0 ? [['FALSE', String(no)] as const] : []),
    ...(yes > 0 ? [['TRUE', String(yes)] as const] : []),
    ...(absent > 0 ? [["NA's", String(absent)] as const] : []),
  ]);
}

function justified(lines: readonly SummaryLine[]): SummaryLine[] {
  const width = Math.max(...lines.map(([, value]) => value.length));
  return lines.map(([label, value]) => [label, value.padEnd(width)]);
}

function numberLines(cells: readonly string[]): SummaryLine[] {
  const values = cells.map((cell) =>
    isNumber(cell.trim()) ? Number(cell.trim().replace('Inf', 'Infinity')) : Number.NaN,
  );
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const numbers = formatNumbers([
    quantile(sorted, 0),
    quantile(sorted, 0.25),
    quantile(sorted, 0.5),
    mean,
    quantile(sorted, 0.75),
    quantile(sorted, 1),
  ]);
  const labels = ['Min.', '1st Qu.', 'Median', 'Mean', '3rd Qu.', 'Max.'];
  const lines: SummaryLine[] = labels.map((label, place) => [label, numbers[place]!]);
  const absent = cells.length - sorted.length;
  return absent > 0 ? [...lines, ["NA's", String(absent)]] : lines;
}

/** Of sorted values, as R's `quantile` by default (type 7 of Hyndman and Fan, 1996). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const part = place - low;
  const below = sorted[low]!;
  return part === 0 ? below : below + part * (sorted[low + 1]! - below);
}

/** Numbers as R's `format(…, digits = 4)`: as many decimals as the number needs that needs most of them for four digits. */
export function formatNumbers(values: readonly number[]): string[] {
  const finite = values.filter(Number.isFinite);
  const written = finite.map((value) => {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
    const kept = mantissa
      .replace(/0+$/, '')
      .replace(/\.$/, '')
      .replace(/^-?\d\.?/, '').length;
    return { decimals: value === 0 ? 0 : Math.max(0, kept - Number(exponent)), kept, exponent: Number(exponent) };
  });
  const decimals = Math.max(0, ...written.map((each) => each.decimals));
  const fixed = values.map((value) => formatOther(value) ?? value.toFixed(Math.min(100, decimals)));
  const kept = Math.max(0, ...written.map((each) => each.kept));
  const scientific = values.map((value) => formatOther(value) ?? exponential(value, kept));
  // R's default: fixed notation, unless it is wider.
  const chosen = widest(fixed) <= widest(scientific) ? fixed : scientific;
  const width = widest(chosen);
  return chosen.map((text) => text.padStart(width));
}

function formatOther(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  return undefined;
}

function exponential(value: number, decimals: number): string {
  const [mantissa, exponent] = value.toExponential(decimals).split('e') as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
