/** A comparison of settings: trains each with each seed, one after the other, and says which differ. It can be stopped and
 * gone on with at any moment; what is done is not done again. */
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ComparedRun, type Comparison, compareRuns } from '../../comparison/comparison.ts';
import { CajalError, DataError } from '../../core/errors.ts';
import { scanPictures } from '../../data/node/index.ts';
import { defaultBackend } from '../../engine/choose-backend.ts';
import { createRunFolder, openRunFolder } from '../create-run-folder.ts';
import type { EvaluationReport } from '../report-data.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import { lockRun } from '../run-lock.ts';
import type { Json, RunEvent, RunVersions } from '../run-record.ts';
import type { CompareFolder } from './compare-folder.ts';
import { type CompareObserver, type CompareProgress, observeRun, type RunPlace } from './compare-observer.ts';
import {
  checkSameSettings,
  type Outcome,
  outcomeFile,
  outcomeOf,
  readOutcome,
  writeOutcome,
} from './compare-outcome.ts';
import { type ComparePlan, checkPlan, type PlannedRun, plannedRuns } from './compare-plan.ts';
import { describeVersions } from './machine.ts';
import { TimeLeft } from './time-left.ts';
import { train } from './train.ts';

/** How a comparison runs. */
export interface CompareJobOptions {
  readonly observer: CompareObserver;
  readonly signal?: AbortSignal | undefined;
  /** What decoded pictures may take in memory; see `folder`. */
  readonly cacheBytes?: number | undefined;
  /** Default 10 000. */
  readonly resamples?: number;
}

/** What a comparison leaves. */
export interface CompareResult {
  readonly folder: string;
  /** None where it was stopped before a run was done. */
  readonly report?: CompareReport;
  readonly planned: number;
  /** Runs with an outcome. */
  readonly done: number;
  readonly isInterrupted: boolean;
  /** Some runs ended in an error. */
  readonly hasFailed: boolean;
}

/** All that the page shows, and `comparison.json` holds. */
export interface CompareReport {
  readonly plan: ComparePlan;
  readonly comparison: Comparison;
  readonly subset: EvaluationReport['subset'];
  readonly versions: RunVersions;
  readonly plannedRuns: number;
  readonly command: string;
  readonly folders: Readonly<Record<string, string>>;
}

/**
 * Checks before a folder is made what every run would fail with.
 *
 * @throws OptionError or ShapeError where a setting is wrong; DataError where there are no pictures
 */
export async function prepareComparison(plan: ComparePlan): Promise<void> {
  checkPlan(plan);
  await defaultBackend();
  await scanPictures(plan.base.folder);
}

/**
 * Trains what is left of a plan, compares, and writes `comparison.json` and `comparison.html`.
 *
 * @throws OptionError where the plan is wrong or runs were made with other settings; DataError where every run failed
 */
export async function compareSettings(
  folder: CompareFolder,
  plan: ComparePlan,
  options: CompareJobOptions,
): Promise<CompareResult> {
  const { backend } = await defaultBackend();
  const unlock = await lockRun(folder.path);
  try {
    await folder.writePlan(plan);
    const { runs, subset, isInterrupted, hasFailed } = await trainAll(folder, plan, options);
    const planned = plannedRuns(plan).length;
    const withResults = runs.filter(({ results }) => results).length;
    const ended = { folder: folder.path, planned, done: runs.length, isInterrupted, hasFailed };
    if (withResults === 0 && isInterrupted) return ended;
    if (withResults === 0) throw await everyRunFailed(folder, runs);
    const { observer } = options;
    const comparison = await compareRuns(runs, {
      metric: plan.compareBy,
      seed: plan.base.seed,
      ...(options.resamples !== undefined && { resamples: options.resamples }),
      onProgress: (done, total) =>
        observer.progress({ ...atEnd(planned), part: `comparing, ${done} of ${total} resamples` }),
    });
    const report = {
      plan,
      comparison,
      subset,
      versions: describeVersions(backend, plan.base.seed),
      plannedRuns: planned,
      command: `cajal compare --config ${folder.planFile}`,
      folders: Object.fromEntries(plannedRuns(plan).map(({ setting, folder: [name] }) => [setting, name])),
    };
    await folder.writeReport(report);
    return { ...ended, report };
  } finally {
    await unlock();
  }
}

function atEnd(runs: number): CompareProgress {
  return { run: runs, runs, setting: '', seed: 0, part: '', share: 1 };
}

interface Trained {
  readonly runs: ComparedRun[];
  readonly subset: EvaluationReport['subset'];
  readonly isInterrupted: boolean;
  readonly hasFailed: boolean;
}

