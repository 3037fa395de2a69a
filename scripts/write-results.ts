/** Writes a page of results from the folders of cross-validations, so that no figure is typed:
 * `node --import tsx scripts/write-results.ts docs/results/PAGE.md RUN…`. The page's text stands above its first line that
 * begins with `<!-- runs`; everything below is written anew. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { meanInterval } from '../src/comparison/mean-interval.ts';
import type { CrossValidation } from '../src/runs/cross-validation.ts';
import { wilsonInterval } from '../src/runs/evaluation.ts';
import type { TrainSettings } from '../src/runs/jobs/train-settings.ts';
import type { ReportData } from '../src/runs/report-data.ts';
import type { RunVersions } from '../src/runs/run-record.ts';

/** A fold as the page tells it. */
interface Fold {
  readonly pictures: number;
  readonly groups?: number | undefined;
  /** After the last epoch, and at the epoch of the least validation loss. */
  readonly last: number;
  readonly best: number;
}

/** All folds of a cross-validation, or those that were trained. */
interface Run {
  readonly settings: TrainSettings;
  readonly versions: RunVersions;
  readonly folds: readonly Fold[];
  readonly parameterCount: number | undefined;
}

const marker = '<!-- runs: written by scripts/write-results.ts, do not edit below -->';

function readRun(folder: string): Run {
  const read = (...names: string[]) => JSON.parse(readFileSync(path.join(folder, ...names), 'utf8'));
  if (!existsSync(path.join(folder, 'report.json'))) return readSingleFolds(folder, read);
  const report = read('report.json') as CrossValidation;
  const folds = report.folds.map(({ heldOut, lastAccuracy, values }) => ({
    ...heldOut,
    last: lastAccuracy!,
    best: values!.accuracy,
  }));
  return { settings: read('args.json'), versions: read('versions.json'), folds, parameterCount: report.parameterCount };
}

function readSingleFolds(folder: string, read: (...names: string[]) => unknown): Run {
  // Of a fold that was stopped early there is a report too.
  const names = readdirSync(folder).filter((name) => {
    if (!existsSync(path.join(folder, name, 'report.json'))) return false;
    const { history } = read(name, 'report.json') as ReportData;
    return history.length === (read(name, 'args.json') as TrainSettings).epochs;
  });
  const reports = names.map((name) => read(name, 'report.json') as ReportData);
  const folds = reports.map(({ subsets, history, evaluation }) => ({
    pictures: subsets.find(({ name }) => name === 'validation')!.counts.reduce((sum, count) => sum + count, 0),
    last: history.at(-1)!['val_accuracy']!,
    best: evaluation!.accuracy,
  }));
  const [first] = names as [string, ...string[]];
  return {
    settings: read(first, 'args.json') as TrainSettings,
    versions: read(first, 'versions.json') as RunVersions,
    folds,
    parameterCount: undefined,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** With Student's interval over folds where there are enough, and Wilson's where there is one. */
function withInterval(folds: readonly Fold[], of: 'last' | 'best'): string {
  const [{ [of]: value, pictures }] = folds as readonly [Fold];
  if (folds.length === 2) return percent((value + folds[1]![of]) / 2);
  const single = wilsonInterval(Math.round(value * pictures), pictures);
  const { mean, low, high } =
    folds.length === 1 ? { mean: value, ...single } : meanInterval(folds.map((fold) => fold[of]));
  return `${percent(mean)} (${percent(low!)} to ${percent(high!)})`;
}

function row({ settings, folds }: Run): string[] {
  const { arch, split, groupBy, augment = [], cv } = settings;
  const byGroup = groupBy ?? (split === 'grouped' ? 'audit' : undefined);
  return [
    `\`${arch}\``,
    byGroup ? `by group (${byGroup})` : 'at random',
    augment.length > 0 ? 'yes' : 'no',
    `${folds.length} of ${cv}`,
    withInterval(folds, 'last'),
    folds.map(({ last }) => percent(last)).join(', '),
    withInterval(folds, 'best'),
  ];
}

function table(runs: readonly Run[]): string {
  const head = [
    'Network',
    'Split',
    'Augmentation',
    'Folds',
    'Accuracy after the last epoch: mean of the folds (95 % interval)',
    'Fold by fold',
    'At the epoch of the least validation loss, which training keeps',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...runs.map((run) => line(row(run)))].join('\n');
}

function conditions(runs: readonly Run[]): string {
  const { settings, versions } = runs[0]!;
  const { size, optimizer, loss, batchSize, seed, epochs, cv } = settings;
  const augmentation = runs.find((run) => run.settings.augment)?.settings.augment;
  const parameters = new Map(
    runs.filter((run) => run.parameterCount).map((run) => [run.settings.arch, run.parameterCount]),
  );
  const networks = [...parameters].map(([arch, count]) => `\`${arch}\` ${count?.toLocaleString('en-US')} parameters`);
  return (
    `${cv} folds, ${epochs} epochs, pictures ${size}×${size}, ${optimizer}, ${loss}, batch ${batchSize}, seed ${seed}; ` +
    `${networks.join(', ')}${augmentation ? `; augmentation \`${augmentation.join()}\`` : ''}. ` +
    `cajal ${versions.cajal}, Node ${versions.node}, ${versions.backend} ${versions.instructionSet}, ` +
    `${versions.threads} threads, ${versions.cpu}.`
  );
}

const [page, ...folders] = process.argv.slice(2);
if (!page || folders.length === 0) {
  console.error('Usage: node --import tsx scripts/write-results.ts docs/results/PAGE.md RUN…');
  process.exit(2);
}
const runs = folders.map(readRun);
const text = readFileSync(page, 'utf8').split('<!-- runs')[0]!.trimEnd();
writeFileSync(page, `${text}\n\n${marker}\n\n${table(runs)}\n\n${conditions(runs)}\n`);
