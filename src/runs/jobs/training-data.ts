/** The pictures of a training: read, checked, split, and described for the report. */
import { DataError } from '../../core/errors.ts';
import {
  checkPercentiles,
  countByClass,
  countByReason,
  type Dataset,
  type FolderListing,
  measurePictures,
  type PictureFile,
  parseSplitRecord,
  type SkippedFile,
  type SplitRecord,
  type SubsetStatistics,
  sharedContentWarnings,
  showName,
  statisticsWarnings,
  type VerifiedPicture,
} from '../../data/index.ts';
import {
  type FolderDatasets,
  type FolderOptions,
  type OpenPicturesOptions,
  openFolder,
  openPictures,
  type ReadFolder,
  readFolder,
  scanSameClasses,
  type VerifiedFolder,
  verifyPictures,
} from '../../data/node/index.ts';
import { readTextIfThere } from '../../formats/node/read-text-if-there.ts';
import type { SubsetSummary } from '../report-data.ts';
import { runFiles } from '../run-files.ts';
import type { RunFolder } from '../run-folder.ts';
import { type KnownGroups, readAuditGroups } from './audit-groups.ts';
import { type CacheSettings, givenCacheSettings } from './cache-settings.ts';
import { changedPictures } from './changed-pictures.ts';
import { describeLeak, findLeakEvidence, type Leak, type LeakEvidence } from './find-leak.ts';
import type { JobObserver } from './job-observer.ts';
import { hasValidation, labelModeOf, type TrainSettings } from './train-settings.ts';

/** What the final evaluation is made on. */
export interface EvaluationPictures {
  readonly subset: 'validation' | 'test' | 'training';
  readonly folder: string;
  readonly data: Dataset;
  /** What each picture belongs to, by its path, where that is known. */
  readonly groups?: ReadonlyMap<string, string>;
}

/** All pictures of a training. */
export interface TrainingPictures extends FolderDatasets {
  readonly evaluation: EvaluationPictures;
  readonly subsets: readonly SubsetSummary[];
  /** Light and colour of each part, from pictures that are prepared already; empty where none are. */
  readonly statistics: readonly SubsetStatistics[];
  /** Of all folders. */
  readonly skipped: readonly SkippedFile[];
  /** Training pictures of each class. */
  readonly trainingCounts: readonly number[];
  /** Where the random split has pictures on both sides that belong together; a warning says so. */
  readonly leak?: Leak;
}

/** How pictures are read. */
export interface ReadOptions extends CacheSettings {
  readonly observer: JobObserver;
  readonly signal?: AbortSignal | undefined;
}

/** The pictures of one training or of all folds of a cross-validation, read and decoded once. */
export interface ReadPictures {
  readonly read: ReadFolder;
  readonly groups?: KnownGroups;
  /** What speaks against a random split. */
  readonly leakEvidence?: LeakEvidence;
  readonly test?: VerifiedFolder;
}

/** Reads the pictures that the settings name. */
export async function readTrainingPictures(settings: TrainSettings, options: ReadOptions): Promise<ReadPictures> {
  const { observer, signal } = options;
  const reading = progressOf(observer, 'Reading pictures');
  const read = await readFolder(settings.folder, {
    ...folderOptions(settings),
    ...(signal && { signal }),
    ...givenCacheSettings(options),
    onProgress: reading.update,
  });
  reading.end();
  const { listing } = read.forTraining;
  const groups = settings.split === 'grouped' ? await readAuditGroups(listing, settings.audit) : undefined;
  const leakEvidence = await findLeakEvidence(settings, read);
  const test = settings.testFolder === undefined ? undefined : await readTestPictures(settings, read, options);
  return { read, ...(groups && { groups }), ...(leakEvidence && { leakEvidence }), ...(test && { test }) };
}

/** The options of `folder` that follow from the settings. */
export function folderOptions(settings: TrainSettings): FolderOptions {
  const { val, valFolder, groupBy, cv, fold, batchSize, seed, splitSeed, strict, fraction, sampling } = settings;
  const { size, colorMode, fit, interpolation, sampleType, percentiles, pixelLimit } = settings;
  return {
    size,
    colorMode,
    fit,
    interpolation,
    batchSize,
    seed,
    strict,
    fraction,
    labelMode: labelModeOf(settings),
    ...(valFolder === undefined ? { validationSplit: val } : { validationFolder: valFolder }),
    ...(splitSeed !== undefined && { splitSeed }),
    ...(cv !== undefined && { fold: { number: fold ?? 1, of: cv } }),
    ...(groupBy !== undefined && { groupBy }),
    ...(sampling !== undefined && { sampling }),
    ...(sampleType !== undefined && { sampleType }),
    ...(percentiles && { percentiles: checkPercentiles('train', percentiles) }),
    ...(pixelLimit !== undefined && { pixelLimit }),
  };
}

