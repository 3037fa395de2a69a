/** From a folder of class folders to a training and a validation dataset, in one call. The steps are public too:
 * `scanFolder`, `verifyPictures`, `splitByFraction` or `splitByGroup`, `openPictures`. */
import { OptionError } from '../../core/errors.ts';
import { checkKeys } from '../../core/options.ts';
import type { Dataset } from '../dataset.ts';
import { type BatchOptions, batchOptionNames } from '../indexed-dataset.ts';
import type { LabelMode } from '../label-mode.ts';
import type { FolderListing, VerifiedPicture } from '../picture-file.ts';
import { checkPercentiles, describeScaling, percentileScaling } from '../pictures/percentile-scaling.ts';
import {
  createPreprocessing,
  type Preprocessing,
  type PreprocessingOptions,
  preprocessingOptionNames,
} from '../pictures/preprocessing.ts';
import { type GroupPattern, groupsOf, parseGroupPattern } from '../splits/group-pattern.ts';
import { sharedContentWarnings } from '../splits/shared-content.ts';
import { type Split, splitByFraction, splitByGroup, splitByKnownGroups, takeFraction } from '../splits/split.ts';
import { type FoldChoice, splitByFold } from '../splits/split-folds.ts';
import { applySplitRecord, createSplitRecord, type SplitMethod, type SplitRecord } from '../splits/split-record.ts';
import { chooseDepth, type DepthOptions } from './choose-depth.ts';
import { openPictures } from './open-pictures.ts';
import { defaultCacheBytes } from './picture-cache.ts';
import { scanPictures, scanSameClasses } from './scan-pictures.ts';
import { type VerifiedFolder, type VerifyOptions, verifyPictures } from './verify-pictures.ts';

/** How a folder becomes datasets. One way of validation at most: a fraction or a fold (with groups or without), a folder, or a
 * record. */
export interface FolderOptions
  extends Omit<PreprocessingOptions, keyof DepthOptions>,
    DepthOptions,
    BatchOptions,
    Omit<VerifyOptions, 'leastClasses'> {
  /** The share of each class that is held out; by default 0: nothing is. */
  validationSplit?: number;
  /** From which the split and the share are drawn; by default `seed`. */
  splitSeed?: number;
  /** Use this share of each class only, picked at random, before anything is held out; by default 1. */
  fraction?: number;
  /** Hold out one fold of a cross-validation instead of a fraction. */
  fold?: FoldChoice;
  /** With `validationSplit` or `fold`: holds out whole groups, named by what this captures from the file name. */
  groupBy?: GroupPattern;
  /** Groups by path instead of `groupBy`, and what says so, for the record. A picture without a group is alone. */
  groups?: { readonly byPath: ReadonlyMap<string, string>; readonly source: string };
  /** A folder of the same class folders to validate on. */
  validationFolder?: string;
  /** The record of an earlier split, to make it again. */
  record?: SplitRecord;
  /** By default `categorical`: one-hot rows. */
  labelMode?: LabelMode;
  /** Which percentiles of the training pictures become 0 and 255 where samples are deeper than bytes; by default 0.1 and
   * 99.9. */
  percentiles?: readonly [low: number, high: number];
}

/** What a folder gives. */
export interface FolderDatasets {
  readonly training: Dataset;
  /** Absent where nothing is held out. Its order is that of the files. */
  readonly validation?: Dataset;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  /** What was chosen from the files, such as how deep their samples are. */
  readonly notes: readonly string[];
  /** The training folder: what is used, what was skipped. */
  readonly listing: FolderListing<VerifiedPicture>;
  /** The separate validation folder, where there is one. */
  readonly validationListing?: FolderListing<VerifiedPicture>;
  readonly split: Split<VerifiedPicture>;
  /** The split as a run stores it. */
  readonly record: SplitRecord;
  /** Of the listings and of the split. */
  readonly warnings: readonly string[];
}

const ownNames: readonly (keyof FolderOptions)[] = [
  'splitSeed',
  'fraction',
  'validationSplit',
  'fold',
  'groupBy',
  'groups',
  'validationFolder',
  'record',
  'labelMode',
  'percentiles',
  'cacheBytes',
  'diskCache',
  'strict',
  'onProgress',
  'signal',
  'pixelLimit',
];

