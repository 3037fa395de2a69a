/** Which groups a split should keep together: those that names tell of where the pictures confirm them, with the copies
 * that the pictures show and the bursts that capture times tell of. */

import type { GroupSummary, NameProposal } from './audit-report.ts';
import { burstGapSeconds } from './capture-times.ts';
import { DisjointSets } from './disjoint-sets.ts';
import type { NamePattern } from './name-patterns.ts';

/** Groups of files, and how they came about. */
export interface ChosenGroups {
  /** A name for the group of each file; null for a file that stands alone. */
  readonly groups: readonly (string | null)[];
  readonly summary: GroupSummary;
}

/** What is known besides names. */
export interface KnownSets {
  readonly copies: readonly (readonly number[])[];
  readonly copyConfidence: number;
  readonly bursts: readonly (readonly number[])[];
  readonly burstConfidence: number;
}

/** Joining names and pictures must not make a group of more than this share of the files. */
const largestShare = 0.5;

/** Chooses groups. */
export function chooseGroups(
  files: readonly { readonly path: string }[],
  patterns: readonly NamePattern[],
  proposals: readonly NameProposal[],
  known: KnownSets,
): ChosenGroups {
  const copies = [...known.copies, ...known.bursts];
  const best = proposals.findIndex(({ verdict }) => verdict === 'confirmed');
  const refuted = proposals.find(({ verdict }) => verdict === 'refuted');
  const byPictures = new DisjointSets(files.length);
  for (const set of copies) for (const member of set) byPictures.join(set[0]!, member);
  if (best < 0) return fromPictures(files, byPictures, known, refuted);

  const { pattern, perClass, keys } = patterns[best]!;
  const both = new DisjointSets(files.length);
  const firstOf = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    if (key === null) continue;
    if (firstOf.has(key)) both.join(firstOf.get(key)!, index);
    else firstOf.set(key, index);
  }
  const nameSets = both.sets().length;
  for (const set of copies) for (const member of set) both.join(set[0]!, member);
  const joined = both.sets();
  const largest = Math.max(0, ...joined.map((set) => set.length));
  const usesBoth = copies.length > 0 && largest <= largestShare * files.length;
  // A group goes by the first key in it; two name groups that copies join become one.
  const nameOf = (index: number) => {
    const key = keys[usesBoth ? both.find(index) : index] ?? keys[index];
    return key ?? null;
  };
  const groups = files.map((_, index) => nameOf(index) ?? (usesBoth ? `copies/${both.find(index)}` : null));
  const { confidence, groupCount } = proposals[best]!;
  const merged = usesBoth ? nameSets - joined.length : 0;
  return {
    groups,
    summary: {
      source: usesBoth ? 'file names and pictures' : 'file names',
      pattern,
      perClass,
      confidence,
      ...count(groups),
      reason:
        `${groupCount} groups by the pattern of the names, confirmed by the pictures` +
        (merged > 0 ? `; copies across groups joined ${merged} of them` : ''),
    },
  };
}

function fromPictures(
  files: readonly { readonly path: string }[],
  sets: DisjointSets,
  { copies, copyConfidence, bursts, burstConfidence }: KnownSets,
  refuted: NameProposal | undefined,
): ChosenGroups {
  const found = sets.sets();
  const groups = new Array<string | null>(files.length).fill(null);
  for (const [number, set] of found.entries()) for (const member of set) groups[member] = `pictures/${number}`;
  const against =
    refuted === undefined ? '' : `; the names' pattern ${refuted.pattern} was left aside, since pictures refute it`;
  const isNone = found.length === 0;
  const isByTime = copies.length === 0 && bursts.length > 0;
  const alone = `${bursts.length} bursts: one camera, at most ${burstGapSeconds} seconds between two pictures`;
  const joined =
    bursts.length > 0 ? `copies found by registration, joined with ${alone}` : 'copies found by registration';
  return {
    groups,
    summary: {
      source: isNone ? 'none' : isByTime ? 'capture times' : 'pictures',
      pattern: null,
      perClass: false,
      confidence: isByTime ? burstConfidence : Number(copyConfidence.toPrecision(4)),
      ...count(groups),
      reason: (isNone ? 'no pictures are copies of one another' : isByTime ? alone : joined) + against,
    },
  };
}

function count(groups: readonly (string | null)[]): Pick<GroupSummary, 'count' | 'groupedFiles'> {
  const sizes = new Map<string, number>();
  let alone = 0;
  for (const group of groups) {
    if (group === null) alone++;
    else sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const grouped = [...sizes.values()].filter((size) => size > 1).reduce((sum, size) => sum + size, 0);
  return { count: sizes.size + alone, groupedFiles: grouped };
}
