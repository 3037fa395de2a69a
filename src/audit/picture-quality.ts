/** Numbers that tell blurred, dark, bright and empty pictures, and which pictures stand out from their set. */
import type { PicturePlanes } from './small-picture.ts';

/** Measures of one picture, of its content without filled borders. */
export interface PictureQuality {
  /** Variance of the Laplacian of luma at the described size. */
  readonly sharpness: number;
  /** Mean luma, 0…255. */
  readonly brightness: number;
  /** Standard deviation of luma. */
  readonly contrast: number;
  /** Bits: entropy of luma in 64 steps, 0…6. */
  readonly entropy: number;
  /** Share of the picture that is a filled border. */
  readonly filledShare: number;
}

/** Measures a picture. */
export function measureQuality({ luma, isContent, height, width, filledShare }: PicturePlanes): PictureQuality {
  const histogram = new Float64Array(64);
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < luma.length; at++) {
    if (isContent[at] === 0) continue;
    const value = luma[at]!;
    histogram[Math.min(63, value >> 2)]!++;
    count++;
    sum += value;
    squares += value * value;
  }
  const brightness = sum / Math.max(1, count);
  let entropy = 0;
  for (const found of histogram) if (found > 0) entropy -= (found / count) * Math.log2(found / count);
  return {
    sharpness: laplacianVariance(luma, isContent, height, width),
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / Math.max(1, count) - brightness ** 2)),
    entropy,
    filledShare,
  };
}

function laplacianVariance(luma: Float32Array, isContent: Uint8Array, height: number, width: number): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (
        !(isContent[at]! & isContent[at - 1]! & isContent[at + 1]! & isContent[at - width]! & isContent[at + width]!)
      ) {
        continue;
      }
      const value = luma[at - 1]! + luma[at + 1]! + luma[at - width]! + luma[at + width]! - 4 * luma[at]!;
      count++;
      sum += value;
      squares += value * value;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

/** What can be wrong with a picture. */
export type QualityFlag = 'blurred' | 'dark' | 'bright' | 'low information' | 'odd aspect';

/** A picture's measures and its size in the file. */
export interface MeasuredPicture {
  readonly quality: PictureQuality;
  readonly height: number;
  readonly width: number;
}

/** So many robust standard deviations from the median a picture stands out of its set. */
const outlying = 3.5;

/** Flags for each picture: it must stand out of the set, and be far from what pictures usually are; or be extreme. */
export function flagQuality(pictures: readonly MeasuredPicture[]): QualityFlag[][] {
  const sharpness = robust(pictures.map(({ quality }) => Math.log(quality.sharpness + 1e-3)));
  const brightness = robust(pictures.map(({ quality }) => quality.brightness));
  const entropy = robust(pictures.map(({ quality }) => quality.entropy));
  const aspect = robust(pictures.map(({ width, height }) => Math.log(width / height)));
  return pictures.map(({ quality, width, height }) => {
    const flags: QualityFlag[] = [];
    const logSharpness = Math.log(quality.sharpness + 1e-3);
    const isBlurred = outlies(logSharpness, sharpness) < -outlying && logSharpness < sharpness.median - Math.log(4);
    if (isBlurred) flags.push('blurred');
    const light = outlies(quality.brightness, brightness);
    if (quality.brightness < 12 || (light < -outlying && quality.brightness < 60)) flags.push('dark');
    if (quality.brightness > 250 || (light > outlying && quality.brightness > 200)) flags.push('bright');
    const isEmpty = quality.entropy < 0.5 || (outlies(quality.entropy, entropy) < -outlying && quality.entropy < 2.5);
    if (isEmpty) flags.push('low information');
    if (Math.abs(Math.log(width / height) - aspect.median) > Math.log(1.8)) flags.push('odd aspect');
    return flags;
  });
}

interface Robust {
  readonly median: number;
  /** 1.4826 times the median absolute deviation: the standard deviation, were the values normal. */
  readonly deviation: number;
}

function robust(values: readonly number[]): Robust {
  const median = medianOf(values);
  return { median, deviation: 1.4826 * medianOf(values.map((value) => Math.abs(value - median))) };
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function outlies(value: number, { median, deviation }: Robust): number {
  return deviation === 0
    ? Math.sign(value - median) * (value === median ? 0 : Number.MAX_VALUE)
    : (value - median) / deviation;
}
