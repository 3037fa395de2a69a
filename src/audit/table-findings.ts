/** What is wrong with a table of labels, in sentences: blanks, several labels in a cell, rare classes, repeated pictures,
 * names that differ in case only, missing files, columns that say nothing. */
import { sameButForCase } from '../data/same-but-for-case.ts';
import type { TableColumn } from './column-summary.ts';
import { type Finding, percent } from './findings.ts';

/** A table of labels. */
export interface LabelTable {
  readonly columns: readonly TableColumn[];
  /** Numbers of the columns, where they are known. */
  readonly pathColumn?: number;
  readonly labelColumn?: number;
  /** Line of each row in the file, counted from 1. */
  readonly lines: readonly number[];
  /** Names in the column of paths where no file is; left out where nobody looked. */
  readonly missingFiles?: readonly string[];
  /** Labels of a cell: one, several, or none where it is blank. */
  readonly labelsOf: (cell: string) => readonly string[];
}

/** What a table comes to. */
export interface TableFindings {
  readonly findings: readonly Finding[];
  /** Rows with one label each, by class, in order of the classes; null without a column of labels. */
  readonly classes: readonly { readonly name: string; readonly count: number }[] | null;
  readonly usableRows: number;
}

const mostExamples = 5;
/** A class of fewer pictures is called rare. */
const rareCount = 10;

/** Lists the findings of a table, the weightiest first. */
export function listTableFindings(table: LabelTable): TableFindings {
  const { columns, labelColumn, lines } = table;
  const label = labelColumn === undefined ? undefined : columns[labelColumn]!;
  const given = label?.cells.map(table.labelsOf) ?? [];
  const counts = new Map<string, number>();
  for (const labels of given) if (labels.length === 1) counts.set(labels[0]!, (counts.get(labels[0]!) ?? 0) + 1);
  const classes = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  const usableRows = classes.reduce((sum, { count }) => sum + count, 0);
  const findings = [
    ...(label === undefined ? [noLabels(columns)] : labelFindings(table, label, given, classes)),
    ...pathFindings(table, given),
    ...emptyColumns(columns, lines.length),
  ];
  const order = ['problem', 'caution', 'note'];
  return {
    findings: findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)),
    classes: label === undefined ? null : classes,
    usableRows: label === undefined ? lines.length : usableRows,
  };
}

function noLabels(columns: readonly TableColumn[]): Finding {
  return {
    kind: 'labels',
    severity: 'caution',
    title: `None of the columns ${columns.map(({ name }) => name).join(', ')} is the one of labels for sure.`,
    examples: [],
    advice: 'Name it: --label-column Category.',
  };
}

function labelFindings(
  table: LabelTable,
  label: TableColumn,
  given: readonly (readonly string[])[],
  classes: readonly { readonly name: string; readonly count: number }[],
): Finding[] {
  const found: Finding[] = [];
  const rowsWhere = (isMeant: (labels: readonly string[]) => boolean) =>
    given.flatMap((labels, row) => (isMeant(labels) ? [row] : []));
  const blank = rowsWhere((labels) => labels.length === 0);
  if (blank.length > 0) {
    found.push({
      kind: 'blank labels',
      severity: 'problem',
      title: `${blank.length} of ${given.length} rows have no ${label.name}.`,
      examples: [describeRows(table, blank)],
      advice: 'Write the label, or leave the rows out: training does.',
    });
  }
  const double = rowsWhere((labels) => labels.length > 1);
  if (double.length > 0) {
    const texts = new Map<string, number>();
    for (const row of double) texts.set(label.cells[row]!, (texts.get(label.cells[row]!) ?? 0) + 1);
    const same = double.filter((row) => new Set(given[row]).size === 1).length;
    found.push({
      kind: 'double labels',
      severity: 'problem',
      title:
        `${double.length} rows have several labels in one cell` +
        `${same > 0 ? `, ${same} of them the same class twice` : ''}: such a picture shows several things.`,
      examples: [...texts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, mostExamples)
        .map(([text, count]) => `${JSON.stringify(text)}: ${count}`),
      advice: 'Crop each thing into a picture of its own, or leave the rows out: training does.',
    });
  }
  const rare = classes.filter(({ count }) => count < rareCount).reverse();
  if (rare.length > 0) {
    found.push({
      kind: 'few pictures',
      severity: 'problem',
      title: `${rare.map(({ name, count }) => `${name}: ${count}`).join(', ')}: too few pictures to learn ${rare.length === 1 ? 'this class' : 'these classes'} or to measure how well.`,
      examples: [],
      advice: 'Collect more, join it with another class, or leave it out and say so.',
    });
  }
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  const common = classes.filter(({ count }) => count >= rareCount);
  const [most] = common;
  const least = common.at(-1);
  if (most !== undefined && least !== undefined && most.count >= 1.5 * least.count) {
    found.push({
      kind: 'imbalance',
      severity: most.count >= 3 * least.count ? 'caution' : 'note',
      title:
        `${most.name} has ${most.count} rows, ${least.name} ${least.count}. Always answering ${most.name} would be right for ` +
        `${percent(most.count / total)}.`,
      examples: [],
      advice:
        'Look at the recall of each class, not at accuracy alone; --class-weight balanced lets rare classes count as much.',
    });
  }
  const names = classes.map(({ name }) => name).sort();
  for (const alike of sameButForCase(names)) {
    found.push({
      kind: 'spelling',
      severity: 'caution',
      title: `${alike.map((name) => JSON.stringify(name)).join(' and ')} differ in upper and lower case only, and count as different classes.`,
      examples: [],
      advice: 'Spell them alike.',
    });
  }
  return found;
}