/**
 * Opens the pictures that the settings name.
 *
 * @param record the split of a run that goes on
 * @param pictures what was read for the same settings, but for the fold
 */
export async function openTrainingPictures(
  settings: TrainSettings,
  options: ReadOptions,
  record?: SplitRecord,
  pictures?: ReadPictures,
): Promise<TrainingPictures> {
  const { read, groups, leakEvidence, test } = pictures ?? (await readTrainingPictures(settings, options));
  const opened = openFolder(read, {
    ...folderOptions(settings),
    ...(groups && { groups }),
    ...(record && { record }),
  });
  for (const note of opened.notes) options.observer.say(note);
  const leak = describeLeak(leakEvidence, [opened.split], settings);
  const datasets = { ...opened, training: changedPictures(settings, opened.training) };
  if (hasValidation(settings) && !datasets.validation) throw noValidationPictures(settings, datasets);
  const trainingCounts = countByClass(datasets.split.training, datasets.classNames.length);
  const listings = [datasets.listing, datasets.validationListing, test?.listing];
  const { validation = datasets.training } = datasets;
  const held = {
    subset: datasets.validation ? 'validation' : 'training',
    folder: (datasets.validationListing ?? datasets.listing).folder,
    data: validation,
    ...(datasets.split.groups && { groups: datasets.split.groups }),
  } as const;
  const evaluated = datasets.validation ? held : { ...held, data: unshuffled(settings, datasets) };
  const isFold = settings.cv !== undefined && pictures !== undefined;
  const statistics = await measureParts(datasets, read, test);
  return {
    ...datasets,
    ...(leak && { leak }),
    warnings: [
      ...(leak ? [leak.message] : []),
      ...datasets.warnings,
      ...(test?.listing.warnings ?? []),
      ...sharedContentWarnings(datasets.split.training, test?.listing.files ?? [], 'test', 'Delete the copies'),
      // Of folds it is said once.
      ...(isFold ? [] : statisticsWarnings(statistics, datasets.classNames, datasets.preprocessing)),
    ],
    evaluation: test
      ? { subset: 'test', folder: test.listing.folder, data: openTest(settings, test, datasets) }
      : evaluated,
    subsets: subsetsOf(datasets, test?.listing),
    statistics,
    skipped: listings.flatMap((listing) => listing?.skipped ?? []),
    trainingCounts,
  };
}

/** What light and colour say of classes, in all pictures whatever fold they are in. @param fold any of them */
export async function describeClassStatistics(read: ReadFolder, fold: FolderDatasets): Promise<string[]> {
  const split = { training: read.forTraining.listing.files, validation: [], warnings: [] };
  const statistics = await measureParts({ ...fold, split }, read, undefined);
  return statisticsWarnings(statistics, fold.classNames, fold.preprocessing);
}

/** Light and colour of the parts: nothing is decoded for it. */
async function measureParts(
  { split, classNames, preprocessing }: FolderDatasets,
  { forTraining, forValidation }: ReadFolder,
  test: VerifiedFolder | undefined,
): Promise<SubsetStatistics[]> {
  const parts = [
    ['training', split.training, forTraining],
    ['validation', split.validation, forValidation],
    ['test', test?.listing.files ?? [], test],
  ] as const;
  const measured = parts.map(([name, files, folder]) => {
    const pixelsOf = ({ path: file, sha256 }: VerifiedPicture) =>
      folder?.cache.get(file) ?? folder?.cache.disk?.read(sha256);
    return measurePictures({ name, files, pixelsOf }, classNames.length, preprocessing);
  });
  return (await Promise.all(measured)).filter((one) => one !== undefined);
}

/** Test pictures as the training pictures are scaled, which is known once they are split. */
function openTest(
  settings: TrainSettings,
  { listing, cache }: VerifiedFolder,
  { preprocessing }: FolderDatasets,
): Dataset {
  return openPictures(listing, { ...inOrder(settings), preprocessing, cache });
}

