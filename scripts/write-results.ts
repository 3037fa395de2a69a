/** Writes a page of results from run folders, so that no figure is typed:
 * `node --import tsx scripts/write-results.ts docs/results/PAGE.md RUN…`. The page's text stands above its first line that
 * begins with `<!-- runs`; everything below is written anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrainSettings } from '../src/runs/jobs/train-settings.ts';
import type { ReportData } from '../src/runs/report-data.ts';

/** A run as the page tells it. */
interface Run {
  readonly settings: TrainSettings;
  readonly report: ReportData;
}

const marker = '<!-- runs: written by scripts/write-results.ts, do not edit below -->';

function readRun(folder: string): Run {
  const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  return { settings: read('args.json'), report: read('report.json') };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function subset(report: ReportData, name: string): { pictures: number; sources: string } {
  const found = report.subsets.find((each) => each.name === name);
  const pictures = found?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  return { pictures, sources: found?.groups === undefined ? '' : ` of ${found.groups} sources` };
}

function describeSplit({ groupBy, val, valFolder }: TrainSettings): string {
  if (valFolder) return 'a folder of its own';
  return `${groupBy ? `by source, \`${groupBy}\`` : 'at random'}, ${percent(val)}`;
}

function row({ settings, report }: Run): string[] {
  const { evaluation, monitor, history } = report;
  const training = subset(report, 'training');
  const validation = subset(report, 'validation');
  const last = history.at(-1);
  const accuracy =
    evaluation &&
    `${percent(evaluation.accuracy)} (${percent(evaluation.interval.low)} to ${percent(evaluation.interval.high)})`;
  return [
    describeSplit(settings),
    `${training.pictures}${training.sources}`,
    `${validation.pictures}${validation.sources}`,
    accuracy ?? 'none',
    `${monitor?.bestEpoch ?? 'none'} of ${history.length}`,
    last?.['val_accuracy'] === undefined ? 'none' : percent(last['val_accuracy']),
    evaluation ? percent(evaluation.baseline.accuracy) : 'none',
    `${Math.round(report.seconds)} s`,
  ];
}

function table(runs: readonly Run[]): string {
  const head = [
    'Split',
    'Training pictures',
    'Validation pictures',
    'Validation accuracy of the best epoch (95 % interval)',
    'Best epoch',
    'Validation accuracy of the last epoch',
    'Always the commonest class',
    'Time',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...runs.map((run) => line(row(run)))].join('\n');
}

function conditions({ settings, report: { versions } }: Run): string {
  const { arch, size, filters, units, dropout, optimizer, loss, batchSize, seed } = settings;
  const own = [filters && `filters ${filters.join(', ')}`, units !== undefined && `${units} units`];
  const sizes = [...own, `dropout ${dropout}`].filter(Boolean).join('; ');
  return (
    `Network \`${arch}\` (${sizes}), pictures ${size}×${size}, ` +
    `${optimizer}, ${loss}, batch ${batchSize}, seed ${seed}. cajal ${versions.cajal}, Node ${versions.node}, ` +
    `${versions.backend} ${versions.instructionSet}, ${versions.threads} threads, ${versions.cpu}.`
  );
}

const [page, ...folders] = process.argv.slice(2);
if (!page || folders.length === 0) {
  console.error('Usage: node --import tsx scripts/write-results.ts docs/results/PAGE.md RUN…');
  process.exit(2);
}
const runs = folders.map(readRun);
const text = readFileSync(page, 'utf8').split('<!-- runs')[0]!.trimEnd();
writeFileSync(page, `${text}\n\n${marker}\n\n${table(runs)}\n\n${conditions(runs[0]!)}\n`);