async function trainAll(folder: CompareFolder, plan: ComparePlan, options: CompareJobOptions): Promise<Trained> {
  const { observer, signal } = options;
  const planned = plannedRuns(plan);
  // All are looked at before the first is trained: one that does not fit is said at once.
  const outcomes: (Outcome | undefined)[] = [];
  for (const each of planned) {
    const place = folder.pathOf(...each.folder);
    outcomes.push(await readOutcome(path.join(place, outcomeFile), each));
    const begun = await readArguments(place);
    if (begun) checkSameSettings(place, begun, each.settings);
  }
  const waiting = planned.filter((_, place) => !outcomes[place]);
  const done = planned.length - waiting.length;
  const whole = `${planned.length} trainings: ${planned.length / plan.seeds} settings with ${plan.seeds === 1 ? 'one seed' : `${plan.seeds} seeds each`}`;
  observer.say(done > 0 ? `${whole}; ${done} of them done before.` : `${whole}.`);

  const timeLeft = new TimeLeft();
  const warned = new Set<string>();
  const failures = new Map<PlannedRun, string>();
  let isInterrupted = false;
  for (const [place, each] of waiting.entries()) {
    if (signal?.aborted) isInterrupted = true;
    if (isInterrupted) break;
    const rest = waiting.slice(place + 1).map(({ setting }) => setting);
    const where = { planned: each, number: done + place + 1, total: planned.length, waiting: rest, timeLeft };
    const outcome = await trainOne(folder, where, options, warned);
    if (outcome === 'interrupted') isInterrupted = true;
    else if (typeof outcome === 'string') failures.set(each, outcome);
    else outcomes[planned.indexOf(each)] = outcome;
  }
  const runs = planned.flatMap((each, place): ComparedRun[] => {
    const outcome = outcomes[place];
    if (outcome) return [outcome.run];
    const failure = failures.get(each);
    const { setting, seed } = each;
    return failure === undefined ? [] : [{ setting, seed, failure, history: [], seconds: 0 }];
  });
  const subset = outcomes.find((outcome) => outcome?.subset)?.subset ?? 'validation';
  return { runs, subset, isInterrupted, hasFailed: failures.size > 0 };
}

/** One training. @returns its outcome, why it failed, or that it was interrupted */
async function trainOne(
  folder: CompareFolder,
  place: RunPlace,
  { observer, signal, cacheBytes }: CompareJobOptions,
  warned: Set<string>,
): Promise<Outcome | string> {
  const { planned, number, total, waiting, timeLeft } = place;
  const { setting, seed, settings } = planned;
  const began = performance.now();
  const tellEnd = (text: string, event: Record<string, Json>) => {
    const seconds = (performance.now() - began) / 1000;
    timeLeft.add(setting, seconds);
    const left = timeLeft.estimate(waiting);
    const progress = { run: number, runs: total, setting, seed, part: '', share: number / total, secondsLeft: left };
    observer.runEnd(progress, text);
    observer.event({ ...event, event: 'run', setting, seed, run: number, runs: total, seconds });
  };
  let run: RunFolder | undefined;
  try {
    const opened = await openRun(folder, planned);
    run = opened.run;
    const result = await train(run, settings, {
      observer: observeRun(place, observer, warned),
      isResumed: opened.isBegun,
      ...(signal && { signal }),
      ...(cacheBytes !== undefined && { cacheBytes }),
    });
    if (result.reason === 'interrupted') return 'interrupted';
    const outcome = await outcomeOf(planned, result);
    await writeOutcome(run, outcome);
    const { failure } = outcome.run;
    const values = result.evaluation?.values ?? {};
    if (failure !== undefined) tellEnd(`failed: ${failure}`, { reason: 'diverged', failure });
    else tellEnd(describeEnd(result.epochs, values), { reason: result.reason, epochs: result.epochs, values });
    return outcome;
  } catch (error) {
    // A full disk is every run's trouble; what is wrong with one setting is not.
    if (!(error instanceof CajalError) || error.code === 'storage') throw error;
    if (error.code === 'aborted') return 'interrupted';
    await rmdir(folder.pathOf(planned.folder[0])).catch(() => undefined);
    tellEnd(`failed: ${error.message}`, { reason: 'failed', failure: error.message } satisfies Omit<RunEvent, 'event'>);
    return error.message;
  }
}

function describeEnd(epochs: number, values: Readonly<Record<string, number>>): string {
  const accuracy = values['accuracy'];
  const reached = accuracy === undefined ? '' : `, accuracy ${(accuracy * 100).toFixed(1)} %`;
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${reached}`;
}

/** The folder of a run: as it was left, or new. What a process that was killed left without arguments is cleared away. */
async function openRun(folder: CompareFolder, planned: PlannedRun): Promise<{ run: RunFolder; isBegun: boolean }> {
  const [setting, name] = planned.folder;
  const place = folder.pathOf(setting, name);
  if (await stat(path.join(place, runFiles.arguments)).catch(() => undefined)) {
    return { run: await openRunFolder(place), isBegun: true };
  }
  await rm(place, { recursive: true, force: true });
  return { run: await createRunFolder(folder.pathOf(setting), { name }), isBegun: false };
}

async function readArguments(place: string): Promise<object | undefined> {
  const text = await readFile(path.join(place, runFiles.arguments), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as object);
}

async function everyRunFailed(folder: CompareFolder, runs: readonly ComparedRun[]): Promise<DataError> {
  const reasons = [...new Set(runs.map(({ failure }) => failure))];
  await folder.discard();
  return new DataError(
    `compare: expected at least one training with results, received ${runs.length} that failed. ${reasons[0] ?? ''}` +
      (reasons.length > 1 ? ` And ${reasons.length - 1} other reasons.` : ''),
  );
}