/** How pictures are opened to be evaluated. */
function inOrder(settings: TrainSettings): Omit<OpenPicturesOptions, 'preprocessing'> {
  const { batchSize, pixelLimit } = settings;
  const labelMode = labelModeOf(settings);
  return { batchSize, labelMode, shuffle: false, ...(pixelLimit !== undefined && { pixelLimit }) };
}

/** Where no class has two pictures, or two groups: one of them always stays in training. */
function noValidationPictures({ val, groupBy }: TrainSettings, { split }: FolderDatasets): DataError {
  const unit = groupBy === undefined ? 'pictures' : 'groups';
  const remedy =
    groupBy === undefined ? 'more pictures (a higher --fraction)' : 'another --group-by pattern, more groups';
  return new DataError(
    `train: expected pictures to validate on, received none: no class has two ${unit} or more, of which one could be held ` +
      `out (--val ${val}); all ${split.training.length} pictures are in training. ` +
      `Use ${remedy}, a --val-folder, or --val 0 to do without.`,
  );
}

/** The training pictures in the order of their files, to evaluate on where none are held out. */
function unshuffled(settings: TrainSettings, { listing, split, preprocessing }: FolderDatasets): Dataset {
  // Each is read once.
  const how = { ...inOrder(settings), preprocessing, cacheBytes: 0 };
  return openPictures({ ...listing, files: split.training }, how);
}

async function readTestPictures(
  settings: TrainSettings,
  { forTraining: { listing: training }, preprocessing }: ReadFolder,
  options: ReadOptions,
): Promise<VerifiedFolder> {
  const { strict, pixelLimit } = settings;
  const { observer, signal } = options;
  const scanned = await scanSameClasses(training, settings.testFolder!);
  const reading = progressOf(observer, 'Reading test pictures');
  const verified = await verifyPictures(scanned, preprocessing, {
    strict,
    leastClasses: 1,
    ...(pixelLimit !== undefined && { pixelLimit }),
    onProgress: reading.update,
    ...(signal && { signal }),
    ...givenCacheSettings(options),
  });
  reading.end();
  return verified;
}

/** Shows how far a reader is: readers tell the total only with the first picture. */
export function progressOf(
  observer: JobObserver,
  title: string,
): { update: (done: number, total: number) => void; end: () => void } {
  let task: ReturnType<JobObserver['start']> | undefined;
  return {
    update(done, total) {
      task ??= observer.start(title, total);
      task.update(done);
    },
    end: () => task?.end(),
  };
}

function subsetsOf({ split, classNames }: FolderDatasets, test: FolderListing | undefined): SubsetSummary[] {
  const { groups } = split;
  const summary = (name: string, files: readonly PictureFile[]): SubsetSummary => ({
    name,
    counts: countByClass(files, classNames.length),
    ...(groups && name !== 'test' && { groups: new Set(files.map(({ path: file }) => groups.get(file))).size }),
  });
  return [
    summary('training', split.training),
    ...(split.validation.length > 0 ? [summary('validation', split.validation)] : []),
    ...(test ? [summary('test', test.files)] : []),
  ];
}

/** The split of a run that goes on; none where it was stopped before it was made. */
export async function readSplit(run: RunFolder): Promise<SplitRecord | undefined> {
  const file = run.pathOf(runFiles.split);
  const text = await readTextIfThere(file);
  return text === undefined ? undefined : parseSplitRecord(file, text);
}

/** What was left out, in a sentence, where anything was. */
export function describeSkipped(skipped: readonly SkippedFile[]): string | undefined {
  if (skipped.length === 0) return undefined;
  const reasons = Object.entries(countByReason(skipped)).map(([reason, count]) => `${count} ${reason}`);
  const named = skipped.slice(0, 5).map(({ path: file, detail }) => (detail ? `${file} (${detail})` : file));
  const rest = skipped.length > 5 ? ` and ${skipped.length - 5} more` : '';
  return `${skipped.length} ${skipped.length === 1 ? 'file was' : 'files were'} left out (${reasons.join(', ')}): ${named.map(showName).join(', ')}${rest}.`;
}

/** Weights that make every class count the same: pictures / (classes · pictures of the class), as scikit-learn's "balanced". */
export function balancedWeights(counts: readonly number[]): Record<number, number> {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return Object.fromEntries(counts.map((count, label) => [label, count === 0 ? 1 : total / (present * count)]));
}
