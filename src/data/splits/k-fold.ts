/** Folds for cross-validation: each example is in the validation part of exactly one. The same examples, options and seed
 * give the same folds on every machine. */
import { DataError, OptionError, ShapeError } from '../../core/errors.ts';
import { checkKeys, checkNumber, show } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { assignGroups } from './assign-groups.ts';

/** One fold: numbers of examples, ascending. */
export interface Fold {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/** How many folds, and at which dice. */
export interface FoldOptions {
  /** At least 2; by default 5. */
  readonly folds?: number;
  /** By default 0. */
  readonly seed?: number;
}

/** Labels or groups: equal values belong together. */
export type Keys = ArrayLike<number> | readonly string[];

/**
 * Folds of shuffled examples, whose sizes differ by one at most. As scikit-learn's `KFold` with `shuffle=True`.
 *
 * @param count how many examples there are
 * @throws OptionError for fewer than two folds; DataError where there are fewer examples than folds
 * @example
 * for (const { training, validation } of kFold(100, { folds: 5 })) { … }
 */
export function kFold(count: number, options: FoldOptions = {}): Fold[] {
  return stratifiedFolds(
    'kFold',
    new Uint32Array(checkNumber('kFold', 'count', count, { integer: true, min: 0 })),
    options,
  );
}

/**
 * Folds that each have the same share of every class: the numbers of a class differ by one at most between folds, and so do
 * the sizes of the folds. As scikit-learn's `StratifiedKFold` with `shuffle=True`.
 *
 * @param labels the class of each example
 * @throws OptionError for fewer than two folds; DataError where there are fewer examples than folds
 */
export function stratifiedKFold(labels: Keys, options: FoldOptions = {}): Fold[] {
  return stratifiedFolds(
    'stratifiedKFold',
    numbered(checkKeysGiven('stratifiedKFold', 'labels', labels)).numbers,
    options,
  );
}

/**
 * Folds of about the same size that cut no group. As scikit-learn's `GroupKFold`, with groups in random order.
 *
 * @param groups what each example belongs to
 * @throws OptionError for fewer than two folds; DataError where there are fewer groups than folds
 */
export function groupKFold(groups: Keys, options: FoldOptions = {}): Fold[] {
  return groupedFolds(
    'groupKFold',
    new Uint32Array(checkKeysGiven('groupKFold', 'groups', groups).length),
    groups,
    options,
  );
}

/**
 * Folds that cut no group, and have the same share of every class as nearly as whole groups allow. As scikit-learn's
 * `StratifiedGroupKFold`, whose greedy order is followed by moves and exchanges of groups.
 *
 * @param labels the class of each example; a group may have several
 * @param groups what each example belongs to
 * @throws OptionError for fewer than two folds; ShapeError where the lists differ in length; DataError where there are fewer
 *   groups than folds
 * @example
 * const folds = stratifiedGroupKFold(labels, patients, { folds: 5, seed: 7 });
 */
export function stratifiedGroupKFold(labels: Keys, groups: Keys, options: FoldOptions = {}): Fold[] {
  checkKeysGiven('stratifiedGroupKFold', 'labels', labels);
  checkKeysGiven('stratifiedGroupKFold', 'groups', groups);
  if (labels.length !== groups.length) {
    throw new ShapeError(
      `stratifiedGroupKFold: expected a group for each of ${labels.length} labels, received ${groups.length}. Give one for each.`,
    );
  }
  return groupedFolds('stratifiedGroupKFold', numbered(labels).numbers, groups, options);
}

function stratifiedFolds(where: string, labels: Uint32Array, options: FoldOptions): Fold[] {
  const { folds, seed } = checkOptions(where, options, labels.length, 'examples');
  const foldOf = new Uint32Array(labels.length);
  const classCount = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const members = Array.from({ length: classCount }, (): number[] => []);
  for (const [example, label] of labels.entries()) members[label]!.push(example);
  // Each class goes on with the fold after the one where the class before it ended, so that sizes of folds stay even too.
  let next = 0;
  for (const [label, ofClass] of members.entries()) {
    for (const index of new Random(seed, 'folds', label).permutation(ofClass.length)) {
      foldOf[ofClass[index]!] = next++ % folds;
    }
  }
  return foldsOf(foldOf, folds);
}

function groupedFolds(where: string, labels: Uint32Array, keys: Keys, options: FoldOptions): Fold[] {
  const { numbers, count } = numbered(keys);
  const { folds, seed } = checkOptions(where, options, count, 'groups');
  const partOf = assignGroups(
    { groups: countsOf(numbers, count, labels), classCount: Math.max(0, ...new Set(labels)) + 1 },
    new Array<number>(folds).fill(1 / folds),
    new Random(seed, 'folds'),
  );
  return foldsOf(
    numbers.map((group) => partOf[group]!),
    folds,
  );
}

/** Returns `keys` where they are a list; a text, whose letters would be keys, is none. */
function checkKeysGiven(where: string, name: string, keys: Keys): Keys {
  if (Array.isArray(keys) || (ArrayBuffer.isView(keys) && 'length' in keys)) return keys;
  throw new OptionError(
    `${where}: expected ${name} as a list with one number or text for each example, received ${show(keys)}. Write ['a', 'b', 'a'].`,
  );
}

/** How many examples of which classes each group has. */
export function countsOf(
  groups: Uint32Array,
  groupCount: number,
  labels: ArrayLike<number>,
): [label: number, count: number][][] {
  const counts = Array.from({ length: groupCount }, () => new Map<number, number>());
  for (const [example, group] of groups.entries()) {
    const label = labels[example]!;
    counts[group]!.set(label, (counts[group]!.get(label) ?? 0) + 1);
  }
  return counts.map((ofGroup) => [...ofGroup]);
}

/** Keys as numbers from 0 on, in the order in which they first come. */
export function numbered(keys: Keys): { numbers: Uint32Array; count: number } {
  const known = new Map<string | number, number>();
  const numbers = Uint32Array.from({ length: keys.length }, (_, place) => {
    const key = keys[place]!;
    const before = known.get(key);
    if (before !== undefined) return before;
    known.set(key, known.size);
    return known.size - 1;
  });
  return { numbers, count: known.size };
}

function checkOptions(where: string, options: FoldOptions, available: number, what: string): Required<FoldOptions> {
  checkKeys(where, options, ['folds', 'seed']);
  const folds = checkNumber(where, 'folds', options.folds ?? 5, { integer: true, min: 2 });
  const seed = checkNumber(where, 'seed', options.seed ?? 0, { integer: true });
  if (available >= folds) return { folds, seed };
  throw new DataError(
    `${where}: expected at least ${folds} ${what} for ${folds} folds, received ${available}. Use fewer folds.`,
  );
}

function foldsOf(foldOf: Uint32Array, folds: number): Fold[] {
  const examples = Uint32Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    training: examples.filter((example) => foldOf[example] !== fold),
    validation: examples.filter((example) => foldOf[example] === fold),
  }));
}
