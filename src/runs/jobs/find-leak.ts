/** Whether a random split would leak: cheap evidence that pictures belong together, from an audit beside the folder, or from
 * a look at some of the pictures. It takes about a second whatever the size of the folder, and says nothing where in doubt. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import {
  type Copies,
  checkNameGroups,
  describedSize,
  describePicture,
  findCopies,
  type NamePattern,
  type PictureDescription,
  percent,
  proposeNamePatterns,
  type SmallPicture,
  shellWord,
} from '../../audit/index.ts';
import { readSmallPicture } from '../../audit/node/index.ts';
import { CajalError } from '../../core/errors.ts';
import type { FolderListing, Preprocessing, Split, VerifiedPicture } from '../../data/index.ts';
import type { ReadFolder } from '../../data/node/index.ts';
import { readAuditGroups } from './audit-groups.ts';
import type { TrainSettings } from './train-settings.ts';

/** What speaks for pictures that belong together. */
export type LeakEvidence =
  | { readonly source: 'audit'; readonly groups: ReadonlyMap<string, string>; readonly file: string }
  | {
      readonly source: 'file names';
      readonly groups: ReadonlyMap<string, string>;
      readonly pattern: string;
      readonly looked: number;
    }
  | {
      readonly source: 'pictures';
      readonly looked: number;
      readonly copies: number;
      readonly example: readonly string[];
    };

/** A leak of a split, as a run stores it. */
export interface Leak {
  readonly source: LeakEvidence['source'];
  /** With `pictures`: of those that were looked at; else of those that are held out. */
  readonly pictures: number;
  readonly of: number;
  readonly message: string;
  /** What splits by group; an audit comes first where it has two lines. */
  readonly command: string;
}

/** So many pictures are looked at, in runs of neighbours: copies are often named alike. */
const mostLooked = 128;
const runLength = 4;
/** Files are read again where the network sees less than this of them, and these many bytes at most. */
const leastSide = 64;
const mostBytes = 32 * 2 ** 20;
const fewestPictures = 20;
/** Pictures of fewer pixels than this to a side show too little to be told apart. */
const tinySide = 24;
/** Fewer than this share of alike pictures, or than this many, is no warning. */
const leakingShare = 0.03;
const fewestAlike = 4;

/** Whether the split is drawn without regard to what belongs together. */
export function splitsAtRandom({ val, valFolder, groupBy, split, cv }: TrainSettings): boolean {
  return groupBy === undefined && split !== 'grouped' && valFolder === undefined && (cv !== undefined || val > 0);
}

/** Looks for evidence; nothing where there is none, or where the split is not random. */
export async function findLeakEvidence(settings: TrainSettings, read: ReadFolder): Promise<LeakEvidence | undefined> {
  const { listing } = read.forTraining;
  if (!splitsAtRandom(settings) || listing.files.length < fewestPictures) return undefined;
  const audited = await groupsOfAudit(listing);
  if (audited) return audited;
  const patterns = proposeNamePatterns(
    listing.files.map((file) => ({ path: file.path, className: listing.classNames[file.label]! })),
  );
  const chosen = chooseSample(listing.files.length, patterns[0]);
  if (await isTiny(listing)) return undefined;
  const looked = await describeSome(read, chosen);
  if (looked.length < fewestPictures) return undefined;
  const copies = await findCopies(looked.map(({ description }) => description));
  const named = patterns.find((pattern) => isConfirmed(pattern, looked, copies, listing));
  if (named) {
    const keys = listing.files.flatMap(({ path: name }, index) => {
      const key = named.keys[index];
      return key === null || key === undefined ? [] : [[name, key] as const];
    });
    return { source: 'file names', groups: new Map(keys), pattern: named.pattern, looked: looked.length };
  }
  return copiesAmong(listing, looked, copies);
}

/** What the evidence says of a split, or of all folds; nothing where they keep together what belongs together. */
export function describeLeak(
  evidence: LeakEvidence | undefined,
  splits: readonly Split<VerifiedPicture>[],
  { folder }: Pick<TrainSettings, 'folder'>,
): Leak | undefined {
  const held = splits.reduce((sum, { validation }) => sum + validation.length, 0);
  if (evidence === undefined || held === 0) return undefined;
  const name = shellWord(folder);
  const grouped = `cajal train ${name} --split grouped`;
  const { source } = evidence;
  if (source === 'pictures') {
    const { looked, copies, example } = evidence;
    return {
      source,
      pictures: copies,
      of: looked,
      message:
        `The split is random, and ${copies} of ${looked} pictures that were looked at are changed copies of one another, as ` +
        `${example.join(' and ')}: training sees what is held out, and the accuracy is too good. ` +
        `Find what belongs together: cajal audit ${name}, then ${grouped}.`,
      command: `cajal audit ${name} && ${grouped}`,
    };
  }
  const shared = splits.reduce((sum, split) => sum + countShared(evidence.groups, split), 0);
  if (!isWorthSaying(shared, held)) return undefined;
  const said = source === 'audit' ? `as ${evidence.file} says` : `as their names say (${evidence.pattern})`;
  const isAll = splits.every(
    ({ training, validation }) => training.length + validation.length === evidence.groups.size,
  );
  // Patterns with properties of characters need a flag that --group-by does not set.
  const canName = source === 'file names' && isAll && !evidence.pattern.includes('\\p{');
  const command =
    source === 'audit'
      ? grouped
      : canName
        ? `cajal train ${name} --group-by ${shellWord(evidence.pattern)}`
        : `cajal audit ${name} && ${grouped}`;
  return {
    source,
    pictures: shared,
    of: held,
    message:
      `The split is random, and ${shared} of ${held} held out pictures (${percent(shared / held)}) belong ` +
      `together with training pictures, ${said}: the accuracy is too good. Split by group: ${command}`,
    command,
  };
}

