/** Registration: whether one picture is a turned, mirrored, sheared, scaled or shifted copy of another. Points that look
 * alike propose an affine map, the most agreed one is refined, and the pixels under it are compared. */
import type { FeatureTable } from './feature-table.ts';
import { type AffineMap, fitAffine } from './fit-affine.ts';
import { featureLength } from './local-features.ts';

/** How well two pictures fit onto each other. */
export interface Registration {
  readonly map: AffineMap;
  /** Pairs of points that agree with the map. */
  readonly inliers: number;
}

const mostMatches = 24;
const roughTolerance = 6;
const fineTolerance = 2.5;
/** Farther apart than this, in units of the set's spread, two features are not alike. */
const farthest = 12;
const leastInliers = 5;

/** Pairs of features that are each other's nearest, the most alike first. */
function matchPoints(table: FeatureTable, a: number, b: number): { from: number; to: number; distance: number }[] {
  const { starts, values } = table;
  const length = featureLength;
  const aStart = starts[a]!;
  const bStart = starts[b]!;
  const aCount = starts[a + 1]! - aStart;
  const bCount = starts[b + 1]! - bStart;
  const bestOfA = new Int32Array(aCount).fill(-1);
  const bestOfB = new Int32Array(bCount).fill(-1);
  const leastOfA = new Float32Array(aCount).fill(farthest);
  const leastOfB = new Float32Array(bCount).fill(farthest);
  for (let i = 0; i < aCount; i++) {
    for (let j = 0; j < bCount; j++) {
      const from = (aStart + i) * length;
      const to = (bStart + j) * length;
      let distance = 0;
      for (let k = 0; k < length; k += 7) {
        const d0 = values[from + k]! - values[to + k]!;
        const d1 = values[from + k + 1]! - values[to + k + 1]!;
        const d2 = values[from + k + 2]! - values[to + k + 2]!;
        const d3 = values[from + k + 3]! - values[to + k + 3]!;
        const d4 = values[from + k + 4]! - values[to + k + 4]!;
        const d5 = values[from + k + 5]! - values[to + k + 5]!;
        const d6 = values[from + k + 6]! - values[to + k + 6]!;
        distance += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5 + d6 * d6;
        if (distance >= farthest) break;
      }
      if (distance < leastOfA[i]!) {
        leastOfA[i] = distance;
        bestOfA[i] = j;
      }
      if (distance < leastOfB[j]!) {
        leastOfB[j] = distance;
        bestOfB[j] = i;
      }
    }
  }
  const matches: { from: number; to: number; distance: number }[] = [];
  for (let i = 0; i < aCount; i++) {
    const j = bestOfA[i]!;
    if (j >= 0 && bestOfB[j] === i) matches.push({ from: aStart + i, to: bStart + j, distance: leastOfA[i]! });
  }
  return matches.sort((p, q) => p.distance - q.distance || p.from - q.from).slice(0, mostMatches);
}

/** Finds the affine map that most pairs of points of two pictures agree with, if enough do. */
export function register(table: FeatureTable, a: number, b: number): Registration | undefined {
  const matches = matchPoints(table, a, b);
  if (matches.length < leastInliers) return undefined;
  const { places } = table;
  const count = matches.length;
  const px = matches.map(({ from }) => places[2 * from]!);
  const py = matches.map(({ from }) => places[2 * from + 1]!);
  const qx = matches.map(({ to }) => places[2 * to]!);
  const qy = matches.map(({ to }) => places[2 * to + 1]!);
  let bestCount = 0;
  let best: AffineMap | undefined;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const dx = px[j]! - px[i]!;
      const dy = py[j]! - py[i]!;
      const length = dx * dx + dy * dy;
      const ex = qx[j]! - qx[i]!;
      const ey = qy[j]! - qy[i]!;
      const scale = (ex * ex + ey * ey) / length;
      if (length < 150 || scale < 0.4 || scale > 2.5) continue;
      for (const mirror of [1, -1]) {
        // The similarity, mirrored or not, that takes both points to theirs.
        const c = (dx * ex + mirror * dy * ey) / length;
        const s = (mirror * dx * ey - dy * ex) / length;
        const map: AffineMap =
          mirror === 1
            ? [c, -s, qx[i]! - c * px[i]! + s * py[i]!, s, c, qy[i]! - s * px[i]! - c * py[i]!]
            : [c, -s, qx[i]! - c * px[i]! + s * py[i]!, -s, -c, qy[i]! + s * px[i]! + c * py[i]!];
        const agreed = countInliers(map, px, py, qx, qy, roughTolerance);
        if (agreed > bestCount) {
          bestCount = agreed;
          best = map;
        }
      }
    }
  }
  if (best === undefined || bestCount < leastInliers) return undefined;
  let map: AffineMap = best;
  for (const tolerance of [roughTolerance, 4, fineTolerance]) {
    const fitted = fitAffine(map, px, py, qx, qy, tolerance);
    if (fitted === undefined) return undefined;
    map = fitted;
  }
  const inliers = countInliers(map, px, py, qx, qy, fineTolerance);
  return inliers >= leastInliers && isPlausible(map) ? { map, inliers } : undefined;
}

/** No fold, and neither a great scaling nor a great shear. */
function isPlausible([a, b, , c, d]: AffineMap): boolean {
  const area = Math.abs(a * d - b * c);
  const squares = a * a + b * b + c * c + d * d;
  // With singular values s ≥ t: squares / area = s/t + t/s.
  return area > 0.3 && area < 3.3 && squares / area < 3.4;
}

function countInliers(
  [a, b, c, d, e, f]: AffineMap,
  px: readonly number[],
  py: readonly number[],
  qx: readonly number[],
  qy: readonly number[],
  tolerance: number,
): number {
  let count = 0;
  const limit = tolerance * tolerance;
  for (let i = 0; i < px.length; i++) {
    const x = a * px[i]! + b * py[i]! + c - qx[i]!;
    const y = d * px[i]! + e * py[i]! + f - qy[i]!;
    if (x * x + y * y <= limit) count++;
  }
  return count;
}
