/** Writes a page of results from the folders of cross-validations, so that no figure is typed:
 * `node --import tsx scripts/write-results.ts docs/results/PAGE.md RUN…`. The page's text stands above its first line that
 * begins with `<!-- runs`; everything below is written anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MeanInterval } from '../src/comparison/mean-interval.ts';
import type { CrossValidation } from '../src/runs/cross-validation.ts';
import type { TrainSettings } from '../src/runs/jobs/train-settings.ts';
import type { RunVersions } from '../src/runs/run-record.ts';

/** A cross-validation as the page tells it. */
interface Run {
  readonly settings: TrainSettings;
  readonly report: CrossValidation;
  readonly versions: RunVersions;
}

const marker = '<!-- runs: written by scripts/write-results.ts, do not edit below -->';

function readRun(folder: string): Run {
  const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  return { settings: read('args.json'), report: read('report.json'), versions: read('versions.json') };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function withInterval(value: MeanInterval | undefined): string {
  if (!value) return 'none';
  const { mean, low, high } = value;
  return low === undefined || high === undefined
    ? percent(mean)
    : `${percent(mean)} (${percent(low)} to ${percent(high)})`;
}

function row({ settings, report }: Run): string[] {
  const { arch, split, groupBy, augment = [] } = settings;
  const groups = report.folds.map(({ heldOut }) => heldOut.groups ?? 0).reduce((sum, count) => sum + count, 0);
  const byGroup = groupBy ?? (split === 'grouped' ? 'audit' : undefined);
  const accuracies = report.folds.map(({ lastAccuracy }) => (lastAccuracy === undefined ? '–' : percent(lastAccuracy)));
  const seconds = report.folds.reduce((sum, fold) => sum + fold.seconds, 0);
  return [
    `\`${arch}\``,
    byGroup ? `${groups} groups (${byGroup})` : 'at random',
    augment.length > 0 ? 'yes' : 'no',
    withInterval(report.lastAccuracy),
    accuracies.join(', '),
    withInterval(report.values.accuracy),
    `${Math.round(seconds / 60)} min`,
  ];
}

function table(runs: readonly Run[]): string {
  const head = [
    'Network',
    'Folds cut',
    'Augmentation',
    'Accuracy after the last epoch: mean of the folds (95 % interval)',
    'Fold by fold',
    'At the epoch of the least validation loss (flattered: chosen on the same pictures)',
    'Time',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...runs.map((run) => line(row(run)))].join('\n');
}

function conditions(runs: readonly Run[]): string {
  const { settings, versions } = runs[0]!;
  const { size, optimizer, loss, batchSize, seed, epochs, cv } = settings;
  const augmentation = runs.find((run) => run.settings.augment)?.settings.augment;
  const parameters = new Map(runs.map((run) => [run.settings.arch, run.report.parameterCount]));
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
