/** Keras's `image_dataset_from_directory`: all files are shuffled once by the seed, and validation is the last part of
 * them. It is not stratified and knows no groups; `folder` is. */
import { DataError, OptionError } from '../../core/errors.ts';
import { checkKeys, checkName, checkNumber, checkSwitch, checkText, checkTexts, show } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { type LabelMode, labelModes, targetShapeOf } from '../label-mode.ts';
import type { PictureFile } from '../picture-file.ts';
import { createPreprocessing, type Interpolation } from '../pictures/preprocessing.ts';
import { type DirectoryDataset, directoryDataset, pairOf } from './directory-dataset.ts';
import { classFoldersOf, filesBelow } from './directory-files.ts';

/** Options of `imageDatasetFromDirectory`, with Keras's names and defaults. */
export interface ImageDatasetFromDirectoryOptions {
  /** `inferred` (by default) from the class folders; null for none; or a number for each file, in the order of their paths. */
  labels?: 'inferred' | null | readonly number[];
  /** By default `int`. With null there are no targets: they have the shape `[batch, 0]`. */
  labelMode?: LabelMode | null;
  /** With `inferred` labels: some or all of the class folders, in the order of the class numbers. */
  classNames?: readonly string[];
  /** By default `rgb`. */
  colorMode?: 'grayscale' | 'rgb' | 'rgba';
  /** By default 32. */
  batchSize?: number;
  /** `[height, width]`, by default `[256, 256]`. */
  imageSize?: number | readonly [height: number, width: number];
  /** Files are shuffled once before they are split, and in each epoch; by default true. */
  shuffle?: boolean;
  /** Needed where files are shuffled and split; by default 0. */
  seed?: number;
  /** The share of all files that is for validation: the last ones after shuffling. Goes together with `subset`. */
  validationSplit?: number;
  subset?: 'training' | 'validation' | 'both';
  /** By default `bilinear`. `lanczos3` is another name of `lanczos`. */
  interpolation?: Interpolation | 'lanczos3';
  /** Whether links to folders inside class folders are entered; by default false. */
  followLinks?: boolean;
  cropToAspectRatio?: boolean;
  padToAspectRatio?: boolean;
  /** Prints how many files were found; by default true. */
  verbose?: boolean;
}

const where = 'imageDatasetFromDirectory';
const extensions = ['.bmp', '.gif', '.jpeg', '.jpg', '.png'];
const optionNames: readonly (keyof ImageDatasetFromDirectoryOptions)[] = [
  'labels',
  'labelMode',
  'classNames',
  'colorMode',
  'batchSize',
  'imageSize',
  'shuffle',
  'seed',
  'validationSplit',
  'subset',
  'interpolation',
  'followLinks',
  'cropToAspectRatio',
  'padToAspectRatio',
  'verbose',
];

/** Files, and the names of their classes; no names where there are no labels. */
interface Indexed {
  readonly files: readonly PictureFile[];
  readonly classNames: readonly string[];
}

/**
 * Batches from a directory with one folder for each class, by Keras's conventions: BMP, GIF, JPEG and PNG files, listed
 * folder by folder. A file that does not decode stops the epoch with an error that names it.
 *
 * As in Keras, `validationSplit` without shuffling takes the last files, which are those of the last classes. The order
 * after shuffling is that of cajal's random numbers, not of NumPy's.
 *
 * @returns batches of uint8 `[batch, height, width, channels]`; two datasets, training and validation, for the subset `both`
 * @throws DataError where the directory, its classes or its files are not what they should be
 * @throws OptionError for unknown options and ones that do not go together
 * @example
 * const [training, validation] = await imageDatasetFromDirectory('cells', {
 *   imageSize: [150, 150], validationSplit: 0.2, subset: 'both', seed: 7,
 * });
 */
export async function imageDatasetFromDirectory(
  directory: string,
  options: ImageDatasetFromDirectoryOptions & { subset: 'both' },
): Promise<[training: DirectoryDataset, validation: DirectoryDataset]>;
export async function imageDatasetFromDirectory(
  directory: string,
  options?: ImageDatasetFromDirectoryOptions & { subset?: 'training' | 'validation' },
): Promise<DirectoryDataset>;
export async function imageDatasetFromDirectory(
  directory: string,
  options: ImageDatasetFromDirectoryOptions = {},
): Promise<DirectoryDataset | [DirectoryDataset, DirectoryDataset]> {
  checkText(where, 'directory', directory);
  checkKeys(where, options, optionNames);
  const { shuffle = true, validationSplit, subset, verbose = true, seed = 0 } = options;
  checkNumber(where, 'seed', seed, { integer: true });
  checkSwitch(where, 'shuffle', shuffle);
  checkSplit(options);
  const labels = options.labelMode === null ? null : options.labels === undefined ? 'inferred' : options.labels;
  const labelMode = labels === null ? null : (options.labelMode ?? 'int');
  const preprocessing = createPreprocessing({
    ...pairOf(where, 'imageSize', options.imageSize ?? [256, 256]),
    colorMode: checkName(where, 'colorMode', options.colorMode ?? 'rgb', ['rgb', 'rgba', 'grayscale']),
    interpolation: options.interpolation === 'lanczos3' ? 'lanczos' : (options.interpolation ?? 'bilinear'),
    fit: fitOf(options),
  });

  const { files, classNames } = await index(directory, labels, options);
  if (labelMode !== null) targetShapeOf(checkName(where, 'labelMode', labelMode, labelModes), classNames.length);
  const belonging = labels === null ? '' : ` belonging to ${classNames.length} classes`;
  if (verbose) console.log(`Found ${files.length} files${belonging}.`);

  const order = shuffle
    ? Array.from(new Random(seed, 'directory').permutation(files.length), (place) => files[place]!)
    : files;
  const held = Math.floor((validationSplit ?? 0) * files.length);
  const cut = files.length - held;
  const { batchSize = 32 } = options;
  const open = (part: 'training' | 'validation' | 'all', isShuffled: boolean) => {
    const chosen = part === 'training' ? order.slice(0, cut) : part === 'validation' ? order.slice(cut) : order;
    if (chosen.length === 0) throw noFiles(directory, part, files.length);
    if (verbose && part !== 'all') console.log(`Using ${chosen.length} files for ${part}.`);
    const listing = { directory, classNames, files: chosen };
    return directoryDataset(listing, labelMode, { preprocessing, batchSize, seed, shuffle: isShuffled });
  };
  return subset === 'both' ? [open('training', shuffle), open('validation', false)] : open(subset ?? 'all', shuffle);
}

