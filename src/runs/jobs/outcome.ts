/** `outcome.json`: what a finished run leaves for the others that it belongs to, so that no run is done twice. */
import type { ComparedRun } from '../../comparison/comparison.ts';
import { gradeExamples } from '../../comparison/example-results.ts';
import { FormatError, OptionError } from '../../core/errors.ts';
import { readTextIfThere } from '../../formats/node/read-text-if-there.ts';
import { writeFileAtomic } from '../../formats/node/write-file-atomic.ts';
import type { EvaluationReport } from '../report-data.ts';
import type { RunFolder } from '../run-folder.ts';
import type { PlannedRun } from './compare-plan.ts';
import type { TrainResult } from './train.ts';
import type { TrainSettings } from './train-settings.ts';

/** The name of the file in a run's folder. */
export const outcomeFile = 'outcome.json';
const version = 1;

/** What the file holds. */
export interface Outcome {
  readonly settings: TrainSettings;
  readonly run: ComparedRun;
  /** What the run was evaluated on. */
  readonly subset?: EvaluationReport['subset'];
  /** Counted from 1. */
  readonly bestEpoch?: number;
}

/** What a training came to. */
export async function outcomeOf({ setting, seed, settings }: PlannedRun, result: TrainResult): Promise<Outcome> {
  const { run: folder, history, parameterCount, answers, evaluation, groups, reason, epochs, bestEpoch } = result;
  const events = await folder.readEvents();
  const seconds = events
    .filter(({ event }) => event === 'epoch')
    .reduce((sum, event) => sum + Number(event['seconds'] ?? 0), 0);
  const run = { setting, seed, history, seconds, parameterCount };
  const infinite = `the loss was infinite or not a number in epoch ${epochs + 1}`;
  if (!answers) return { settings, run: { ...run, failure: `${infinite}. Lower the learning rate.` } };
  const { logLosses, ...rest } = gradeExamples(answers.probabilities, answers.trueClasses, answers.classNames.length);
  return {
    settings,
    ...(evaluation && { subset: evaluation.subset }),
    ...(bestEpoch !== undefined && { bestEpoch }),
    run: {
      ...run,
      ...(reason === 'diverged' && { remark: `${infinite}; what counts is the model of epoch ${bestEpoch}.` }),
      // Predictions have seven digits, and more of their logarithms would only make the file larger.
      results: { ...rest, logLosses: logLosses.map((loss) => Number(loss.toPrecision(7))) },
      names: answers.names,
      ...(groups && { groups: answers.names.map((name) => groups.get(name) ?? name) }),
    },
  };
}

/** Writes the outcome into its run. */
export function writeOutcome(run: RunFolder, outcome: Outcome): Promise<void> {
  return writeFileAtomic(
    run.pathOf(outcomeFile),
    `${JSON.stringify({ format: 'cajal outcome', version, ...outcome })}\n`,
  );
}

/**
 * The outcome of a planned run, where it is done.
 *
 * @throws OptionError where it was made with other settings; FormatError where the file is damaged
 */
export async function readOutcome(file: string, { settings }: PlannedRun): Promise<Outcome | undefined> {
  const text = await readTextIfThere(file);
  if (text === undefined) return undefined;
  const outcome = parse(text);
  if (!outcome) {
    throw new FormatError(
      `${file}: expected the outcome of a run, version ${version}, received something else. Delete it to train that run again.`,
    );
  }
  checkSameSettings(file, outcome.settings, settings);
  return outcome;
}

function parse(text: string): Outcome | undefined {
  try {
    const { format, version: written, ...outcome } = JSON.parse(text) as Outcome & { format: string; version: number };
    return format === 'cajal outcome' && written === version && outcome.settings && outcome.run ? outcome : undefined;
  } catch {
    return undefined;
  }
}

/** Checks that a run was made with what is asked for now. @throws OptionError naming what differs */
export function checkSameSettings(where: string, stored: object, wanted: object): void {
  const [before, now] = [stored, wanted] as Record<string, unknown>[];
  const text = (value: unknown) => JSON.stringify(value) ?? 'none';
  const keys = [...new Set([...Object.keys(before!), ...Object.keys(now!)])];
  const differing = keys.filter((key) => key !== 'command' && text(before![key]) !== text(now![key]));
  if (differing.length === 0) return;
  const [key] = differing as [string, ...string[]];
  throw new OptionError(
    `${where}: expected a run with ${key} ${text(now![key])}, received one with ${text(before![key])}. Delete its folder to ` +
      'train it again.',
  );
}