/**
 * Reads a folder that has one folder of pictures for each class, or a table of paths and labels (`.csv`; see `fromCsv`).
 *
 * @throws DataError where the folder, its pictures, or a file name (with `groupBy`) are not what they should be
 * @throws OptionError for unknown options and ones that exclude each other
 * @example
 * const { training, validation, warnings } = await folder('cells', {
 *   size: 150, batchSize: 32, validationSplit: 0.2, groupBy: '^(patient\\d+)_', seed: 7,
 * });
 */
export async function folder(path: string, options: FolderOptions): Promise<FolderDatasets> {
  return openFolder(await readFolder(path, options), options);
}

/** The pictures of a folder, read and decoded once: several splits of them can be opened. */
export interface ReadFolder {
  readonly preprocessing: Preprocessing;
  readonly forTraining: VerifiedFolder;
  /** The same as `forTraining` where there is no separate folder. */
  readonly forValidation: VerifiedFolder;
  /** What was chosen from the files. */
  readonly notes: readonly string[];
}

/** The first half of `folder`: lists and decodes the pictures. @throws as `folder` */
export async function readFolder(path: string, options: FolderOptions): Promise<ReadFolder> {
  checkFolderOptions(options);
  return readListing(await scanPictures(path), options);
}

function checkFolderOptions(options: FolderOptions): void {
  checkKeys('folder', options, [...preprocessingOptionNames, ...batchOptionNames, ...ownNames]);
  checkOneValidation(options);
  if (options.percentiles) checkPercentiles('folder', options.percentiles);
}

/** Decodes the pictures of a listing. @throws as `folder` */
export async function readListing(listed: FolderListing, options: FolderOptions): Promise<ReadFolder> {
  checkFolderOptions(options);
  const cacheBytes = options.cacheBytes ?? defaultCacheBytes();
  const verifyOptions = { ...pick(options, ['strict', 'onProgress', 'signal', 'pixelLimit', 'diskCache']), cacheBytes };

  // What is broken, empty files too, is refused all at once when the pictures are read.
  const { fraction = 1, seed = 0, splitSeed = seed } = options;
  const scanned = { ...listed, files: takeFraction(listed.files, fraction, splitSeed) };
  const { validationFolder } = options;
  const scannedValidation =
    validationFolder === undefined ? undefined : await scanSameClasses(scanned, validationFolder);
  const depth = await chooseDepth(scanned, options);
  const preprocessing = createPreprocessing({ ...pick(options, preprocessingOptionNames), ...depth.chosen });
  const forTraining = await verifyPictures(scanned, preprocessing, verifyOptions);
  const forValidation = scannedValidation
    ? await verifyPictures(scannedValidation, preprocessing, {
        ...verifyOptions,
        leastClasses: 1,
        // Pictures that lie on the disk come into memory later.
        cacheBytes: Math.max(0, cacheBytes - forTraining.listing.files.length * forTraining.cache.pictureBytes),
      })
    : forTraining;
  return { preprocessing, forTraining, forValidation, notes: depth.notes };
}

/** The second half of `folder`: splits what was read, and opens both sides. @throws as `folder` */
export function openFolder(
  { preprocessing: unscaled, forTraining, forValidation, notes }: ReadFolder,
  options: FolderOptions,
): FolderDatasets {
  checkOneValidation(options);
  const { seed = 0, splitSeed = seed } = options;
  const { listing } = forTraining;
  const { classNames } = listing;
  const method = methodOf({ ...options, seed: splitSeed });
  const split = options.record
    ? applySplitRecord(options.record, listing, forValidation.listing)
    : splitBy(method, options, listing, forValidation.listing);
  const preprocessing = withScaling(unscaled, forTraining, split.training, options.percentiles);
  const openOptions = { ...pick(options, ['batchSize', 'seed', 'prefetch', 'labelMode', 'pixelLimit']), preprocessing };
  const open = (from: VerifiedFolder, files: readonly VerifiedPicture[], order: BatchOptions) =>
    openPictures({ ...from.listing, files }, { ...openOptions, cache: from.cache, ...order });
  const validationListing = forValidation === forTraining ? undefined : forValidation.listing;
  return {
    training: open(forTraining, split.training, pick(options, ['shuffle', 'sampling'])),
    ...(split.validation.length > 0 && { validation: open(forValidation, split.validation, { shuffle: false }) }),
    classNames,
    preprocessing,
    notes: [...notes, ...scalingNotes(preprocessing, options)],
    listing,
    ...(validationListing && { validationListing }),
    split,
    record: options.record ?? createSplitRecord(classNames, split, method),
    warnings: [
      ...listing.warnings,
      ...(validationListing?.warnings ?? []),
      ...split.warnings,
      ...sharedContentWarnings(
        split.training,
        split.validation,
        'validation',
        validationListing ? 'Delete the copies' : 'Split by group, or delete the copies',
      ),
    ],
  };
}

