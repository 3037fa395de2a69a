/** `cajal compare`: trains several settings with several seeds, and says which differ. */
import path from 'node:path';
import { OptionError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { CompareResult } from '../../runs/jobs/compare.ts';
import type { CompareFolder } from '../../runs/jobs/compare-folder.ts';
import type { ComparePlan } from '../../runs/jobs/compare-plan.ts';
import type { TrainSettings } from '../../runs/jobs/train-settings.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { cacheOptions, cacheSettingsOf } from '../options/cache-options.ts';
import { type CompareRunOptions, compareRunOptions, resolveVary } from '../options/compare-options.ts';
import { flagOf, type OptionTable } from '../options/option.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { trainOptions } from '../options/train-options.ts';
import { showSeriesProgress } from '../series-progress.ts';
import type { Terminal } from '../terminal.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';
import { placeOf } from './train.ts';

type CompareValues = Omit<TrainSettings, 'cv' | 'fold'> & CompareRunOptions;

const { cv: _cv, fold: _fold, ...sharedOptions } = trainOptions;

const table: OptionTable<CompareValues> = {
  ...sharedOptions,
  seed: { ...trainOptions.seed, help: 'the first seed' },
  ...compareRunOptions,
};

/** Flags that go with `--resume`; the others are the comparison's own. */
const withResume: readonly string[] = ['resume', 'seeds', ...Object.keys(cacheOptions), 'json', 'quiet'];
const runsFolder = 'runs';

/** The command. */
export const compareCommand: Command = defineCommand<CompareValues>({
  name: 'compare',
  summary: 'train several settings with several seeds and say which differ',
  arguments: [{ name: '[folder]', help: trainOptions.folder.help }],
  table,
  examples: [
    'cajal compare cells --vary optimizer=rmsprop,adadelta,adam,sgd,adagrad --seeds 5',
    'cajal compare cells --vary loss=binaryCrossentropy,categoricalCrossentropy --epochs 20',
    'cajal compare cells --vary dropout=0,0.4 --vary filters=32,64/32,32,64 --seeds 3',
    'cajal compare --resume runs/compare --seeds 10',
    'cajal compare --config runs/compare/plan.json',
  ],
  notes:
    'All runs share one split; seeds vary weights, dropout and the order of pictures. Settings are compared on metrics that mean the\n' +
    'same for all: accuracy, macro-F1 and log-loss of the class probabilities, each with a 95 % interval over seeds; pairs by a paired\n' +
    "bootstrap over groups of pictures (--group-by) and seeds, with Holm's correction. What is done is not done again: the same command\n" +
    'with the same --name goes on.',
  run: runCompare,
});

async function runCompare(input: CommandInput<CompareValues>): Promise<number> {
  const { terminal, values: options } = input;
  const ending = 'Stopping after this step, then the comparison of what there is.';
  return withInterrupt(terminal, ending, async (signal) => {
    const { compareSettings, prepareComparison } = await import('../../runs/jobs/compare.ts');
    const { folder, plan } = await (options.resume === undefined
      ? fromOptions(options, prepareComparison)
      : fromFolder(options.resume, input, prepareComparison));
    const result = await compareSettings(folder, plan, {
      observer: showSeriesProgress(terminal, options),
      signal,
      ...cacheSettingsOf(options, terminal.environment),
    });
    return showResult(terminal, result, options);
  });
}

interface Placed {
  readonly folder: CompareFolder;
  readonly plan: ComparePlan;
}

type Prepare = (plan: ComparePlan) => Promise<void>;

async function fromOptions(options: CompareValues, prepare: Prepare): Promise<Placed> {
  const plan = planOf(options);
  await prepare(plan);
  const { defaultCompareName, placeComparison } = await import('../../runs/jobs/compare-folder.ts');
  const { checkRunPlace } = await import('../../runs/check-run-place.ts');
  const { root, name } = placeOf('compare', options, runsFolder);
  const { folder, valFolder, testFolder } = plan.base;
  await checkRunPlace(
    // A numbered comparison is a new folder, which can lie among the pictures, and not around them.
    path.join(root, name ?? `.${defaultCompareName}`),
    [folder, valFolder, testFolder].filter((place) => place !== undefined),
  );
  return { folder: await placeComparison(root, name, plan), plan };
}

async function fromFolder(place: string, input: CommandInput<CompareValues>, prepare: Prepare): Promise<Placed> {
  const foreign = input.given.filter((key) => !withResume.includes(key));
  if (foreign.length > 0) {
    const named = foreign.map((key) => (key === 'folder' ? '<folder>' : flagOf(key))).join(', ');
    throw new OptionError(
      `compare: --resume goes alone or with ${withResume.slice(1).map(flagOf).join(', ')}, received also ${named}. ` +
        'A comparison goes on with the settings it has: leave these out, or start another.',
    );
  }
  const { CompareFolder, readPlan } = await import('../../runs/jobs/compare-folder.ts');
  const { checkSamePlan } = await import('../../runs/jobs/compare-plan.ts');
  const { command: _, ...config } = await readPlan(place);
  checkKeys(place, config, Object.keys(table));
  const stored = resolveOptions({ command: 'compare', table, flags: {}, environment: {}, config });
  const seeds = input.given.includes('seeds') ? { seeds: input.values.seeds } : {};
  const plan = planOf({ ...stored, ...seeds } as unknown as CompareValues);
  checkSamePlan(place, { command: 'compare', ...config }, plan);
  await prepare(plan);
  return { folder: new CompareFolder(place, false), plan };
}

function planOf(values: CompareValues): ComparePlan {
  const vary = resolveVary(values.vary);
  if (values.folder === undefined) {
    throw new OptionError(
      'compare: expected pictures to compare on, received no folder. Name it: cajal compare photos --vary optimizer=adam,sgd.',
    );
  }
  const base = Object.fromEntries(
    Object.keys(sharedOptions)
      .map((key) => [key, values[key as keyof typeof sharedOptions]] as const)
      .filter(([, value]) => value !== undefined),
  );
  base['val'] ??= values.valFolder === undefined && !('valFolder' in vary) ? 0.2 : 0;
  const { seeds, splitPerSeed = false, compareBy } = values;
  return { base: base as unknown as TrainSettings, vary, seeds, splitPerSeed, compareBy };
}

async function showResult(terminal: Terminal, result: CompareResult, { json }: CompareRunOptions): Promise<number> {
  const { folder, report, planned, done, isInterrupted, hasFailed } = result;
  if (report) {
    const page = path.join(folder, 'comparison.html');
    if (json) {
      const { comparison, subset } = report;
      terminal.out(`${JSON.stringify({ event: 'comparison', folder, planned, done, subset, ...comparison, page })}\n`);
    } else {
      const { formatComparison } = await import('../../comparison/comparison-text.ts');
      const { describeOverFittingOf } = await import('../../runs/comparison-notes.ts');
      const { overFittingAdvice } = await import('../../runs/report-text.ts');
      const overFitting = report.comparison.settings.flatMap(describeOverFittingOf);
      terminal.out(`\n${formatComparison(report.comparison)}\n`);
      if (overFitting.length > 0) terminal.out(`${[...overFitting, overFittingAdvice].join('\n')}\n\n`);
      terminal.out(`Comparison: ${page}\n`);
    }
  }
  if (isInterrupted) {
    terminal.note(`Stopped after ${done} of ${planned} trainings. To go on: cajal compare --resume ${folder}\n`);
    return exitCodes.interrupted;
  }
  return hasFailed ? exitCodes.runtime : exitCodes.ok;
}
