/** A perceptual hash whose eight forms under flips and quarter turns follow from one another: the signs of the lowest
 * frequencies of the cosine transform of a 32 × 32 grey picture. */
import type { PicturePlanes } from './small-picture.ts';

/** Side of the grey picture that is transformed, and frequencies kept in each direction. */
const side = 32;
const frequencies = 8;

/** A hash of 64 bits: which coefficients lie above their median size's sign. */
export interface PictureHash {
  /** The picture itself and its seven flips and turns, 2 words of 32 bits each: `[8, 2]`. */
  readonly forms: Uint32Array;
  /** Standard deviation of the grey picture: hashes of plain pictures say nothing. */
  readonly contrast: number;
}

/** cos((2x + 1)·u·π / 64) for x below 32 and u below 8. */
const cosines = Float64Array.from({ length: frequencies * side }, (_, at) =>
  Math.cos(((2 * (at % side) + 1) * Math.floor(at / side) * Math.PI) / (2 * side)),
);

/** Hashes a picture, stretched to a square. */
export function hashPicture({ luma, isContent, height, width }: PicturePlanes): PictureHash {
  const grey = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * side) / height) * side;
    for (let x = 0; x < width; x++) {
      if (isContent[y * width + x] === 0) continue;
      const to = row + Math.floor((x * side) / width);
      grey[to]! += luma[y * width + x]!;
      counts[to]!++;
    }
  }
  let sum = 0;
  let squares = 0;
  let seen = 0;
  for (let at = 0; at < grey.length; at++) {
    if (counts[at] === 0) continue;
    grey[at]! /= counts[at]!;
    sum += grey[at]!;
    squares += grey[at]! ** 2;
    seen++;
  }
  const mean = sum / Math.max(1, seen);
  const contrast = Math.sqrt(Math.max(0, squares / Math.max(1, seen) - mean * mean));
  // Filled borders, and rows that a low picture has no pixels for, get the mean: the hash is of the content.
  for (let at = 0; at < grey.length; at++) if (counts[at] === 0) grey[at] = mean;
  return { forms: formsOf(transform(grey)), contrast };
}

/** The lowest coefficients, `[vertical, horizontal]`. */
function transform(grey: Float64Array): Float64Array {
  const across = new Float64Array(side * frequencies);
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += grey[y * side + x]! * cosines[u * side + x]!;
      across[y * frequencies + u] = sum;
    }
  }
  const result = new Float64Array(frequencies * frequencies);
  for (let v = 0; v < frequencies; v++) {
    for (let u = 0; u < frequencies; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += across[y * frequencies + u]! * cosines[v * side + y]!;
      result[v * frequencies + u] = sum;
    }
  }
  return result;
}

/**
 * The hashes of all eight flips and turns. A mirrored picture changes the sign of odd frequencies; a transposed one swaps
 * both directions; the rest are combinations.
 */
function formsOf(coefficients: Float64Array): Uint32Array {
  const forms = new Uint32Array(16);
  for (let form = 0; form < 8; form++) {
    const isTransposed = (form & 4) !== 0;
    for (let v = 0; v < frequencies; v++) {
      for (let u = 0; u < frequencies; u++) {
        if (u === 0 && v === 0) continue;
        const sign = ((form & 1) === 0 || u % 2 === 0 ? 1 : -1) * ((form & 2) === 0 || v % 2 === 0 ? 1 : -1);
        const value = coefficients[isTransposed ? u * frequencies + v : v * frequencies + u]! * sign;
        const bit = v * frequencies + u;
        if (value > 0) forms[2 * form + (bit >> 5)]! |= 1 << (bit & 31);
      }
    }
  }
  return forms;
}

/** Bits that differ in two words. */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** A pair of pictures with near hashes. */
export interface NearHashes {
  readonly a: number;
  readonly b: number;
  /** Which form of `b` is near to `a`: bit 0 mirrored left to right, bit 1 top to bottom, bit 2 transposed first. */
  readonly form: number;
  /** Bits that differ, of 63. */
  readonly distance: number;
}

/** The least distance over the eight forms of two hashes, and the form. */
export function hashDistance(a: PictureHash, b: PictureHash): { distance: number; form: number } {
  let distance = 65;
  let best = 0;
  for (let form = 0; form < 8; form++) {
    const bits = countBits(a.forms[0]! ^ b.forms[2 * form]!) + countBits(a.forms[1]! ^ b.forms[2 * form + 1]!);
    if (bits < distance) {
      distance = bits;
      best = form;
    }
  }
  return { distance, form: best };
}

/**
 * Finds the pairs of hashes that differ in few bits, in any of the eight forms.
 *
 * Of four quarters of 16 bits one must be equal where at most three bits differ, and equal but for one bit where at most
 * seven do: only pictures that share such a quarter are compared.
 */
export function findNearHashes(hashes: readonly PictureHash[], most: number, leastContrast: number): NearHashes[] {
  const isUsed = hashes.map(({ contrast }) => contrast >= leastContrast);
  const quarters = Array.from({ length: 4 }, () => new Map<number, number[]>());
  for (const [picture, { forms }] of hashes.entries()) {
    if (!isUsed[picture]) continue;
    for (let quarter = 0; quarter < 4; quarter++) {
      const key = quarterOf(forms[0]!, forms[1]!, quarter);
      const list = quarters[quarter]!.get(key);
      if (list) list.push(picture);
      else quarters[quarter]!.set(key, [picture]);
    }
  }
  const found: NearHashes[] = [];
  const seen = new Int32Array(hashes.length).fill(-1);
  for (const [b, { forms }] of hashes.entries()) {
    if (!isUsed[b]) continue;
    for (let form = 0; form < 8; form++) {
      for (let quarter = 0; quarter < 4; quarter++) {
        const key = quarterOf(forms[2 * form]!, forms[2 * form + 1]!, quarter);
        for (let flip = -1; flip < (most > 3 ? 16 : 0); flip++) {
          for (const a of quarters[quarter]!.get(flip < 0 ? key : key ^ (1 << flip)) ?? []) {
            if (a >= b || seen[a] === b) continue;
            const near = hashDistance(hashes[a]!, hashes[b]!);
            if (near.distance > most) continue;
            seen[a] = b;
            found.push({ a, b, ...near });
          }
        }
      }
    }
  }
  return found;
}

function quarterOf(low: number, high: number, quarter: number): number {
  const word = quarter < 2 ? low : high;
  return (quarter % 2 === 0 ? word : word >>> 16) & 0xffff;
}
