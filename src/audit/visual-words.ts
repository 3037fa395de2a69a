/** Visual words: local features are sorted into a few thousand cells by a tree of two levels, so that pictures which share
 * parts are found through the words they share, without comparing every pair. */
import type { FeatureTable } from './feature-table.ts';
import { featureLength } from './local-features.ts';

// A constant of this module, because loops over an imported one are compiled worse.
const rowLength: number = featureLength;
/** Branches at each of the two levels of the tree. */
const mostBranches = 64;
const rounds = 5;
const sampleSize = 16_384;

/** The word of each feature, and how many words there are. */
export function assignWords({ values }: FeatureTable): { words: Uint16Array; wordCount: number } {
  const total = values.length / rowLength;
  const branches = Math.max(1, Math.min(mostBranches, Math.floor(Math.sqrt(total / 20))));
  const every = Math.max(1, Math.floor(total / sampleSize));
  const sample: number[] = [];
  for (let row = 0; row < total; row += every) sample.push(row);
  const top = findCentres(values, sample, branches);
  const members: number[][] = Array.from({ length: branches }, () => []);
  for (const row of sample) members[nearest(values, row, top)]!.push(row);
  const below = members.map((rows) => findCentres(values, rows.length > 0 ? rows : sample.slice(0, 1), branches));
  const words = new Uint16Array(total);
  for (let row = 0; row < total; row++) {
    const first = nearest(values, row, top);
    words[row] = first * branches + nearest(values, row, below[first]!);
  }
  return { words, wordCount: branches * branches };
}

/** Lloyd's k-means from evenly chosen rows: the same rows give the same centres. */
function findCentres(values: Float32Array, rows: readonly number[], count: number): Float32Array {
  const centres = new Float32Array(Math.min(count, rows.length) * rowLength);
  const centreCount = centres.length / rowLength;
  for (let centre = 0; centre < centreCount; centre++) {
    const row = rows[Math.floor((centre * rows.length) / centreCount)]!;
    centres.set(values.subarray(row * rowLength, (row + 1) * rowLength), centre * rowLength);
  }
  for (let round = 0; round < rounds; round++) {
    const sums = new Float64Array(centres.length);
    const counts = new Uint32Array(centreCount);
    for (const row of rows) {
      const centre = nearest(values, row, centres);
      counts[centre]!++;
      for (let i = 0; i < rowLength; i++) sums[centre * rowLength + i]! += values[row * rowLength + i]!;
    }
    for (let centre = 0; centre < centreCount; centre++) {
      if (counts[centre] === 0) continue;
      for (let i = 0; i < rowLength; i++) {
        centres[centre * rowLength + i] = sums[centre * rowLength + i]! / counts[centre]!;
      }
    }
  }
  return centres;
}

/** The nearest centre; a row is dropped as soon as it is farther than the best one. */
function nearest(values: Float32Array, row: number, centres: Float32Array): number {
  const length = rowLength;
  const from = row * length;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let centre = 0, at = 0; at < centres.length; centre++, at += length) {
    let sum = 0;
    for (let i = 0; i < length; i += 7) {
      const d0 = values[from + i]! - centres[at + i]!;
      const d1 = values[from + i + 1]! - centres[at + i + 1]!;
      const d2 = values[from + i + 2]! - centres[at + i + 2]!;
      const d3 = values[from + i + 3]! - centres[at + i + 3]!;
      const d4 = values[from + i + 4]! - centres[at + i + 4]!;
      const d5 = values[from + i + 5]! - centres[at + i + 5]!;
      const d6 = values[from + i + 6]! - centres[at + i + 6]!;
      sum += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5 + d6 * d6;
      if (sum >= least) break;
    }
    if (sum < least) {
      least = sum;
      best = centre;
    }
  }
  return best;
}
