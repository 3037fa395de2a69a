/** Groups that file names tell of: patterns are proposed from how the names are built. Whether their groups are real is
 * for the pictures to say (`check-name-groups.ts`): a number in a name can mean anything. */

/** A pattern, and the groups that it makes. */
export interface NamePattern {
  /** A regular expression for the name without folders; its first group is the key. */
  readonly pattern: string;
  /** Whether the numbering restarts in each class, so that equal keys of two classes are two groups. */
  readonly perClass: boolean;
  /** Why it was proposed, for a person. */
  readonly reason: string;
  /** The group of each file: `class/key`, or the key where groups span classes; null where the name does not match. */
  readonly keys: readonly (string | null)[];
  readonly groupCount: number;
}

/** A file as patterns see it. */
export interface NamedFile {
  /** With `/`; what follows the last one is the name. */
  readonly path: string;
  readonly className: string;
}

/** Names of at least this share of the files must match. */
const leastMatching = 0.9;
/** A group above this share of the files is no group. */
const largestShare = 0.5;
const fewestGroups = 3;
/** Share of files that must lie in a group of two or more, and the mean size of groups. */
const leastGrouped = 0.8;
const leastMeanSize = 2;

/** What a copy of a picture, or one picture of a stack, adds to the name. */
const suffixes: readonly { readonly pattern: string; readonly reason: string }[] = [
  {
    pattern:
      '^(.+?)(?:[ _.-]?(?:aug|augmented|copy|rot|rotate|rotated|flip|flipped|mirror|hflip|vflip|crop|shear|shift|zoom|blur|noise)[ _.-]?\\d*)*(?:[ _-]?\\(\\d+\\))?\\.[^.]+$',
    reason: 'names end in words for changed copies, such as aug, rot or flip',
  },
  {
    pattern: '^(.+?)[ _.-]?[zctZCT]\\d{1,4}\\.[^.]+$',
    reason: 'names end in a slice, channel or time point of a stack',
  },
];

/** Proposes patterns, the one that explains the names best first; none where the names tell nothing. */
export function proposeNamePatterns(files: readonly NamedFile[]): NamePattern[] {
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const found: NamePattern[] = [];
  for (const { pattern, reason } of [...shapePatterns(names), ...suffixes]) {
    const proposal = groupBy(files, names, pattern, reason);
    if (proposal && !found.some(({ keys }) => sameKeys(keys, proposal.keys))) found.push(proposal);
  }
  return found;
}

/** Patterns from the most frequent shape of the names: the key ends at each of its variable parts but the last. */
function shapePatterns(names: readonly string[]): { pattern: string; reason: string }[] {
  const counts = new Map<string, { count: number; parts: string[][] }>();
  for (const name of names) {
    const parts = stemOf(name).match(/\d+|\p{L}+|[^\d\p{L}]+/gu) ?? [];
    const shape = parts.map((part) => (/^\d/.test(part) ? 'D' : /^\p{L}/u.test(part) ? 'L' : part)).join('\u0000');
    const entry = counts.get(shape);
    if (entry) {
      entry.count++;
      entry.parts.push(parts);
    } else counts.set(shape, { count: 1, parts: [parts] });
  }
  const [best] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (best === undefined || best.count < leastMatching * names.length) return [];
  const columns = best.parts[0]!.map((_, column) => new Set(best.parts.map((parts) => parts[column]!)));
  const written = columns.map((values) => {
    if (values.size === 1) return escapePattern([...values][0]!);
    return [...values].every((value) => /^\d/.test(value)) ? '\\d+' : '\\p{L}+';
  });
  const variable = columns.flatMap((values, column) => (values.size > 1 ? [column] : []));
  const patterns: { pattern: string; reason: string }[] = [];
  for (const [place, column] of variable.entries()) {
    if (place === variable.length - 1) break;
    const first = variable[0]!;
    const before = written.slice(0, first).join('');
    const key = written.slice(first, column + 1).join('');
    const after = written[column + 1] ?? '';
    const which = ['first', 'second', 'third'][place] ?? `${place + 1}th`;
    const rest = place === 0 ? `the ${which} varying part of the names` : `the names up to the ${which} varying part`;
    patterns.push({ pattern: `^${before}(${key})${after}`, reason: `${rest} repeats` });
    if (place > 0) {
      const skipped = written.slice(0, column).join('');
      patterns.push({
        pattern: `^${skipped}(${written[column]})${after}`,
        reason: `the ${which} varying part of the names repeats`,
      });
    }
  }
  return patterns;
}

function groupBy(
  files: readonly NamedFile[],
  names: readonly string[],
  pattern: string,
  reason: string,
): NamePattern | undefined {
  const expression = new RegExp(pattern, 'u');
  const raw = names.map((name) => expression.exec(name)?.[1] ?? null);
  const matching = raw.filter((key) => key !== null).length;
  if (matching < leastMatching * files.length) return undefined;
  const restarts = numberingRestarts(files, raw);
  const keys = raw.map((key, index) => (key === null ? null : restarts ? `${files[index]!.className}/${key}` : key));
  const sizes = new Map<string, number>();
  for (const key of keys) if (key !== null) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const all = [...sizes.values()];
  const grouped = all.filter((size) => size > 1).reduce((sum, size) => sum + size, 0);
  const isSensible =
    all.length >= fewestGroups &&
    Math.max(...all) <= largestShare * files.length &&
    grouped >= leastGrouped * matching &&
    matching / all.length >= leastMeanSize;
  if (!isSensible) return undefined;
  return { pattern, perClass: restarts, reason, keys, groupCount: all.length };
}

/** Numbers that begin at 0 or 1 in several classes and leave hardly a gap are counted, and counted again in each class. */
function numberingRestarts(files: readonly NamedFile[], keys: readonly (string | null)[]): boolean {
  const byClass = new Map<string, Set<number>>();
  for (const [index, key] of keys.entries()) {
    if (key === null) continue;
    if (!/^\d{1,9}$/.test(key)) return false;
    const { className } = files[index]!;
    const numbers = byClass.get(className) ?? new Set<number>();
    byClass.set(className, numbers.add(Number(key)));
  }
  const counted = [...byClass.values()].filter((numbers) => {
    let least = Number.POSITIVE_INFINITY;
    let greatest = 0;
    for (const number of numbers) {
      least = Math.min(least, number);
      greatest = Math.max(greatest, number);
    }
    return least <= 1 && numbers.size >= 0.9 * (greatest - least + 1);
  });
  return byClass.size > 1 && counted.length === byClass.size;
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function sameKeys(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.every((key, index) => key === b[index]);
}