function checkSplit({ shuffle = true, seed, validationSplit, subset }: ImageDatasetFromDirectoryOptions): void {
  if (subset !== undefined) checkName(where, 'subset', subset, ['training', 'validation', 'both']);
  if ((validationSplit === undefined) !== (subset === undefined)) {
    throw new OptionError(
      `${where}: expected validationSplit and subset together, received validationSplit ${show(validationSplit)} and ` +
        `subset ${show(subset)}. Write { validationSplit: 0.2, subset: 'training', seed: 7 }.`,
    );
  }
  if (validationSplit === undefined) return;
  checkNumber(where, 'validationSplit', validationSplit, { min: 0, max: 1, exclusive: true });
  if (shuffle && seed === undefined) {
    throw new OptionError(
      `${where}: expected a seed where files are shuffled and split, received nothing. ` +
        'Give both subsets the same seed, so that no file is in both.',
    );
  }
}

function fitOf({ cropToAspectRatio = false, padToAspectRatio = false }: ImageDatasetFromDirectoryOptions) {
  checkSwitch(where, 'cropToAspectRatio', cropToAspectRatio);
  checkSwitch(where, 'padToAspectRatio', padToAspectRatio);
  if (cropToAspectRatio && padToAspectRatio) {
    throw new OptionError(
      `${where}: expected cropToAspectRatio or padToAspectRatio, received both. Leave one of them out.`,
    );
  }
  return cropToAspectRatio ? 'crop' : padToAspectRatio ? 'pad' : 'stretch';
}

async function index(
  directory: string,
  labels: 'inferred' | null | readonly number[],
  { classNames, followLinks = false }: ImageDatasetFromDirectoryOptions,
): Promise<Indexed> {
  const how = { extensions, followLinks: checkSwitch(where, 'followLinks', followLinks) };
  if (labels === 'inferred') {
    const folders = await classFoldersOf(directory);
    const classes = classNames === undefined ? folders : checkTexts(where, 'classNames', classNames);
    checkClassNames(directory, classes, folders);
    const files: PictureFile[] = [];
    for (const [label, name] of classes.entries()) files.push(...(await filesBelow(directory, name, label, how)));
    return { files, classNames: classes };
  }
  if (classNames !== undefined) {
    throw new OptionError(
      `${where}: expected classNames only with inferred labels, received both classNames and labels ${show(labels)}. ` +
        'Leave classNames out.',
    );
  }
  const files = await filesBelow(directory, '', 0, how);
  if (labels === null) return { files, classNames: [] };
  return label(directory, files, labels);
}

function checkClassNames(directory: string, classes: readonly string[], folders: readonly string[]): void {
  const unknown = classes.find((name) => !folders.includes(name));
  if (unknown !== undefined) {
    throw new DataError(
      `${directory}: expected classNames that are folders in it (${folders.join(', ')}), received ${show(unknown)}. ` +
        'Correct the name, or make the folder.',
    );
  }
  const repeated = classes.find((name, place) => classes.indexOf(name) !== place);
  if (repeated === undefined) return;
  throw new OptionError(`${where}: expected each of classNames once, received ${show(repeated)} twice. Leave one out.`);
}

/** Files with the labels that a person gave for them. */
function label(directory: string, files: readonly PictureFile[], labels: readonly number[]): Indexed {
  if (!Array.isArray(labels)) {
    throw new OptionError(
      `${where}: labels must be "inferred", null or a list of class numbers, received ${show(labels)}. Write labels: [0, 1, 1].`,
    );
  }
  if (labels.length !== files.length) {
    throw new DataError(
      `${directory}: expected a label for each of the ${files.length} files in it, received ${labels.length} labels. ` +
        'Give as many labels as there are files, in the order of their paths.',
    );
  }
  const numbers = [...new Set(labels)].sort((a, b) => a - b);
  const wrong = numbers.find((number) => !Number.isInteger(number) || number < 0 || number >= numbers.length);
  if (wrong !== undefined) {
    throw new OptionError(
      `${where}: expected labels from 0 to ${numbers.length - 1}, since there are ${numbers.length} different ones, ` +
        `received ${show(wrong)}. Number the classes from 0 without gaps.`,
    );
  }
  const labelled = files.map((file, place) => ({ ...file, label: labels[place]! }));
  return { files: labelled, classNames: numbers.map(String) };
}

function noFiles(directory: string, part: string, count: number): DataError {
  if (count === 0) {
    return new DataError(
      `${directory}: expected pictures (${extensions.join(' ')}), received none. Check the path, or convert the pictures.`,
    );
  }
  return new DataError(
    `${directory}: expected files for ${part}, received none of ${count} by validationSplit. Give more files or another fraction.`,
  );
}
