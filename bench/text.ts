/** Numbers and tables as the terminal shows them. */
import { alignColumns } from '../src/cli/text-table.ts';

/** Three digits that count, without an exponent. */
export function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

/** Of a whole. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
}

/** A head and rows, aligned; the first columns hold words. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], words: number): string {
  const numbers = head.map((_, column) => column).slice(words);
  return alignColumns([head, ...rows], numbers);
}
