/** Cross-validation: trains one network for each fold, each with another part of the pictures held out, and sums up what they
 * said of pictures that they did not learn from. It can be stopped and gone on with at any moment. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../../core/errors.ts';
import { countByClass, type SplitMethod, type SplitRecord } from '../../data/index.ts';
import { openFolder } from '../../data/node/index.ts';
import { defaultBackend } from '../../engine/choose-backend.ts';
import { storageFailure } from '../../formats/node/storage-failure.ts';
import { writeFileAtomic } from '../../formats/node/write-file-atomic.ts';
import { type CrossValidation, type HeldOut, summarizeFolds } from '../cross-validation.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { RunArguments, RunVersions } from '../run-record.ts';
import { type CacheSettings, givenCacheSettings } from './cache-settings.ts';
import { checkMemory } from './check-memory.ts';
import type { PlannedRun } from './compare-plan.ts';
import { describeLeak, type Leak } from './find-leak.ts';
import { foldsFile, keepFolds } from './fold-record.ts';
import { describeVersions } from './machine.ts';
import { outcomeFile } from './outcome.ts';
import { formatPredictions, joinPredictions, parsePredictions, predictionsFile } from './predictions-csv.ts';
import { observePreparation, type SeriesObserver } from './series-observer.ts';
import { type EndedRun, trainPlanned } from './train-planned.ts';
import { checkTrainSettings, monitorOf, type TrainSettings } from './train-settings.ts';
import { describeClassStatistics, describeSkipped, folderOptions, readTrainingPictures } from './training-data.ts';

/** All that the page shows, and `report.json` holds. */
export interface CrossValidationReport extends CrossValidation {
  readonly settings: TrainSettings;
  readonly split: SplitMethod;
  readonly warnings: readonly string[];
  readonly versions: RunVersions;
  readonly command: string;
}

/** How a cross-validation runs. */
export interface CrossValidateOptions extends CacheSettings {
  readonly observer: SeriesObserver;
  readonly signal?: AbortSignal | undefined;
}

/** What a cross-validation leaves. */
export interface CrossValidateResult {
  readonly run: RunFolder;
  /** None where no fold is done. */
  readonly summary?: CrossValidation;
  readonly planned: number;
  /** Folds that have ended. */
  readonly done: number;
  readonly isInterrupted: boolean;
  readonly hasFailed: boolean;
  /** Where the folds have pictures on both sides that belong together. */
  readonly leak?: Leak;
}

/**
 * Trains the folds that are not done, and writes the summary of those that are.
 *
 * @throws OptionError, DataError as a training does; DataError where every fold failed
 */
export async function crossValidate(
  run: RunFolder,
  settings: TrainSettings,
  options: CrossValidateOptions,
): Promise<CrossValidateResult> {
  await run.lock();
  try {
    checkTrainSettings(settings);
    checkMemory(settings, 2);
    await run.writeArguments({ command: 'train', ...settings } as unknown as RunArguments);
    return await trainFolds(run, settings, options);
  } catch (error) {
    if (!(await isWorthKeeping(run, settings))) await run.discard().catch(() => undefined);
    throw error;
  } finally {
    await run.unlock();
  }
}

