/** `cajal train`: from a folder of pictures to a model and a report. */
import path from 'node:path';
import { OptionError, TrainingError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { TrainResult } from '../../runs/jobs/train.ts';
import { defaultShare, type TrainSettings } from '../../runs/jobs/train-settings.ts';
import type { RunFolder } from '../../runs/run-folder.ts';
import { defaultRunName } from '../../runs/run-name.ts';
import { checkAccuracy } from '../check-accuracy.ts';
import { formatEvaluation } from '../evaluation-text.ts';
import { exitCodes } from '../exit-code.ts';
import { withInterrupt } from '../interrupt.ts';
import { cacheOptions, cacheSettingsOf } from '../options/cache-options.ts';
import { flagOf } from '../options/option.ts';
import { resolveOptions } from '../options/resolve-options.ts';
import { type TrainRunOptions, trainOptions, trainRunOptions } from '../options/train-options.ts';
import { showProgress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { type Command, type CommandInput, defineCommand } from './command.ts';

/** Flags that go with `--resume`; the others are the run's own. */
const withResume: readonly string[] = [
  'resume',
  'epochs',
  'minAccuracy',
  ...Object.keys(cacheOptions),
  'json',
  'quiet',
];
const runsFolder = 'runs';

type TrainValues = TrainSettings & TrainRunOptions;

/** The command. */
export const trainCommand: Command = defineCommand<TrainValues>({
  name: 'train',
  summary: 'train a network on a folder of pictures and report on it',
  arguments: [{ name: '[folder]', help: trainOptions.folder.help }],
  table: { ...trainOptions, ...trainRunOptions },
  examples: [
    'cajal train photos',
    'cajal train cells --size 150 --epochs 10 --optimizer adam --learning-rate 1e-4',
    'cajal train cells --learning-rate 0.002 --schedule cosine --warmup-epochs 1',
    "cajal train cells --group-by '^(patient\\d+)_' --patience 3 --name cells",
    "cajal train cells --cv 5 --group-by '^(patient\\d+)_' --name folds",
    'cajal train cells --fraction 0.1 --dry-run',
    'cajal train --resume runs/cells',
    'cajal train --config runs/cells/args.json',
  ],
  run: runTrain,
});

function runTrain(input: CommandInput<TrainValues>): Promise<number> {
  const { terminal } = input;
  return withInterrupt(terminal, 'Stopping after this step, then the report.', (signal) => runUntil(signal, input));
}

async function runUntil(signal: AbortSignal, input: CommandInput<TrainValues>): Promise<number> {
  const { terminal, values: options } = input;
  const { createRunFolder, openRunFolder } = await import('../../runs/create-run-folder.ts');
  if (options.resume !== undefined) {
    checkResumeFlags(input.given);
    const run = await openRunFolder(options.resume);
    return trainAny(terminal, run, await settingsOf(run, input), options, signal);
  }
  const settings = pickSettings(options);
  const { checkTrainSettings } = await import('../../runs/jobs/train-settings.ts');
  checkTrainSettings(settings);
  if (options.dryRun) {
    const { runDryRun } = await import('./dry-run.ts');
    return runDryRun(terminal, settings, options, signal);
  }
  const { root, name } = placeOf('train', options, runsFolder);
  const { checkRunPlace } = await import('../../runs/check-run-place.ts');
  await checkRunPlace(
    // A numbered run is a new folder, which can lie among the pictures, and not around them.
    path.join(root, name ?? (options.existOk ? defaultRunName : '.cajal')),
    [settings.folder, settings.valFolder, settings.testFolder].filter((folder) => folder !== undefined),
  );
  if (isCrossValidation(settings) && options.existOk) {
    throw new OptionError(
      'train: --exist-ok replaces a single training, received it with --cv. Choose another --name, or go on with --resume.',
    );
  }
  const run = await createRunFolder(root, { name, existOk: options.existOk });
  return trainAny(terminal, run, settings, options, signal);
}

/** The settings without what only says where and how; keys without a value are left out. */
function pickSettings(values: Readonly<Partial<Record<keyof TrainSettings, unknown>>>): TrainSettings {
  const settings = Object.fromEntries(
    Object.keys(trainOptions).map((key) => [key, values[key as keyof TrainSettings]]),
  );
  if (settings['folder'] === undefined) {
    throw new OptionError('train: expected a folder of pictures, received none. Give one: cajal train photos.');
  }
  settings['val'] ??= defaultShare(settings as unknown as TrainSettings);
  return settings as unknown as TrainSettings;
}

/** The settings of a run that goes on; `--epochs` may ask for more. */
async function settingsOf(run: RunFolder, { values, given }: CommandInput<TrainValues>): Promise<TrainSettings> {
  const { command: _, ...config } = await run.readArguments();
  checkKeys(run.path, config, Object.keys(trainOptions));
  const stored = resolveOptions({ command: 'train', table: trainOptions, flags: {}, environment: {}, config });
  return pickSettings(given.includes('epochs') ? { ...stored, epochs: values.epochs } : stored);
}

function checkResumeFlags(given: readonly string[]): void {
  const foreign = given.filter((key) => !withResume.includes(key));
  if (foreign.length === 0) return;
  const named = foreign.map((key) => (key === 'folder' ? '<folder>' : flagOf(key))).join(', ');
  throw new OptionError(
    `train: expected --resume alone or with ${withResume.slice(1).map(flagOf).join(', ')}, received also ${named}. ` +
      'The run has its own settings: leave these out, or start a new run.',
  );
}

/** Where a folder goes that `--out` or `--name` say. */
export function placeOf(
  command: string,
  { out, name }: Pick<TrainRunOptions, 'out' | 'name'>,
  defaultRoot: string,
): { root: string; name: string | undefined } {
  if (out === undefined) return { root: defaultRoot, name };
  if (name !== undefined)
    throw new OptionError(`${command}: expected --out or --name, received both (${out} and ${name}). Leave one out.`);
  // `.` and `..` have names too, once they are resolved.
  const place = path.resolve(out);
  const parent = path.dirname(place);
  return {
    root: path.isAbsolute(out) ? parent : path.relative('', parent) || '.',
    name: path.basename(place),
  };
}

/** All folds, and not one of them. */
function isCrossValidation({ cv, fold }: TrainSettings): boolean {
  return cv !== undefined && fold === undefined;
}

async function trainAny(
  terminal: Terminal,
  run: RunFolder,
  settings: TrainSettings,
  options: TrainRunOptions,
  signal: AbortSignal,
): Promise<number> {
  if (!isCrossValidation(settings)) return trainIn(terminal, run, settings, options, signal);
  const { runCrossValidation } = await import('./cross-validation.ts');
  return runCrossValidation(terminal, run, settings, options, signal);
}

async function trainIn(
  terminal: Terminal,
  run: RunFolder,
  settings: TrainSettings,
  options: TrainRunOptions,
  signal: AbortSignal,
): Promise<number> {
  const { resume } = options;
  const { train } = await import('../../runs/jobs/train.ts');
  const result = await train(run, settings, {
    observer: showProgress(terminal, options),
    signal,
    isResumed: resume !== undefined,
    ...cacheSettingsOf(options, terminal.environment),
  });
  return showResult(terminal, result, options);
}

/** Prints what came out, and says what the shell is told. */
export function showResult(
  terminal: Terminal,
  result: TrainResult,
  options: Pick<TrainRunOptions, 'json' | 'minAccuracy'>,
): number {
  const { run, evaluation, bestEpoch, reason, epochs, overFitting } = result;
  const page = run.pathOf('report.html');
  if (!options.json) {
    if (evaluation) {
      const model = bestEpoch === undefined ? 'The last model' : `The model of epoch ${bestEpoch}`;
      terminal.out(`\n${model} on the ${evaluation.subset} pictures:\n\n${formatEvaluation(evaluation)}`);
    }
    if (overFitting !== undefined) terminal.out(`${overFitting}\n`);
    terminal.out(`Report: ${page}\n`);
  }
  if (reason === 'diverged') {
    const kept =
      bestEpoch === undefined
        ? 'There is no epoch before it whose model could be kept.'
        : `The model of epoch ${bestEpoch} is kept.`;
    throw new TrainingError(
      `train: expected a finite loss, received one that is infinite or not a number, in epoch ${epochs + 1}. ${kept} ` +
        'Lower --learning-rate, or look for broken pictures.',
    );
  }
  if (reason === 'interrupted') {
    terminal.note(`Stopped. To go on: cajal train --resume ${run.path}\n`);
    return exitCodes.interrupted;
  }
  return checkAccuracy(terminal, evaluation?.accuracy, options.minAccuracy);
}
