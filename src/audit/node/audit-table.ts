/** Audits a table of labels: what R's `summary()` says of it, and what to fix. */
import { dirname } from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { findColumns } from '../../data/node/csv-columns.ts';
import { blanks, FileFinder, partsOf, readTable } from '../../data/node/scan-csv.ts';
import { type SummaryLine, summarizeColumn } from '../column-summary.ts';
import type { Finding } from '../findings.ts';
import { listTableFindings } from '../table-findings.ts';
import { formatSummary, readColumns } from '../table-summary.ts';

/** How a table is audited. */
export interface TableAuditOptions {
  /** The folder that names of pictures start from. Without it, files are looked for beside the table, and only said to be missing
   * where some of them are there. */
  root?: string;
  /** The header of the column of labels; by default found by its name or contents. */
  labelColumn?: string;
}

/** What the audit of a table finds, as plain data. */
export interface TableAudit {
  readonly version: 1;
  readonly table: string;
  readonly rowCount: number;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: string;
    readonly summary: readonly SummaryLine[];
  }[];
  /** The column of labels; null where it is not known. */
  readonly labelColumn: string | null;
  /** Rows with one label, by class. */
  readonly classes: readonly { readonly name: string; readonly count: number }[] | null;
  /** Rows that training can use, as far as the table tells. */
  readonly usableRows: number;
  /** As R prints it. */
  readonly summary: string;
  readonly findings: readonly Finding[];
}

/**
 * Audits a CSV or TSV file with a header.
 *
 * @throws DataError, FormatError where it is no table
 * @throws OptionError where the named column is not there
 */
export async function auditTable(file: string, options: TableAuditOptions = {}): Promise<TableAudit> {
  const { header, rows, lines } = await readTable(file);
  const columns = readColumns(header, rows);
  const found = chooseColumns(file, header, rows, options.labelColumn);
  const known = new Set(found.label === undefined ? [] : rows.map((row) => row[found.label!]!.trim()));
  const missingFiles = found.path === undefined ? undefined : await missingBelow(file, rows, found.path, options.root);
  const { findings, classes, usableRows } = listTableFindings({
    columns,
    lines,
    ...(found.path !== undefined && { pathColumn: found.path }),
    ...(found.label !== undefined && { labelColumn: found.label }),
    ...(missingFiles && { missingFiles }),
    labelsOf: (cell) => (blanks.includes(cell.trim()) ? [] : partsOf(cell.trim(), known)),
  });
  return {
    version: 1,
    table: file,
    rowCount: rows.length,
    columns: columns.map((column) => ({ name: column.name, kind: column.kind, summary: summarizeColumn(column) })),
    labelColumn: found.label === undefined ? null : columns[found.label]!.name,
    classes,
    usableRows,
    summary: formatSummary(columns),
    findings,
  };
}

/** The columns of pictures and of labels, each where it can be told. */
function chooseColumns(
  file: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
  labelColumn: string | undefined,
): { path?: number; label?: number } {
  try {
    return findColumns(file, header, rows, labelColumn === undefined ? {} : { labelColumn });
  } catch (error) {
    if (labelColumn === undefined) return {};
    const label = header.indexOf(labelColumn);
    if (label < 0 && error instanceof OptionError) throw error;
    return { label };
  }
}

async function missingBelow(
  file: string,
  rows: readonly (readonly string[])[],
  column: number,
  root: string | undefined,
): Promise<string[] | undefined> {
  const names = [...new Set(rows.map((row) => row[column]!.trim()))].filter((name) => name !== '');
  const finder = new FileFinder(root ?? dirname(file));
  const missing: string[] = [];
  for (const name of names) if ((await finder.find(name)) === undefined) missing.push(name);
  return root === undefined && missing.length === names.length ? undefined : missing;
}
