/** The directory conventions of Keras's `ImageDataGenerator.flow_from_directory`: validation is the first part of each
 * class's files. `imageDatasetFromDirectory` has the opposite convention. */
import { DataError, OptionError } from '../../core/errors.ts';
import { checkKeys, checkName, checkNumber, checkSwitch, checkText, checkTexts } from '../../core/options.ts';
import { type LabelMode, targetShapeOf } from '../label-mode.ts';
import type { PictureFile } from '../picture-file.ts';
import { createPreprocessing, type Interpolation } from '../pictures/preprocessing.ts';
import { type DirectoryDataset, directoryDataset, pairOf } from './directory-dataset.ts';
import { classFoldersOf, filesBelow } from './directory-files.ts';

/** The forms that targets take, by the names of `flow_from_directory`. */
export const classModes = ['categorical', 'binary', 'sparse', 'input'] as const;

/** `categorical`: one-hot rows; `binary` and `sparse`: class numbers `[batch, 1]`; `input`: the pictures themselves. */
export type ClassMode = (typeof classModes)[number];

/** Options of `flowFromDirectory`, with Keras's names and defaults. */
export interface FlowFromDirectoryOptions {
  /** `[height, width]`, by default `[256, 256]`. */
  targetSize?: number | readonly [height: number, width: number];
  /** By default `rgb`. */
  colorMode?: 'grayscale' | 'rgb' | 'rgba';
  /** Some or all of the class folders, in the order of the class numbers; by default all of them, sorted. */
  classes?: readonly string[];
  /** By default `categorical`. With null there are no targets: they have the shape `[batch, 0]`. */
  classMode?: ClassMode | null;
  /** By default 32. */
  batchSize?: number;
  /** By default true. */
  shuffle?: boolean;
  /** By default 0. */
  seed?: number;
  /** Whether links to folders inside class folders are entered; by default false. */
  followLinks?: boolean;
  /** The share of each class that is for validation: its first files. By default 0. */
  validationSplit?: number;
  subset?: 'training' | 'validation';
  /** By default `nearest`. `box` is another name of `area`. */
  interpolation?: Interpolation | 'box';
  /** Crops pictures to the proportions of the target size before they are resized; by default false. */
  keepAspectRatio?: boolean;
  /** Prints how many pictures were found; by default true. */
  verbose?: boolean;
}

/** The names of `FlowFromDirectoryOptions`, for those who check their own options. */
export const flowFromDirectoryOptionNames: readonly (keyof FlowFromDirectoryOptions)[] = [
  'targetSize',
  'colorMode',
  'classes',
  'classMode',
  'batchSize',
  'shuffle',
  'seed',
  'followLinks',
  'validationSplit',
  'subset',
  'interpolation',
  'keepAspectRatio',
  'verbose',
];

const where = 'flowFromDirectory';
const extensions = ['.png', '.jpg', '.jpeg', '.bmp', '.ppm', '.tif', '.tiff'];

/**
 * Batches from a directory with one folder for each class, by the conventions of Keras's `flow_from_directory`, without
 * augmentation. With a subset, each class's files are cut by their place in the list: the first
 * ⌊validationSplit · files⌋ are for validation.
 *
 * @returns batches of uint8 `[batch, height, width, channels]`
 * @throws DataError where the directory, its classes or its files are not what they should be
 * @throws OptionError for unknown options
 * @example
 * const training = await flowFromDirectory('cells', { targetSize: [150, 150], validationSplit: 0.2, subset: 'training' });
 */
export async function flowFromDirectory(
  directory: string,
  options: FlowFromDirectoryOptions = {},
): Promise<DirectoryDataset> {
  checkText(where, 'directory', directory);
  checkKeys(where, options, flowFromDirectoryOptionNames);
  const { classMode = 'categorical', verbose = true, batchSize = 32, shuffle = true, seed = 0 } = options;
  if (classMode !== null) checkName(where, 'classMode', classMode, classModes);
  const preprocessing = createPreprocessing({
    ...pairOf(where, 'targetSize', options.targetSize ?? [256, 256]),
    colorMode: checkName(where, 'colorMode', options.colorMode ?? 'rgb', ['rgb', 'rgba', 'grayscale']),
    interpolation: options.interpolation === 'box' ? 'area' : (options.interpolation ?? 'nearest'),
    fit: checkSwitch(where, 'keepAspectRatio', options.keepAspectRatio ?? false) ? 'crop' : 'stretch',
  });
  checkSwitch(where, 'shuffle', shuffle);
  const classes = checkTexts(where, 'classes', options.classes ?? []);
  const followLinks = checkSwitch(where, 'followLinks', options.followLinks ?? false);
  const folders = await classFoldersOf(directory);
  const classNames = classes.length > 0 ? classes : folders;
  checkClasses(directory, classNames, folders);
  const part = partOf(options);
  const files: PictureFile[] = [];
  for (const [label, name] of classNames.entries()) {
    const ofClass = await filesBelow(directory, name, label, { extensions, followLinks });
    const [from, to] = part(ofClass.length);
    files.push(...ofClass.slice(from, to));
  }
  if (verbose) console.log(`Found ${files.length} images belonging to ${classNames.length} classes.`);
  if (files.length === 0) throw noPictures(directory, options);
  const labelMode = labelModeOf(classMode);
  if (labelMode !== null && labelMode !== 'input') targetShapeOf(labelMode, classNames.length);
  return directoryDataset({ directory, classNames, files }, labelMode, { preprocessing, batchSize, seed, shuffle });
}

/** From how many files of a class, which of them: from, and up to but without. */
function partOf({ subset, validationSplit = 0 }: FlowFromDirectoryOptions): (count: number) => [number, number] {
  checkNumber(where, 'validationSplit', validationSplit, { min: 0, max: 1, exclusive: 'max' });
  if (subset === undefined) return (count) => [0, count];
  const isValidation = checkName(where, 'subset', subset, ['training', 'validation']) === 'validation';
  if (validationSplit === 0) {
    throw new OptionError(
      `${where}: expected a validationSplit with subset "${subset}", received nothing. Add validationSplit: 0.2.`,
    );
  }
  return (count) => {
    const held = Math.floor(validationSplit * count);
    return isValidation ? [0, held] : [held, count];
  };
}

function labelModeOf(classMode: ClassMode | null): LabelMode | 'input' | null {
  return classMode === 'sparse' ? 'int' : classMode;
}

function checkClasses(directory: string, classes: readonly string[], folders: readonly string[]): void {
  const unknown = classes.find((name) => !folders.includes(name));
  if (unknown === undefined && new Set(classes).size === classes.length) return;
  const repeated = classes.find((name, place) => classes.indexOf(name) !== place);
  throw new DataError(
    `${directory}: expected classes that are folders in it, each once (${folders.join(', ')}), received ` +
      `${unknown ?? `${repeated} twice`}. Correct the name, or make the folder.`,
  );
}

function noPictures(directory: string, { subset }: FlowFromDirectoryOptions): DataError {
  const which = subset === undefined ? '' : ` for the subset "${subset}"`;
  return new DataError(
    `${directory}: expected pictures (${extensions.join(' ')})${which}, received none. ` +
      'Check the path, give more pictures, or convert them.',
  );
}