function pathFindings(table: LabelTable, given: readonly (readonly string[])[]): Finding[] {
  const { columns, pathColumn, missingFiles } = table;
  const column = pathColumn === undefined ? undefined : columns[pathColumn];
  if (column === undefined) return [];
  const found: Finding[] = [];
  const blank = column.cells.flatMap((cell, row) => (cell.trim() === '' ? [row] : []));
  if (blank.length > 0) {
    found.push({
      kind: 'blank paths',
      severity: 'problem',
      title: `${blank.length} rows name no picture in ${column.name}.`,
      examples: [describeRows(table, blank)],
      advice: 'Write the name, or leave the rows out.',
    });
  }
  const rowsOf = new Map<string, number[]>();
  for (const [row, cell] of column.cells.entries()) {
    const name = cell.trim();
    if (name === '') continue;
    const rows = rowsOf.get(name);
    if (rows) rows.push(row);
    else rowsOf.set(name, [row]);
  }
  const repeated = [...rowsOf].filter(([, rows]) => rows.length > 1);
  const isConflict = ([, rows]: (typeof repeated)[number]) =>
    new Set(rows.map((row) => [...(given[row] ?? [])].sort().join('|'))).size > 1;
  const conflicts = repeated.filter(isConflict);
  if (conflicts.length > 0) {
    found.push({
      kind: 'conflict',
      severity: 'problem',
      title: `${conflicts.length} ${conflicts.length === 1 ? 'picture has' : 'pictures have'} several rows with different labels.`,
      examples: conflicts.slice(0, mostExamples).map(([name, rows]) => `${name}: ${linesOf(table, rows)}`),
      advice: 'Keep the right row.',
    });
  }
  const again = repeated.filter((entry) => !isConflict(entry));
  if (again.length > 0) {
    found.push({
      kind: 'duplicates',
      severity: 'caution',
      title: `${again.length} ${again.length === 1 ? 'picture has' : 'pictures have'} several rows that say the same.`,
      examples: again.slice(0, mostExamples).map(([name, rows]) => `${name}: ${linesOf(table, rows)}`),
      advice: 'Keep one row of each; training counts them once.',
    });
  }
  if (missingFiles !== undefined && missingFiles.length > 0) {
    found.push({
      kind: 'missing files',
      severity: 'problem',
      title: `${missingFiles.length} of ${rowsOf.size} pictures are not there.`,
      examples: [missingFiles.slice(0, mostExamples).join(', ') + (missingFiles.length > mostExamples ? ', …' : '')],
      advice: 'Correct the names, or leave the rows out: training does.',
    });
  }
  return found;
}

function emptyColumns(columns: readonly TableColumn[], rowCount: number): Finding[] {
  const isBlank = (cell: string) => cell.trim() === '' || cell.trim() === 'NA';
  return columns.flatMap(({ name, cells }): Finding[] => {
    const blank = cells.filter(isBlank).length;
    const isConstant = rowCount > 1 && new Set(cells).size === 1;
    if (blank < rowCount && !isConstant) return [];
    const what =
      blank === rowCount
        ? `is empty in all ${rowCount} rows`
        : `says ${JSON.stringify(cells[0])} in all ${rowCount} rows`;
    return [
      {
        kind: 'unused column',
        severity: 'note',
        title: `Column ${name} ${what}.`,
        examples: [],
        advice: 'Leave it out.',
      },
    ];
  });
}

function describeRows(table: LabelTable, rows: readonly number[]): string {
  return linesOf(table, rows, 8);
}

function linesOf({ lines }: LabelTable, rows: readonly number[], most = mostExamples): string {
  const named = rows.slice(0, most).map((row) => lines[row]!);
  return `${rows.length === 1 ? 'line' : 'lines'} ${named.join(', ')}${rows.length > most ? ', …' : ''}`;
}
