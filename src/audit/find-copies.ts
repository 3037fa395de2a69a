/** Finds the pictures that are copies of one another: turned, mirrored, sheared, scaled or shifted, or the same thing
 * photographed twice. Candidates come from shared visual words and near hashes; each is verified by registration. */

import { comparePixels, type GreyPicture } from './compare-pixels.ts';
import { greyScale, type PictureDescription } from './describe-picture.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { type FeatureTable, joinFeatures } from './feature-table.ts';
import { type AffineMap, identityMap } from './fit-affine.ts';
import { Pauses } from './pauses.ts';
import { findNearHashes } from './perceptual-hash.ts';
import { register } from './register.ts';
import { assignWords } from './visual-words.ts';
import { WordIndex } from './word-index.ts';

/** A pair of pictures that was looked at closely. */
export interface VerifiedPair {
  readonly a: number;
  readonly b: number;
  /** Correlation of their pixels under the best map, −1…1. */
  readonly correlation: number;
}

/** Copies among some pictures. */
export interface Copies {
  /** Pictures that are copies of one another, each list in order; those without a copy are in none. */
  readonly groups: readonly (readonly number[])[];
  /** Correlation above which a pair counts as copies, chosen where the fewest pairs lie. */
  readonly threshold: number;
  /** 0…1: one less the share of doubtful pairs, whose correlation is near the threshold, among the pairs that join groups. */
  readonly confidence: number;
  /** Pairs that were registered, and whose pixels agreed. */
  readonly pairs: number;
  readonly doubtfulPairs: number;
  /** Words of the pictures, by which more of them can be compared. */
  readonly index: WordIndex;
}

/** How copies are looked for. */
export interface FindCopiesOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Candidates of each picture by words. */
const mostCandidates = 12;
/** From each group found, so many pictures look for copies outside of it. */
const scouts = 3;
/** Pairs above this are copies whatever the threshold. */
const surely = 0.97;
const leastThreshold = 0.8;
/** Pairs of points, of 24 at most, that must agree with the map. */
const leastInliers = 8;
const leastOverlap = 0.4;
const leastFormOverlap = 0.8;
const mostBits = 7;
/** Standard deviation of luma below which a picture is too plain to compare. */
const leastContrast = 4;

/** Finds copies. Deterministic; the event loop gets its turn every few milliseconds. */
export async function findCopies(
  pictures: readonly PictureDescription[],
  options: FindCopiesOptions = {},
): Promise<Copies> {
  const pauses = new Pauses('findCopies', options.signal);
  const table = joinFeatures(pictures.map(({ features }) => features));
  await pauses.rest();
  const { words, wordCount } = assignWords(table);
  await pauses.rest();
  const index = new WordIndex(table, words, wordCount);
  const search = new CopySearch(pictures, table);

  for (const { a, b, form } of findNearHashes(
    pictures.map(({ hash }) => hash),
    mostBits,
    leastContrast,
  )) {
    search.tryForm(a, b, formMap(form, pictures[a]!.grey, pictures[b]!.grey));
    await pauses.maybe();
  }
  const candidates: number[][] = [];
  const total = 2 * pictures.length;
  for (let picture = 0; picture < pictures.length; picture++) {
    candidates.push(index.similarTo(picture, mostCandidates));
    options.onProgress?.(picture, total);
    await pauses.maybe();
  }
  // Best candidates of all pictures first: most later pairs are then joined already and cost nothing.
  for (let rank = 0; rank < mostCandidates; rank++) {
    for (let picture = 0; picture < pictures.length; picture++) {
      const other = candidates[picture]![rank];
      if (other !== undefined) search.tryPair(picture, other);
      await pauses.maybe();
    }
    options.onProgress?.(pictures.length + Math.floor(((rank + 1) * pictures.length) / mostCandidates), total);
  }
  // A group of many fills its members' lists of candidates: a second look leaves the group out.
  for (const group of search.sets.sets()) {
    if (group.length <= mostCandidates / 2) continue;
    const step = Math.max(1, Math.floor(group.length / scouts));
    for (let scout = 0; scout < scouts && scout * step < group.length; scout++) {
      const picture = group[scout * step]!;
      const isOutside = (other: number) => search.sets.find(other) !== search.sets.find(picture);
      for (const other of index.similarTo(picture, 4, isOutside)) search.tryPair(picture, other);
      await pauses.maybe();
    }
  }
  const { threshold, doubtful } = search.settle();
  const groups = search.sets.sets();
  const joins = groups.reduce((sum, group) => sum + group.length - 1, 0);
  const confidence = joins + doubtful === 0 ? 1 : joins / (joins + doubtful);
  options.onProgress?.(total, total);
  return { groups, threshold, confidence, pairs: search.pairs.length, doubtfulPairs: doubtful, index };
}