/** Held out pictures of groups that training has too. */
function countShared(groups: ReadonlyMap<string, string>, { training, validation }: Split<VerifiedPicture>): number {
  const known = new Set(training.map(({ path: file }) => groups.get(file)));
  known.delete(undefined);
  return validation.filter(({ path: file }) => known.has(groups.get(file))).length;
}

function isWorthSaying(count: number, total: number): boolean {
  return count >= Math.min(fewestAlike, total) && count >= leakingShare * total;
}

async function groupsOfAudit(listing: FolderListing<VerifiedPicture>): Promise<LeakEvidence | undefined> {
  try {
    const { byPath, source } = await readAuditGroups(listing);
    return { source: 'audit', groups: byPath, file: source };
  } catch (error) {
    // No audit, one of other pictures, or one without groups: the pictures themselves are asked.
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

/** Places of the pictures to look at: half of them by the names, where these promise something. */
function chooseSample(count: number, pattern: NamePattern | undefined): number[] {
  const places = new Set<number>();
  if (pattern) {
    const groups = new Map<string, number[]>();
    for (const [place, key] of pattern.keys.entries()) {
      if (key === null) continue;
      const list = groups.get(key);
      if (list) list.push(place);
      else groups.set(key, [place]);
    }
    const large = [...groups.values()].filter((list) => list.length > 1);
    const wanted = Math.min(large.length, mostLooked / 2 / runLength);
    for (let group = 0; group < wanted; group++) {
      const list = large[Math.floor((group * large.length) / wanted)]!;
      const step = Math.max(1, Math.floor(list.length / runLength));
      for (let at = 0, taken = 0; at < list.length && taken < runLength; at += step, taken++) places.add(list[at]!);
    }
  }
  const runs = Math.ceil((mostLooked - places.size) / runLength);
  for (let run = 0; run < runs; run++) {
    const from = Math.floor((run * count) / runs);
    for (let place = from; place < Math.min(count, from + runLength); place++) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

interface LookedAt {
  readonly place: number;
  readonly description: PictureDescription;
}

/** Describes pictures as far as they can be read quickly. */
async function describeSome(
  { preprocessing, forTraining: { listing, cache } }: ReadFolder,
  places: readonly number[],
): Promise<LookedAt[]> {
  const looked: LookedAt[] = [];
  let bytes = 0;
  for (const place of places) {
    const file = listing.files[place]!;
    const kept = cache.get(file.path);
    let picture = kept instanceof Uint8Array ? await fromPrepared(kept, preprocessing) : undefined;
    if (picture === undefined) {
      bytes += file.sizeBytes;
      if (bytes > mostBytes) continue;
      picture = await fromFile(path.join(listing.folder, file.path));
    }
    if (picture === undefined) continue;
    looked.push({ place, description: describePicture(picture) });
    // Everything else gets its turn.
    await setImmediate();
  }
  return looked;
}

/** Whether the first picture, and so probably the others, is too small to be compared. */
async function isTiny({ folder, files }: FolderListing<VerifiedPicture>): Promise<boolean> {
  try {
    const file = path.join(folder, files[0]!.path);
    const { width, height } = await readSmallPicture(file, file, Number.POSITIVE_INFINITY);
    return Math.min(width, height) < tinySide;
  } catch (error) {
    if (error instanceof CajalError) return false;
    throw error;
  }
}

async function fromFile(file: string): Promise<SmallPicture | undefined> {
  try {
    return (await readSmallPicture(file, file, Number.POSITIVE_INFINITY)).picture;
  } catch (error) {
    // Channels that are no colours, or a picture that has changed since: it is not looked at.
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

/** From the pixels that the network sees, where they show enough. */
async function fromPrepared(
  pixels: Uint8Array,
  { height, width, channels }: Preprocessing,
): Promise<SmallPicture | undefined> {
  if (Math.min(height, width) < leastSide || (channels !== 1 && channels !== 3)) return undefined;
  const scale = describedSize / Math.max(height, width);
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const data = await sharp(pixels, { raw: { width, height, channels } })
    .resize({ ...size, fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { data, ...size };
}

function isConfirmed(
  { keys }: NamePattern,
  looked: readonly LookedAt[],
  copies: Copies,
  { files }: FolderListing<VerifiedPicture>,
): boolean {
  const { verdict } = checkNameGroups(
    looked.map(({ description }) => description),
    copies.index,
    looked.map(({ place }) => keys[place]!),
    looked.map(({ place }) => String(files[place]!.label)),
    copies.groups,
  );
  return verdict === 'confirmed';
}

/** Copies that are not the same file: of these a warning tells already. */
function copiesAmong(
  { files }: FolderListing<VerifiedPicture>,
  looked: readonly LookedAt[],
  { groups }: Copies,
): LeakEvidence | undefined {
  const changed = groups.filter((group) => new Set(group.map((at) => files[looked[at]!.place]!.sha256)).size > 1);
  const count = changed.reduce((sum, group) => sum + group.length, 0);
  if (!isWorthSaying(count, looked.length)) return undefined;
  const example = changed[0]!.slice(0, 2).map((at) => files[looked[at]!.place]!.path);
  return { source: 'pictures', looked: looked.length, copies: count, example };
}
