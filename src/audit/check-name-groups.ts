/** Whether groups from file names are groups of pictures too: pictures within a group must be more alike than across. */
import type { PictureDescription } from './describe-picture.ts';
import type { WordIndex } from './word-index.ts';

/** What the pictures say of groups. */
export interface GroupCheck {
  /** `confirmed`: follow the groups; `refuted`: they would not keep copies together; `unclear`: look yourself. */
  readonly verdict: 'confirmed' | 'refuted' | 'unclear';
  /** Probability that two pictures of a group are more alike than two of different groups of the same class; 0.5 is chance. */
  readonly alikeness: number;
  /** Share of the pairs of copies that lie in one group, and what chance would give; null without copies. */
  readonly copiesTogether: number | null;
  readonly copiesByChance: number | null;
  /** 0…1 that the groups are real. */
  readonly confidence: number;
}

const mostPairs = 2000;
/** Fewer pairs of copies than this decide nothing. */
const enoughCopies = 20;

/**
 * Checks groups.
 *
 * @param keys the group of each picture, null for none
 * @param classes the class of each picture: only pictures of one class are compared, or classes would pass for groups
 * @param copies lists of pictures that are copies of one another
 */
export function checkNameGroups(
  pictures: readonly PictureDescription[],
  index: WordIndex,
  keys: readonly (string | null)[],
  classes: readonly string[],
  copies: readonly (readonly number[])[],
): GroupCheck {
  const within: number[] = [];
  const across: number[] = [];
  const byKey = collect(keys.map((key, picture) => (key === null ? null : `${classes[picture]}\u0000${key}`)));
  const byClass = collect(classes.map((name, picture) => (keys[picture] === null ? null : name)));
  const similarity = (a: number, b: number) =>
    index.similarity(a, b) + coloursShared(pictures[a]!.colours, pictures[b]!.colours);
  const groups = [...byKey.values()].filter((group) => group.length > 1);
  const perGroup = Math.max(1, Math.ceil(mostPairs / Math.max(1, groups.length)));
  for (const group of groups) {
    for (let step = 0; step < Math.min(perGroup, group.length - 1); step++) {
      const a = group[step]!;
      // A step that has no part in how names are numbered, so that neighbours are not favoured.
      const b = group[(step + 1 + ((step * 7 + 3) % (group.length - 1))) % group.length]!;
      if (a === b) continue;
      within.push(similarity(a, b));
      const others = byClass.get(classes[a]!)!;
      for (let attempt = 0; attempt < 8; attempt++) {
        const other = others[(a * 7919 + step * 104_729 + attempt * 1_299_709) % others.length]!;
        if (keys[other] === keys[a]) continue;
        across.push(similarity(a, other));
        break;
      }
    }
  }
  const alikeness = areaUnderCurve(within, across);
  const together = copiesTogether(keys, classes, copies, byClass);
  return {
    ...judge(alikeness, together),
    alikeness,
    copiesTogether: together?.share ?? null,
    copiesByChance: together?.chance ?? null,
  };
}

function judge(
  alikeness: number,
  together: { share: number; chance: number; pairs: number } | undefined,
): Pick<GroupCheck, 'verdict' | 'confidence'> {
  if (together !== undefined && together.pairs >= enoughCopies) {
    // 0 where copies lie in groups as chance would have it, 1 where all of them lie together.
    const beyond = Math.max(0, (together.share - together.chance) / Math.max(1e-9, 1 - together.chance));
    if (beyond < 0.2) return { verdict: 'refuted', confidence: beyond };
    if (beyond >= 0.8 && alikeness >= 0.6) return { verdict: 'confirmed', confidence: beyond };
    return { verdict: 'unclear', confidence: beyond };
  }
  const beyond = Math.max(0, 2 * alikeness - 1);
  const verdict = alikeness >= 0.7 ? 'confirmed' : alikeness < 0.55 ? 'refuted' : 'unclear';
  return { verdict, confidence: beyond };
}

function copiesTogether(
  keys: readonly (string | null)[],
  classes: readonly string[],
  copies: readonly (readonly number[])[],
  byClass: ReadonlyMap<string, readonly number[]>,
): { share: number; chance: number; pairs: number } | undefined {
  const chances = new Map<string, number>();
  for (const [name, members] of byClass) {
    const sizes = collect(members.map((member) => keys[member]!));
    let same = 0;
    for (const group of sizes.values()) same += group.length * (group.length - 1);
    chances.set(name, same / Math.max(1, members.length * (members.length - 1)));
  }
  let pairs = 0;
  let shared = 0;
  let chance = 0;
  for (const group of copies) {
    // All pairs of a small set; of a large one pairs at distances spread over it, since names are in order.
    const stride = Math.max(1, Math.floor(group.length / 12));
    for (let i = 0; i < group.length; i++) {
      for (let j = i + 1 + (i % stride); j < group.length; j += stride) {
        const a = group[i]!;
        const b = group[j]!;
        if (keys[a] === null || keys[b] === null || classes[a] !== classes[b]) continue;
        pairs++;
        if (keys[a] === keys[b]) shared++;
        chance += chances.get(classes[a]!)!;
      }
    }
  }
  return pairs === 0 ? undefined : { share: shared / pairs, chance: chance / pairs, pairs };
}

function collect(keys: readonly (string | null)[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return groups;
}

/** What two distributions of colours have in common, 0…1. */
function coloursShared(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let colour = 0; colour < a.length; colour++) sum += Math.min(a[colour]!, b[colour]!);
  return sum;
}

/** Probability that one of the first is greater than one of the second, ties counting half (Mann and Whitney). */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  if (first.length === 0 || second.length === 0) return 0.5;
  const sorted = Float64Array.from(second).sort();
  const below = (value: number, orEqual: boolean) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let sum = 0;
  for (const value of first) sum += (below(value, false) + below(value, true)) / 2;
  return sum / (first.length * second.length);
}