/** Pairs tried so far. */
class CopySearch {
  readonly sets: DisjointSets;
  readonly pairs: VerifiedPair[] = [];
  readonly #pictures: readonly PictureDescription[];
  readonly #table: FeatureTable;
  readonly #tried = new Set<number>();

  constructor(pictures: readonly PictureDescription[], table: FeatureTable) {
    this.#pictures = pictures;
    this.#table = table;
    this.sets = new DisjointSets(pictures.length);
  }

  /** Registers two pictures by their points. */
  tryPair(a: number, b: number): void {
    if (this.sets.find(a) === this.sets.find(b)) return;
    const key = Math.min(a, b) * this.#pictures.length + Math.max(a, b);
    if (this.#tried.has(key)) return;
    this.#tried.add(key);
    const found = register(this.#table, a, b);
    if (found !== undefined && found.inliers >= leastInliers) this.tryMap(a, b, found.map);
  }

  /** Compares pictures whose hashes are near: no points vouch for the map, so the pixels must agree more. */
  tryForm(a: number, b: number, map: AffineMap): void {
    if (this.sets.find(a) === this.sets.find(b)) return;
    const { correlation, overlap } = comparePixels(this.#pictures[a]!.grey, this.#pictures[b]!.grey, map, greyScale);
    if (overlap >= leastFormOverlap && correlation >= surely) this.#join(a, b, correlation);
  }

  #join(a: number, b: number, correlation: number): void {
    this.pairs.push({ a, b, correlation });
    this.sets.join(a, b);
  }

  /** Compares the pixels of two pictures under a map. */
  tryMap(a: number, b: number, map: AffineMap): void {
    if (this.sets.find(a) === this.sets.find(b)) return;
    const { correlation, overlap } = comparePixels(this.#pictures[a]!.grey, this.#pictures[b]!.grey, map, greyScale);
    if (overlap < leastOverlap || correlation < leastThreshold - 0.1) return;
    if (correlation >= surely) this.#join(a, b, correlation);
    else this.pairs.push({ a, b, correlation });
  }

  /** Chooses the threshold where the fewest pairs lie, and joins the pairs above it. */
  settle(): { threshold: number; doubtful: number } {
    const reach = 0.03;
    let threshold = 0.9;
    let fewest = Number.POSITIVE_INFINITY;
    for (const place of [0.9, 0.91, 0.89, 0.92, 0.88, 0.93, 0.87, 0.94, 0.86, 0.85, 0.84, 0.83]) {
      const count = this.pairs.filter(({ correlation }) => Math.abs(correlation - place) <= reach).length;
      if (count >= fewest) continue;
      fewest = count;
      threshold = place;
    }
    for (const { a, b, correlation } of this.pairs) if (correlation >= threshold) this.sets.join(a, b);
    return { threshold, doubtful: fewest };
  }
}

/** The map from picture a to b where `b` in one of its eight forms looks like a. */
function formMap(form: number, a: GreyPicture, b: GreyPicture): AffineMap {
  const wide = b.width / a.width;
  const high = b.height / a.height;
  const right = b.width * greyScale - 1;
  const bottom = b.height * greyScale - 1;
  if (form === 0) return identityMap(wide, high);
  const flipsX = (form & 1) !== 0;
  const flipsY = (form & 2) !== 0;
  if ((form & 4) === 0)
    return [flipsX ? -wide : wide, 0, flipsX ? right : 0, 0, flipsY ? -high : high, flipsY ? bottom : 0];
  // The form is b transposed and then mirrored, so a's x runs along b's y.
  const across = b.width / a.height;
  const along = b.height / a.width;
  return [0, flipsY ? -across : across, flipsY ? right : 0, flipsX ? -along : along, 0, flipsX ? bottom : 0];
}
