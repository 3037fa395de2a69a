/** An audit as the terminal shows it: the classes, then what was found, the weightiest first. */
import { type AuditReport, type Finding, percent } from '../audit/index.ts';
import type { TableAudit } from '../audit/node/index.ts';
import { printable, shownName } from './terminal.ts';
import { alignColumns } from './text-table.ts';

const longestBar = 30;
const mostColumns = 110;

const marks: Readonly<Record<Finding['severity'], string>> = { problem: '✗', caution: '!', note: '·' };

/** The text. @param columns of the terminal */
export function formatAudit(report: AuditReport, findings: readonly Finding[], columns: number): string {
  const width = Math.max(40, Math.min(columns, mostColumns));
  const parts = [`${wrap(overview(report), width, '', '')}\n`, classTable(report)];
  for (const finding of findings) parts.push(formatFinding(finding, width));
  if (findings.length === 0) parts.push('Nothing stands out: no copies, no broken files, even classes.\n');
  return parts.join('\n');
}

/** The audit of a table: R's summary, then what to fix. */
export function formatTableAudit(audit: TableAudit, columns: number): string {
  const { table, rowCount, summary, classes, usableRows, findings } = audit;
  const width = Math.max(40, Math.min(columns, mostColumns));
  const learned =
    classes === null
      ? ''
      : ` ${usableRows} of them have one label, of ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}.`;
  const head = wrap(
    `${printable(table)}: ${rowCount} rows in ${audit.columns.length} columns.${learned}`,
    width,
    '',
    '',
  );
  const lines = summary.split('\n').map(printable).join('\n');
  const found = findings.map((finding) => formatFinding(finding, width));
  return [`${head}\n`, lines, ...(found.length > 0 ? found : ['Nothing to fix.\n'])].join('\n');
}

function overview({
  folder,
  files,
  classNames,
  sizes,
  formats,
  modes,
  validationFolder,
  validationFiles,
}: AuditReport): string {
  const list = (tallies: AuditReport['sizes'], most: number) => {
    const [only] = tallies;
    if (tallies.length === 1) return only!.value;
    const named = tallies.slice(0, most).map(({ value, count }) => `${value} (${count})`);
    return `${named.join(', ')}${tallies.length > most ? ` and ${tallies.length - most} more` : ''}`;
  };
  const second =
    validationFolder === null ? '' : ` ${printable(validationFolder)}: ${validationFiles.length} pictures.`;
  return (
    `${printable(folder)}: ${files.length} pictures in ${classNames.length} ${classNames.length === 1 ? 'class' : 'classes'}.${second} ` +
    `Pixels: ${list(sizes, 3)}. Format: ${list(formats, 4)}. Colours: ${list(modes, 4)}.`
  );
}

function classTable({ classes, validationFolder }: AuditReport): string {
  const most = Math.max(1, ...classes.map(({ count }) => count));
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  const hasSecond = validationFolder !== null;
  const head = ['class', 'pictures', ...(hasSecond ? ['second'] : []), 'share'];
  const rows = classes.map(({ name, count, validationCount }) => [
    shownName(name),
    String(count),
    ...(hasSecond ? [String(validationCount)] : []),
    percent(count / Math.max(1, total)),
    '█'.repeat(count === 0 ? 0 : Math.max(1, Math.round((longestBar * count) / most))),
  ]);
  return alignColumns([[...head, ''], ...rows], hasSecond ? [1, 2, 3] : [1, 2]);
}

function formatFinding({ severity, title, examples, advice, command }: Finding, width: number): string {
  const indent = '  ';
  const lines = [wrap(title, width, `${marks[severity]} `, indent)];
  for (const example of examples) lines.push(`${indent}  ${shownName(example, width - 4)}`);
  if (advice !== undefined) lines.push(wrap(advice, width, `${indent}→ `, `${indent}  `));
  if (command !== undefined) lines.push(`${indent}  ${printable(command)}`);
  return `${lines.join('\n')}\n`;
}

/** Breaks a text at spaces; what has none is not broken. */
function wrap(text: string, width: number, first: string, indent: string): string {
  const lines: string[] = [];
  let line = first;
  let isStart = true;
  for (const word of printable(text).split(' ')) {
    if (!isStart && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      isStart = true;
    }
    line += isStart ? word : ` ${word}`;
    isStart = false;
  }
  return [...lines, line].join('\n');
}
