/** `cajal find-lr`: a learning rate for a folder of pictures, to be copied into `train`. */
import path from 'node:path';
import { OptionError } from '../../core/errors.ts';
import type { FoundLearningRate, SearchSettings } from '../../runs/jobs/find-learning-rate.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { type CacheOptions, cacheOptions, cacheSettingsOf } from '../options/cache-options.ts';
import { flagOf, type OptionTable } from '../options/option.ts';
import { type OutputOptions, outputOptions, trainOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import { alignColumns } from '../text-table.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

/** Settings of a training that a search has no use for. */
const {
  testFolder: _testFolder,
  cv: _cv,
  fold: _fold,
  epochs: _epochs,
  stepsPerEpoch: _stepsPerEpoch,
  learningRate: _learningRate,
  schedule: _schedule,
  warmupEpochs: _warmupEpochs,
  decay: _decay,
  metrics: _metrics,
  monitor: _monitor,
  patience: _patience,
  ...usedOptions
} = trainOptions;

type UsedSettings = Pick<TrainSettings, keyof typeof usedOptions>;

interface FindOptions extends UsedSettings, SearchSettings, OutputOptions, CacheOptions {
  out?: string;
}

const above = { min: 0, exclusive: 'min' } as const;

const table: OptionTable<FindOptions> = {
  ...usedOptions,
  minimum: { kind: 'number', group: 'Search', rule: above, default: 1e-7, help: 'the first learning rate' },
  maximum: { kind: 'number', group: 'Search', rule: above, default: 10, help: 'the last learning rate' },
  steps: {
    kind: 'number',
    group: 'Search',
    rule: { integer: true, min: 10 },
    default: 100,
    help: 'steps between them, one batch each',
  },
  smoothing: {
    kind: 'number',
    group: 'Search',
    rule: { min: 0, max: 1, exclusive: 'max' },
    default: 0.8,
    placeholder: 'share',
    help: 'how much each loss counts of the one beside it, where they are averaged',
  },
  out: {
    kind: 'text',
    group: 'Output',
    placeholder: 'folder',
    help: 'where learning-rate.html and learning-rate.svg go (default: runs/find-lr, runs/find-lr-2, …)',
  },
  ...cacheOptions,
  ...outputOptions,
};

/** The command. */
export const findLearningRateCommand: Command = defineCommand<FindOptions>({
  name: 'find-lr',
  summary: 'look for a learning rate by a sweep over some steps',
  arguments: [{ name: '[folder]', help: table.folder.help }],
  table,
  examples: ['cajal find-lr photos', 'cajal find-lr cells --size 150 --optimizer adam --batch-size 64 --maximum 1'],
  notes:
    'Each step trains on one batch with a larger learning rate; the weights are thrown away. Give the options that you will train with.',
  run: (input) =>
    withInterrupt(input.terminal, 'Stopping after this step.', (signal) => runFindLearningRate(signal, input)),
});

async function runFindLearningRate(
  signal: AbortSignal,
  { terminal, values: options, given }: CommandInput<FindOptions>,
): Promise<number> {
  const { minimum, maximum, steps, smoothing, out } = options;
  const settings = settingsOf(options);
  if (minimum >= maximum) {
    throw new OptionError(`find-lr: expected --minimum below --maximum (${maximum}), received ${minimum}.`);
  }
  const { checkRunPlace } = await import('../../runs/check-run-place.ts');
  await checkRunPlace(
    out ?? path.join('runs', '.cajal'),
    [settings.folder, settings.valFolder].filter((folder) => folder !== undefined),
  );
  const { findLearningRate } = await import('../../runs/jobs/find-learning-rate.ts');
  const found = await findLearningRate(
    settings,
    { minimum, maximum, steps, smoothing },
    {
      observer: showProgress(terminal, options),
      signal,
      ...cacheSettingsOf(options, terminal.environment),
    },
  );
  const { formatLearningRate } = await import('../../runs/learning-rate-chart.ts');
  const { suggestion } = found.search;
  const command = suggestion === undefined ? undefined : commandWith(formatLearningRate(suggestion), options, given);
  const page = await writePages(out, settings, found, command);
  if (options.json) {
    terminal.out(`${JSON.stringify({ event: 'learning-rate', ...found.search, ...(command && { command }), page })}\n`);
    return exitCodes.ok;
  }
  const { describeSearch, searchHead, searchRows } = await import('../../runs/learning-rate-page.ts');
  const rows = searchRows(found.search).map(({ cells, isSuggestion }) => [
    ...cells,
    isSuggestion ? '<- suggestion' : '',
  ]);
  if (rows.length > 0) terminal.out(`${alignColumns([[...searchHead, ''], ...rows], [0, 1, 2])}\n`);
  terminal.out(`${describeSearch(found.search).join('\n')}\n`);
  if (command !== undefined) terminal.out(`To train with it: ${command}\n`);
  terminal.out(`Picture: ${page}\n`);
  return exitCodes.ok;
}

function settingsOf(options: FindOptions): TrainSettings {
  const settings = Object.fromEntries(
    Object.keys(usedOptions).map((key) => [key, options[key as keyof UsedSettings]]),
  ) as unknown as UsedSettings;
  if (settings.folder === undefined) {
    throw new OptionError(
      'find-lr: expected pictures to search on, received no folder. Name it: cajal find-lr photos.',
    );
  }
  const val = settings.val ?? (settings.valFolder === undefined ? 0.2 : 0);
  return { ...settings, val, epochs: 1, metrics: [] };
}

/** The training with the options that were typed. */
function commandWith(learningRate: string, options: FindOptions, given: readonly string[]): string {
  const typed = Object.entries(usedOptions).flatMap(([key, spec]) => {
    if (spec.isArgument || !given.includes(key)) return [];
    const value = options[key as keyof UsedSettings];
    return spec.kind === 'flag' ? [flagOf(key)] : [flagOf(key), quote(String(value))];
  });
  return ['cajal train', quote(options.folder), ...typed, '--learning-rate', learningRate].join(' ');
}

function quote(word: string): string {
  return /^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @returns where the page lies */
async function writePages(
  out: string | undefined,
  settings: TrainSettings,
  { search, trainingPictures, classNames }: FoundLearningRate,
  command: string | undefined,
): Promise<string> {
  const { createRunFolder } = await import('../../runs/create-run-folder.ts');
  const { writeFileAtomic } = await import('../../formats/node/write-file-atomic.ts');
  const { learningRateSvg } = await import('../../runs/learning-rate-chart.ts');
  const { renderLearningRatePage } = await import('../../runs/learning-rate-page.ts');
  const { cajalVersion } = await import('../../runs/jobs/cajal-version.ts');
  const { mkdir } = await import('node:fs/promises');
  if (out !== undefined) await mkdir(out, { recursive: true });
  const folder = out ?? (await createRunFolder('runs', { stem: 'find-lr' })).path;
  const page = path.join(folder, 'learning-rate.html');
  const { arch, optimizer, batchSize, size } = settings;
  const subject = `${arch} at ${size} × ${size}, ${optimizer}, batches of ${batchSize}, ${trainingPictures} pictures of ${classNames.length} classes`;
  const version = cajalVersion();
  await writeFileAtomic(page, renderLearningRatePage(search, { subject, folder: settings.folder, command, version }));
  if (search.losses.length > 1) {
    await writeFileAtomic(path.join(folder, 'learning-rate.svg'), learningRateSvg(search));
  }
  return page;
}
