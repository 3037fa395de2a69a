/** Local features: points that are found again in turned, mirrored, sheared and shifted copies, each with numbers of its
 * surroundings that do not change when the picture turns or is mirrored. */
import type { PicturePlanes } from './small-picture.ts';

/** Most points of a picture. */
export const mostPoints = 48;
/** Numbers that describe a point; a multiple of seven, which loops over them rely on. */
export const featureLength = 28;

const radii = [2.5, 5, 7.5, 10.5] as const;
const angles = 16;
/** Nearer to a border than this nothing is looked for: the rings would leave the picture. */
const margin = 9;

/** The points of a picture. */
export interface LocalFeatures {
  readonly count: number;
  /** `[count, 2]`: x and y in pixels of the small picture. */
  readonly places: Float32Array;
  /** `[count, featureLength]`. */
  readonly values: Float32Array;
}

/** Smooths by (1 4 6 4 1)/16 in both directions with holes of `step` pixels (à trous); borders repeat. */
function smooth(plane: Float32Array, height: number, width: number, step: number): Float32Array {
  const across = new Float32Array(plane.length);
  const inner = Math.max(2 * step, width - 2 * step);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      // Between the borders no place needs a check: twice as fast.
      if (x === 2 * step) x = smoothInside(plane, across, row, inner, step);
      if (x === width) break;
      const l1 = x >= step ? x - step : 0;
      const l2 = x >= 2 * step ? x - 2 * step : 0;
      const r1 = x + step < width ? x + step : width - 1;
      const r2 = x + 2 * step < width ? x + 2 * step : width - 1;
      across[row + x] =
        0.375 * plane[row + x]! +
        0.25 * (plane[row + l1]! + plane[row + r1]!) +
        0.0625 * (plane[row + l2]! + plane[row + r2]!);
    }
  }
  const result = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const u1 = (y >= step ? y - step : 0) * width;
    const u2 = (y >= 2 * step ? y - 2 * step : 0) * width;
    const d1 = (y + step < height ? y + step : height - 1) * width;
    const d2 = (y + 2 * step < height ? y + 2 * step : height - 1) * width;
    for (let x = 0; x < width; x++) {
      result[row + x] =
        0.375 * across[row + x]! +
        0.25 * (across[u1 + x]! + across[d1 + x]!) +
        0.0625 * (across[u2 + x]! + across[d2 + x]!);
    }
  }
  return result;
}

/** The part of a row that lies two steps from both ends. @returns where it ends */
function smoothInside(plane: Float32Array, across: Float32Array, row: number, end: number, step: number): number {
  const two = 2 * step;
  for (let at = row + two; at < row + end; at++) {
    across[at] =
      0.375 * plane[at]! +
      0.25 * (plane[at - step]! + plane[at + step]!) +
      0.0625 * (plane[at - two]! + plane[at + two]!);
  }
  return end;
}

/** Replaces filled borders by the content's mean, so that their edges draw less attention. */
function withoutFill(plane: Float32Array, isContent: Uint8Array): { plane: Float32Array; mean: number } {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < plane.length; i++) {
    if (isContent[i] === 0) continue;
    sum += plane[i]!;
    count++;
  }
  const mean = sum / Math.max(1, count);
  const filled = plane.slice();
  for (let i = 0; i < plane.length; i++) if (isContent[i] === 0) filled[i] = mean;
  return { plane: filled, mean };
}

/** Pixels whose surroundings are all content: 1, else 0. */
function insideOf({ isContent, height, width }: PicturePlanes): Uint8Array {
  // Counts of holes in a summed-area table answer each square with four reads.
  const stride = width + 1;
  const holes = new Int32Array((height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += 1 - isContent[y * width + x]!;
      holes[(y + 1) * stride + x + 1] = holes[y * stride + x + 1]! + row;
    }
  }
  const inside = new Uint8Array(height * width);
  const half = margin - 1;
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) {
      const top = (y - half) * stride;
      const bottom = (y + half + 1) * stride;
      const right = x + half + 1;
      const count = holes[bottom + right]! - holes[bottom + x - half]! - holes[top + right]! + holes[top + x - half]!;
      inside[y * width + x] = count === 0 ? 1 : 0;
    }
  }
  return inside;
}

