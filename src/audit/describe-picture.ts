/** All that the audit keeps of one picture: computed once when it is decoded, small enough for a hundred thousand of them. */
import type { GreyPicture } from './compare-pixels.ts';
import { findLocalFeatures, type LocalFeatures } from './local-features.ts';
import { hashPicture, type PictureHash } from './perceptual-hash.ts';
import { measureQuality, type PictureQuality } from './picture-quality.ts';
import { type PicturePlanes, type SmallPicture, splitPlanes } from './small-picture.ts';

/** The longer side of the pictures that `describePicture` is made for. */
export const describedSize = 128;

/** What the audit knows of a picture's content. */
export interface PictureDescription {
  readonly features: LocalFeatures;
  /** Smaller by `greyScale` in both directions. */
  readonly grey: GreyPicture;
  readonly hash: PictureHash;
  /** Shares of 64 colours, 4 steps in each of red, green and blue; they add up to 1. */
  readonly colours: Float32Array;
  readonly quality: PictureQuality;
}

/** Pixels of the described picture to one of `grey`, in both directions. */
export const greyScale = 4;

/**
 * Describes a picture.
 *
 * @param picture its longer side `describedSize` pixels, enlarged where it was smaller
 */
export function describePicture(picture: SmallPicture): PictureDescription {
  const planes = splitPlanes(picture);
  return {
    features: findLocalFeatures(planes),
    grey: shrinkLuma(planes),
    hash: hashPicture(planes),
    colours: countColours(picture, planes.isContent),
    quality: measureQuality(planes),
  };
}

/** Means of squares of luma; a square is content where all of it is. */
function shrinkLuma({ luma, isContent, height, width }: PicturePlanes): GreyPicture {
  const rows = Math.max(1, Math.floor(height / greyScale));
  const columns = Math.max(1, Math.floor(width / greyScale));
  const data = new Uint8Array(rows * columns);
  const content = new Uint8Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      let count = 0;
      let inside = 0;
      for (let v = y * greyScale; v < Math.min(height, (y + 1) * greyScale); v++) {
        for (let u = x * greyScale; u < Math.min(width, (x + 1) * greyScale); u++) {
          sum += luma[v * width + u]!;
          inside += isContent[v * width + u]!;
          count++;
        }
      }
      data[y * columns + x] = Math.round(sum / count);
      content[y * columns + x] = inside === count ? 1 : 0;
    }
  }
  return { data, isContent: content, height: rows, width: columns };
}

function countColours({ data }: SmallPicture, isContent: Uint8Array): Float32Array {
  const counts = new Float32Array(64);
  let total = 0;
  for (let pixel = 0, at = 0; pixel < isContent.length; pixel++, at += 3) {
    if (isContent[pixel] === 0) continue;
    counts[((data[at]! >> 6) << 4) | ((data[at + 1]! >> 6) << 2) | (data[at + 2]! >> 6)]!++;
    total++;
  }
  for (let colour = 0; colour < 64; colour++) counts[colour]! /= Math.max(1, total);
  return counts;
}
