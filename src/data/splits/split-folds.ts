/** The split of one fold of a cross-validation over pictures: the fold is held out, and the others are trained on. */
import { checkNumber } from '../../core/options.ts';
import type { PictureFile } from '../picture-file.ts';
import { stratifiedGroupKFold, stratifiedKFold } from './k-fold.ts';
import { groupKeys, type Split } from './split.ts';

/** Which fold, of how many. */
export interface FoldChoice {
  /** Counted from 1. */
  readonly number: number;
  /** At least 2. */
  readonly of: number;
}

/** How the folds are drawn. */
export interface SplitByFoldOptions {
  /** By default 0. */
  readonly seed?: number;
  /** The group of each path, where whole groups are held out; a picture without one is alone. */
  readonly groups?: ReadonlyMap<string, string>;
}

/**
 * Holds out one fold of a stratified or, with groups, a stratified grouped cross-validation. The same files and seed give the
 * same folds, so that each file is held out by exactly one of them.
 *
 * @throws OptionError where there is no such fold; DataError where there are fewer pictures, or groups, than folds
 * @example
 * const split = splitByFold(files, classNames, { number: 2, of: 5 }, { seed: 7, groups });
 */
export function splitByFold<File extends PictureFile>(
  files: readonly File[],
  classNames: readonly string[],
  fold: FoldChoice,
  { seed = 0, groups }: SplitByFoldOptions = {},
): Split<File> {
  const of = checkNumber('splitByFold', 'of', fold.of, { integer: true, min: 2 });
  const number = checkNumber('splitByFold', 'number', fold.number, { integer: true, min: 1, max: of });
  const labels = files.map(({ label }) => label);
  const keys = groups && groupKeys(files, groups);
  const options = { folds: of, seed };
  const folds = keys ? stratifiedGroupKFold(labels, keys, options) : stratifiedKFold(labels, options);
  const { training, validation } = folds[number - 1]!;
  const filesOf = (examples: Uint32Array) => Array.from(examples, (example) => files[example]!);
  const split = { training: filesOf(training), validation: filesOf(validation) };
  const warnings = classNames.flatMap((name, label) => {
    const isHere = (side: readonly File[]) => side.some((file) => file.label === label);
    if (!isHere(files)) return [];
    const unit = keys ? 'groups' : 'pictures';
    if (!isHere(split.training)) return [`fold ${number}: class ${name} has no picture to train on. Use fewer folds.`];
    if (isHere(split.validation)) return [];
    return [`fold ${number}: class ${name} has fewer ${unit} than there are folds, and none is held out here.`];
  });
  return { ...split, ...(keys && { groups: new Map(files.map(({ path }, place) => [path, keys[place]!])) }), warnings };
}