/** Places of the strongest extremes of a difference of smoothed planes. */
function findExtremes(
  fine: Float32Array,
  coarse: Float32Array,
  inside: Uint8Array,
  height: number,
  width: number,
  reach: number,
): { place: number; strength: number }[] {
  const difference = new Float32Array(fine.length);
  for (let i = 0; i < fine.length; i++) difference[i] = fine[i]! - coarse[i]!;
  const found: { place: number; strength: number }[] = [];
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) {
      const place = y * width + x;
      if (inside[place] === 0) continue;
      const value = difference[place]!;
      const sign = value > 0 ? 1 : -1;
      const strength = value * sign;
      if (strength < 1) continue;
      if (isExtreme(difference, place, width, sign, strength, reach)) found.push({ place, strength });
    }
  }
  return found.sort((a, b) => b.strength - a.strength || a.place - b.place);
}

function isExtreme(
  difference: Float32Array,
  place: number,
  width: number,
  sign: number,
  strength: number,
  reach: number,
): boolean {
  // Direct neighbours first: they refuse nearly all.
  if (difference[place - 1]! * sign > strength || difference[place + 1]! * sign >= strength) return false;
  if (difference[place - width]! * sign > strength || difference[place + width]! * sign >= strength) return false;
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if ((dx !== 0 || dy !== 0) && difference[place + dy * width + dx]! * sign > strength) return false;
    }
  }
  return true;
}

const cosines = Array.from({ length: angles }, (_, i) => Math.cos((2 * Math.PI * i) / angles));
const sines = Array.from({ length: angles }, (_, i) => Math.sin((2 * Math.PI * i) / angles));

/** Finds and describes the points of a picture. */
export function findLocalFeatures(planes: PicturePlanes): LocalFeatures {
  const { height, width, isContent } = planes;
  const luma = withoutFill(planes.luma, isContent);
  const blue = withoutFill(planes.blue, isContent);
  const red = withoutFill(planes.red, isContent);
  const fine = smooth(luma.plane, height, width, 1);
  const middle = smooth(fine, height, width, 2);
  const coarse = smooth(middle, height, width, 4);
  const wide = smooth(coarse, height, width, 8);
  const inside = insideOf(planes);
  const points = [
    ...findExtremes(middle, coarse, inside, height, width, 2).slice(0, mostPoints - 16),
    ...findExtremes(coarse, wide, inside, height, width, 3).slice(0, 16),
  ];
  const blueFine = smooth(blue.plane, height, width, 2);
  const redFine = smooth(red.plane, height, width, 2);
  const places = new Float32Array(points.length * 2);
  const values = new Float32Array(points.length * featureLength);
  const ring = new Float32Array(angles);
  for (const [index, { place }] of points.entries()) {
    const x = place % width;
    const y = (place - x) / width;
    places[2 * index] = x;
    places[2 * index + 1] = y;
    let at = index * featureLength;
    values[at++] = middle[place]! - luma.mean;
    values[at++] = blueFine[place]! - blue.mean;
    values[at++] = redFine[place]! - red.mean;
    values[at++] = fine[place]! - coarse[place]!;
    for (const radius of radii) {
      const plane = radius < 5 ? fine : middle;
      let lumaSum = 0;
      let blueSum = 0;
      let redSum = 0;
      for (let angle = 0; angle < angles; angle++) {
        const column = Math.min(width - 1, Math.max(0, Math.round(x + radius * cosines[angle]!)));
        const row = Math.min(height - 1, Math.max(0, Math.round(y + radius * sines[angle]!)));
        const from = row * width + column;
        ring[angle] = plane[from]!;
        lumaSum += plane[from]!;
        blueSum += blueFine[from]!;
        redSum += redFine[from]!;
      }
      values[at++] = lumaSum / angles - luma.mean;
      values[at++] = blueSum / angles - blue.mean;
      values[at++] = redSum / angles - red.mean;
      for (let harmonic = 1; harmonic <= 3; harmonic++) values[at++] = amplitude(ring, harmonic);
    }
  }
  return { count: points.length, places, values };
}

/** |Fourier coefficient| of a ring: the same wherever the ring begins and whichever way it runs. */
function amplitude(ring: Float32Array, harmonic: number): number {
  let real = 0;
  let imaginary = 0;
  for (let angle = 0; angle < angles; angle++) {
    const phase = (angle * harmonic) % angles;
    real += ring[angle]! * cosines[phase]!;
    imaginary += ring[angle]! * sines[phase]!;
  }
  return (2 * Math.hypot(real, imaginary)) / angles;
}