async function trainFolds(
  run: RunFolder,
  settings: TrainSettings,
  options: CrossValidateOptions,
): Promise<CrossValidateResult> {
  const { backend } = await defaultBackend();
  const { observer, signal } = options;
  const planned = plannedFolds(settings);
  const preparation = observePreparation(observer, planned.length);
  const pictures = await readTrainingPictures(settings, { ...options, observer: preparation });
  const { listing } = pictures.read.forTraining;
  const splits = planned.map(({ settings: each }) =>
    openFolder(pictures.read, { ...folderOptions(each), ...(pictures.groups && { groups: pictures.groups }) }),
  );
  const skipped = describeSkipped(listing.skipped);
  // Said once of all folds, and not again by each.
  const { leakEvidence, ...eachFold } = pictures;
  const leak = describeLeak(
    leakEvidence,
    splits.map(({ split }) => split),
    settings,
  );
  const warnings = [
    ...(leak ? [leak.message] : []),
    ...new Set(splits.flatMap((split) => split.warnings)),
    ...(await describeClassStatistics(pictures.read, splits[0]!)),
    ...(skipped === undefined ? [] : [skipped]),
  ];
  for (const warning of warnings) observer.warn(warning);
  await keepFolds(
    run.pathOf(foldsFile),
    settings.folder,
    splits.map(({ record }) => record),
  );
  const versions = describeVersions(backend, settings.seed);
  await run.writeVersions(versions);

  const { ended, isInterrupted, hasFailed } = await trainPlanned(run.path, planned, {
    observer,
    whole: `${planned.length} trainings of ${listing.files.length} pictures, each with another fold held out`,
    pictures: eachFold,
    ...(signal && { signal }),
    ...givenCacheSettings(options),
    onTrained: async ({ run: fold, answers }) => {
      if (answers) await writeFileAtomic(fold.pathOf(predictionsFile), formatPredictions(answers));
    },
  });
  const result = {
    run,
    planned: planned.length,
    done: ended.length,
    isInterrupted,
    hasFailed,
    ...(leak && { leak }),
  };
  const finished = ended.filter(({ run: { results } }) => results);
  if (finished.length === 0) {
    if (isInterrupted) return result;
    const [reason] = ended.map(({ run: { failure } }) => failure);
    throw new DataError(
      `train: expected at least one fold with results, received ${ended.length} that failed. ${reason}`,
    );
  }
  const predictions = joinPredictions(await Promise.all(finished.map((each) => readPredictions(run, each))));
  await writeFileAtomic(run.pathOf(predictionsFile), formatPredictions(predictions));
  const summary = summarizeFolds({
    folds: ended.map(({ planned: { settings: each }, run: { results, ...trained }, bestEpoch }) => ({
      number: each.fold!,
      ...trained,
      ...(results && { results }),
      ...(bestEpoch !== undefined && { bestEpoch }),
      heldOut: heldOutBy(splits[each.fold! - 1]!.record),
    })),
    predictions,
    counts: countByClass(listing.files, listing.classNames.length),
    planned: planned.length,
    monitor: monitorOf(settings),
  });
  const report: CrossValidationReport = {
    ...summary,
    settings,
    split: splitOf(splits[0]!.record),
    warnings,
    versions,
    command: `cajal train --config ${run.pathOf(runFiles.arguments)}`,
  };
  const json = { format: 'cajal cross-validation', version: 1, ...report };
  await writeFileAtomic(run.pathOf(runFiles.report), `${JSON.stringify(json, null, 2)}\n`);
  // What draws charts takes a while to load.
  const { renderCrossValidation } = await import('../cross-validation-page.ts');
  await writeFileAtomic(run.pathOf(runFiles.page), renderCrossValidation(run.name, report));
  return { ...result, summary };
}

/** The training of each fold. */
function plannedFolds(settings: TrainSettings): PlannedRun[] {
  return Array.from({ length: settings.cv! }, (_, place) => ({
    setting: `fold ${place + 1}`,
    seed: settings.seed,
    title: `fold ${place + 1}`,
    tags: { fold: place + 1 },
    folder: [`fold-${place + 1}`],
    settings: { ...settings, fold: place + 1 },
  }));
}

/** How the pictures were dealt out, without what is of one fold. */
function splitOf({
  version: _version,
  classNames: _classNames,
  files: _files,
  fold,
  ...method
}: SplitRecord): SplitMethod {
  return { ...method, ...(fold && { fold: { number: 1, of: fold.of } }) };
}

function heldOutBy({ files }: SplitRecord): HeldOut {
  const held = files.filter(({ subset }) => subset === 'validation');
  const groups = new Set(held.map(({ group }) => group));
  return { pictures: held.length, ...(!groups.has(null) && { groups: groups.size }) };
}

async function readPredictions(run: RunFolder, { planned }: EndedRun) {
  const file = run.pathOf(path.join(...planned.folder, predictionsFile));
  try {
    return parsePredictions(file, await readFile(file, 'utf8'));
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? storageFailure(file, error) : error;
  }
}

/** True where a fold has got so far that its work would be lost. */
async function isWorthKeeping(run: RunFolder, settings: TrainSettings): Promise<boolean> {
  const isThere = async (file: string) => Boolean(await stat(run.pathOf(file)).catch(() => undefined));
  const kept = plannedFolds(settings).flatMap(({ folder: [name] }) =>
    [runFiles.checkpoint, outcomeFile].map((file) => isThere(path.join(name!, file))),
  );
  return (await Promise.all(kept)).includes(true);
}
