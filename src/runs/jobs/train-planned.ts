/** Trains a plan of several runs, one after the other, each into a folder of its own. It can be stopped and gone on with at any
 * moment: a run that has an outcome is not done again, and one that was begun goes on from its checkpoint. */
import { readFile, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CajalError } from '../../core/errors.ts';
import { createRunFolder, openRunFolder } from '../create-run-folder.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { Json } from '../run-record.ts';
import { type CacheSettings, givenCacheSettings } from './cache-settings.ts';
import type { PlannedRun } from './compare-plan.ts';
import { checkSameSettings, type Outcome, outcomeFile, outcomeOf, readOutcome, writeOutcome } from './outcome.ts';
import { observeRun, type RunPlace, type SeriesObserver } from './series-observer.ts';
import { TimeLeft } from './time-left.ts';
import { type TrainResult, train } from './train.ts';
import type { ReadPictures } from './training-data.ts';

/** How the runs are trained. */
export interface TrainPlannedOptions extends CacheSettings {
  readonly observer: SeriesObserver;
  readonly signal?: AbortSignal | undefined;
  /** What there is to do in all, in words. */
  readonly whole: string;
  /** The pictures of all runs, where they are the same. */
  readonly pictures?: ReadPictures;
  /** Called after a training, before its outcome is written: what it writes is there where an outcome is. */
  readonly onTrained?: (result: TrainResult) => Promise<void>;
}

/** A run that has an outcome, or failed. */
export type EndedRun = Omit<Outcome, 'settings'> & { readonly planned: PlannedRun };

/** What was trained. */
export interface TrainedPlan {
  /** In the order of the plan, without those that are not done. */
  readonly ended: readonly EndedRun[];
  readonly isInterrupted: boolean;
  /** Some runs ended in an error. */
  readonly hasFailed: boolean;
}

/**
 * Trains what is left of a plan.
 *
 * @param root where the folders of the runs lie
 * @throws OptionError where a run was made with other settings; StorageError where nothing can be written
 */
export async function trainPlanned(
  root: string,
  planned: readonly PlannedRun[],
  options: TrainPlannedOptions,
): Promise<TrainedPlan> {
  const { observer, signal, whole } = options;
  // All are looked at before the first is trained: one that does not fit is said at once.
  const outcomes: (Outcome | undefined)[] = [];
  for (const each of planned) {
    const place = path.join(root, ...each.folder);
    outcomes.push(await readOutcome(path.join(place, outcomeFile), each));
    const begun = await readArguments(place);
    if (begun) checkSameSettings(place, begun, each.settings);
  }
  const waiting = planned.filter((_, place) => !outcomes[place]);
  const done = planned.length - waiting.length;
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
    const outcome = await trainOne(root, where, options, warned);
    if (outcome === 'interrupted') isInterrupted = true;
    else if (typeof outcome === 'string') failures.set(each, outcome);
    else outcomes[planned.indexOf(each)] = outcome;
  }
  const ended = planned.flatMap((each, place): EndedRun[] => {
    const outcome = outcomes[place];
    if (outcome) return [{ ...outcome, planned: each }];
    const failure = failures.get(each);
    const { setting, seed } = each;
    return failure === undefined ? [] : [{ planned: each, run: { setting, seed, failure, history: [], seconds: 0 } }];
  });
  return { ended, isInterrupted, hasFailed: failures.size > 0 };
}

/** One training. @returns its outcome, why it failed, or that it was interrupted */
async function trainOne(
  root: string,
  place: RunPlace,
  options: TrainPlannedOptions,
  warned: Set<string>,
): Promise<Outcome | string> {
  const { observer, signal, pictures, onTrained } = options;
  const { planned, number, total, waiting, timeLeft } = place;
  const { setting, title, tags, settings } = planned;
  const began = performance.now();
  const tellEnd = (text: string, event: Record<string, Json>) => {
    const seconds = (performance.now() - began) / 1000;
    timeLeft.add(setting, seconds);
    const left = timeLeft.estimate(waiting);
    const progress = { run: number, runs: total, title, part: '', share: number / total, secondsLeft: left };
    observer.runEnd(progress, text);
    observer.event({ ...event, event: 'run', ...tags, run: number, runs: total, seconds });
  };
  try {
    const { run, isBegun } = await openRun(root, planned);
    const result = await train(run, settings, {
      observer: observeRun(place, observer, warned),
      isResumed: isBegun,
      ...(signal && { signal }),
      ...givenCacheSettings(options),
      ...(pictures && { pictures }),
    });
    if (result.reason === 'interrupted') return 'interrupted';
    await onTrained?.(result);
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
    await rmdir(path.join(root, planned.folder[0]!)).catch(() => undefined);
    tellEnd(`failed: ${error.message}`, { reason: 'failed', failure: error.message });
    return error.message;
  }
}

function describeEnd(epochs: number, values: Readonly<Record<string, number>>): string {
  const accuracy = values['accuracy'];
  const reached = accuracy === undefined ? '' : `, accuracy ${(accuracy * 100).toFixed(1)} %`;
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}${reached}`;
}

/** The folder of a run: as it was left, or new. What a process that was killed left without arguments is cleared away. */
async function openRun(root: string, { folder }: PlannedRun): Promise<{ run: RunFolder; isBegun: boolean }> {
  const place = path.join(root, ...folder);
  if (await stat(path.join(place, runFiles.arguments)).catch(() => undefined)) {
    return { run: await openRunFolder(place), isBegun: true };
  }
  await rm(place, { recursive: true, force: true });
  return { run: await createRunFolder(path.dirname(place), { name: path.basename(place) }), isBegun: false };
}

async function readArguments(place: string): Promise<object | undefined> {
  const text = await readFile(path.join(place, runFiles.arguments), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as object);
}