/** Deeper samples are scaled by what the training pictures hold: those that are held out must not be looked at. */
function withScaling(
  preprocessing: Preprocessing,
  { samples }: VerifiedFolder,
  training: readonly VerifiedPicture[],
  percentiles?: readonly [low: number, high: number],
): Preprocessing {
  if (preprocessing.sampleType === 'uint8' || preprocessing.scaling) return preprocessing;
  const seen = training.flatMap(({ path }) => samples.get(path) ?? []);
  return { ...preprocessing, scaling: percentileScaling(seen, preprocessing.channels, percentiles) };
}

function scalingNotes({ scaling }: Preprocessing, { percentiles, ...given }: FolderOptions): string[] {
  if (scaling) return given.scaling ? [] : [describeScaling(scaling, percentiles)];
  return percentiles ? ['Samples are bytes, which stay as they are: the percentiles are of no use.'] : [];
}

function checkOneValidation(options: FolderOptions): void {
  const { validationSplit = 0, fold, groupBy, groups, validationFolder, record } = options;
  if (fold && (validationSplit !== 0 || validationFolder !== undefined)) {
    throw new OptionError(
      'folder: expected fold, validationSplit or validationFolder, received fold beside another. Leave one out.',
    );
  }
  if (groupBy !== undefined && groups) {
    throw new OptionError('folder: expected groupBy or groups, received both. Leave one out.');
  }
  if (validationFolder !== undefined && validationSplit !== 0) {
    throw new OptionError(
      `folder: expected validationSplit or validationFolder, received both (${validationSplit} and ${validationFolder}). Leave one out.`,
    );
  }
  if (groupBy === undefined || record) return;
  const pattern = parseGroupPattern(groupBy);
  if (validationSplit === 0 && !fold) {
    throw new OptionError(
      `folder: groupBy needs a validationSplit, received ${pattern} without one. Add validationSplit: 0.2.`,
    );
  }
}

function methodOf({
  validationSplit = 0,
  fold,
  groupBy,
  groups,
  validationFolder,
  seed = 0,
}: FolderOptions): SplitMethod {
  if (validationFolder !== undefined) return { method: 'folder' };
  const fraction = fold ? 1 / fold.of : validationSplit;
  if (fraction === 0) return { method: 'none' };
  const how = { fraction, seed, ...(fold && { fold }) };
  if (groups) return { method: 'group', ...how, groupSource: groups.source };
  if (groupBy === undefined) return { method: 'fraction', ...how };
  return { method: 'group', ...how, pattern: parseGroupPattern(groupBy).source };
}

function splitBy(
  { method, ...how }: SplitMethod,
  { fold, groupBy, groups }: FolderOptions,
  { files, classNames }: FolderListing<VerifiedPicture>,
  validation: FolderListing<VerifiedPicture>,
): Split<VerifiedPicture> {
  if (fold) {
    const known = groups?.byPath ?? (groupBy === undefined ? undefined : groupsOf(files, classNames, groupBy));
    return splitByFold(files, classNames, fold, { ...pick(how, ['seed']), ...(known && { groups: known }) });
  }
  const splitOptions = pick(how, ['fraction', 'seed']);
  if (method === 'group' && groups) return splitByKnownGroups(files, classNames, groups.byPath, splitOptions);
  if (method === 'group') return splitByGroup(files, classNames, groupBy!, splitOptions);
  if (method === 'fraction') return splitByFraction(files, classNames, splitOptions);
  return { training: files, validation: method === 'folder' ? validation.files : [], warnings: [] };
}

/** The options of these names that are set. */
function pick<Options extends object, Name extends keyof Options>(
  options: Options,
  names: readonly Name[],
): Pick<Options, Name> {
  const set = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(set.map((name) => [name, options[name]])) as Pick<Options, Name>;
}
