/** A comparison of settings: trains each with each seed, one after the other, and says which differ. It can be stopped and
 * gone on with at any moment; what is done is not done again. */
import { type ComparedRun, type Comparison, compareRuns } from '../../comparison/comparison.ts';
import { DataError } from '../../core/errors.ts';
import { scanPictures } from '../../data/node/index.ts';
import { defaultBackend } from '../../engine/choose-backend.ts';
import type { EvaluationReport } from '../report-data.ts';
import { lockRun } from '../run-lock.ts';
import type { RunVersions } from '../run-record.ts';
import type { CompareFolder } from './compare-folder.ts';
import { type ComparePlan, checkPlan, plannedRuns } from './compare-plan.ts';
import { describeVersions } from './machine.ts';
import type { SeriesProgress } from './series-observer.ts';
import { type TrainPlannedOptions, trainPlanned } from './train-planned.ts';

/** How a comparison runs. */
export interface CompareJobOptions extends Omit<TrainPlannedOptions, 'whole'> {
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
    const all = plannedRuns(plan);
    const whole = `${all.length} trainings: ${all.length / plan.seeds} settings with ${plan.seeds === 1 ? 'one seed' : `${plan.seeds} seeds each`}`;
    const { ended: endedRuns, isInterrupted, hasFailed } = await trainPlanned(folder.path, all, { ...options, whole });
    const runs = endedRuns.map(({ run }) => run);
    const subset = endedRuns.find((each) => each.subset)?.subset ?? 'validation';
    const planned = all.length;
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
      folders: Object.fromEntries(all.map(({ setting, folder: [name] }) => [setting, name!])),
    };
    await folder.writeReport(report);
    return { ...ended, report };
  } finally {
    await unlock();
  }
}

function atEnd(runs: number): SeriesProgress {
  return { run: runs, runs, title: '', part: '', share: 1 };
}

async function everyRunFailed(folder: CompareFolder, runs: readonly ComparedRun[]): Promise<DataError> {
  const reasons = [...new Set(runs.map(({ failure }) => failure))];
  await folder.discard();
  return new DataError(
    `compare: expected at least one training with results, received ${runs.length} that failed. ${reasons[0] ?? ''}` +
      (reasons.length > 1 ? ` And ${reasons.length - 1} other reasons.` : ''),
  );
}
