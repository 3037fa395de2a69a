/** Splits of pictures into training and validation: by fraction, or whole groups of pictures that belong together. The
 * same files, options and seed give the same split on every machine. */
import { checkNumber } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import type { PictureFile } from '../picture-file.ts';
import { assignGroups } from './assign-groups.ts';
import { type GroupPattern, groupsOf } from './group-pattern.ts';
import { countsOf, numbered } from './k-fold.ts';
import { nearestSubset } from './nearest-subset.ts';

/** Which side of a split a picture is on. */
export type Subset = 'training' | 'validation';

/** A split: the files of each side, in the order they were given. */
export interface Split<File extends PictureFile = PictureFile> {
  readonly training: readonly File[];
  readonly validation: readonly File[];
  /** The group of each file by its path, where the split is by group. */
  readonly groups?: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** How much goes to validation, and at which dice. */
export interface SplitOptions {
  /** The share of each class that goes to validation, above 0 and below 1; by default 0.2. */
  fraction?: number;
  /** By default 0. */
  seed?: number;
}

/**
 * A stratified split: the same share of each class goes to validation, picked at random. A class with two pictures or
 * more has at least one on each side; a class with a single one has it in training, with a warning.
 *
 * Pictures of one subject (frames of a video, augmented copies) may land on both sides, and the validation is then too
 * good: use `splitByGroup` for those.
 *
 * @throws OptionError where the fraction is not between 0 and 1
 */
export function splitByFraction<File extends PictureFile>(
  files: readonly File[],
  classNames: readonly string[],
  options: SplitOptions = {},
): Split<File> {
  const { fraction, seed } = checkSplitOptions('splitByFraction', options);
  const chosen = new Set<File>();
  const warnings: string[] = [];
  for (const [label, ofClass] of filesByClass(files)) {
    if (ofClass.length === 1) {
      warnings.push(`class ${classNames[label]} has one picture: it is in training, and none is in validation.`);
      continue;
    }
    const count = Math.min(ofClass.length - 1, Math.max(1, Math.round(ofClass.length * fraction)));
    const order = new Random(seed, 'split', label).permutation(ofClass.length);
    for (const index of order.subarray(0, count)) chosen.add(ofClass[index]!);
  }
  return { ...partition(files, chosen), warnings };
}

/**
 * The same share of each class, picked at random, to try things out on less data: at least one picture of each class.
 *
 * @param fraction above 0; 1 takes all of them
 * @throws OptionError where the fraction is not in that range
 */
export function takeFraction<File extends PictureFile>(files: readonly File[], fraction: number, seed = 0): File[] {
  checkNumber('takeFraction', 'fraction', fraction, { min: 0, max: 1, exclusive: 'min' });
  if (fraction === 1) return [...files];
  const taken = new Set<File>();
  for (const [label, ofClass] of filesByClass(files)) {
    const order = new Random(seed, 'take', label).permutation(ofClass.length);
    const count = Math.max(1, Math.round(ofClass.length * fraction));
    for (const index of order.subarray(0, count)) taken.add(ofClass[index]!);
  }
  return files.filter((file) => taken.has(file));
}

/**
 * A split of whole groups. A picture's group is its class folder and the text that the pattern captures from its file
 * name. In each class, groups are picked at random so that validation's share is as near the fraction as whole groups
 * allow; a class with two groups or more has at least one on each side; a class with one has it in training, with a
 * warning.
 *
 * @param pattern a regular expression with at least one capture group, searched in the file name without its folders
 * @throws OptionError where the pattern is not a regular expression, or captures nothing
 * @throws DataError where a file name does not match
 * @example
 * // patient7_a.jpeg and patient7_b.jpeg stay together.
 * const split = splitByGroup(files, classNames, '^(patient\\d+)_', { fraction: 0.2, seed: 7 });
 */
export function splitByGroup<File extends PictureFile>(
  files: readonly File[],
  classNames: readonly string[],
  pattern: GroupPattern,
  options: SplitOptions = {},
): Split<File> {
  const { fraction, seed } = checkSplitOptions('splitByGroup', options);
  const groups = groupsOf(files, classNames, pattern);
  const chosen = new Set<File>();
  const warnings: string[] = [];
  for (const [label, ofClass] of filesByClass(files)) {
    const members = new Map<string, File[]>();
    for (const file of ofClass) {
      const group = groups.get(file.path)!;
      const others = members.get(group);
      if (others) others.push(file);
      else members.set(group, [file]);
    }
    const all = [...members.values()];
    if (all.length === 1) {
      warnings.push(`class ${classNames[label]} has one group: it is in training, and none is in validation.`);
      continue;
    }
    const order = new Random(seed, 'split', label).permutation(all.length);
    const shuffled = Array.from(order, (index) => all[index]!);
    const sizes = shuffled.map((group) => group.length);
    for (const index of nearestSubset(sizes, ofClass.length * fraction)) {
      for (const file of shuffled[index]!) chosen.add(file);
    }
  }
  return { ...partition(files, chosen), groups, warnings };
}

/**
 * A split of whole groups that are known by path, and may have pictures of several classes. Validation's share of each class
 * is as near the fraction as whole groups allow, which for a class of few groups can be none: a warning says so.
 *
 * @param groups the group of each path; a picture without one is alone
 * @throws OptionError where the fraction is not between 0 and 1
 */
export function splitByKnownGroups<File extends PictureFile>(
  files: readonly File[],
  classNames: readonly string[],
  groups: ReadonlyMap<string, string>,
  options: SplitOptions = {},
): Split<File> {
  const { fraction, seed } = checkSplitOptions('splitByKnownGroups', options);
  const keys = groupKeys(files, groups);
  const { numbers, count } = numbered(keys);
  const labels = files.map(({ label }) => label);
  const counts = { groups: countsOf(numbers, count, labels), classCount: classNames.length };
  const sides = assignGroups(counts, [1 - fraction, fraction], new Random(seed, 'split'));
  const { training, validation } = partition(files, new Set(files.filter((_, place) => sides[numbers[place]!] === 1)));
  const warnings = classNames.flatMap((name, label) => {
    const isHere = (side: readonly File[]) => side.some((file) => file.label === label);
    if (!isHere(files) || (isHere(training) && isHere(validation))) return [];
    const side = isHere(training) ? 'training, and none is in validation' : 'validation, and none is in training';
    return [`class ${name} has too few groups: all its pictures are in ${side}.`];
  });
  return { training, validation, groups: new Map(files.map(({ path }, place) => [path, keys[place]!])), warnings };
}

/** The group of each file; one that has none is a group of its own, which its path names. */
export function groupKeys(files: readonly PictureFile[], groups: ReadonlyMap<string, string>): string[] {
  return files.map(({ path }) => groups.get(path) ?? path);
}

function checkSplitOptions(where: string, options: SplitOptions): Required<SplitOptions> {
  return {
    fraction: checkNumber(where, 'fraction', options.fraction ?? 0.2, { min: 0, max: 1, exclusive: true }),
    seed: checkNumber(where, 'seed', options.seed ?? 0, { integer: true }),
  };
}

function filesByClass<File extends PictureFile>(files: readonly File[]): Map<number, File[]> {
  const byClass = new Map<number, File[]>();
  for (const file of files) {
    const others = byClass.get(file.label);
    if (others) others.push(file);
    else byClass.set(file.label, [file]);
  }
  return byClass;
}

function partition<File extends PictureFile>(files: readonly File[], chosen: ReadonlySet<File>) {
  return {
    training: files.filter((file) => !chosen.has(file)),
    validation: files.filter((file) => chosen.has(file)),
  };
}
