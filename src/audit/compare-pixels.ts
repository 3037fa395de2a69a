/** Compares the pixels of two small pictures under a map from one to the other. */
import type { AffineMap } from './fit-affine.ts';

/** A small grey picture to compare pixels of. */
export interface GreyPicture {
  readonly data: Uint8Array;
  readonly isContent: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** How alike the pixels are where both pictures lie under a map. */
export interface PixelAgreement {
  /** Pearson's correlation, −1…1. */
  readonly correlation: number;
  /** Share of a's content that lies on b's. */
  readonly overlap: number;
}

/**
 * Compares pixels under a map.
 *
 * @param scale pixels of the maps' pictures to a pixel of these
 */
export function comparePixels(a: GreyPicture, b: GreyPicture, map: AffineMap, scale: number): PixelAgreement {
  const [m0, m1, m2, m3, m4, m5] = map;
  let n = 0;
  let seen = 0;
  let sa = 0;
  let sb = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  const shift = (scale - 1) / 2;
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const from = y * a.width + x;
      if (a.isContent[from] === 0) continue;
      seen++;
      const fx = x * scale + shift;
      const fy = y * scale + shift;
      const tx = (m0 * fx + m1 * fy + m2 - shift) / scale;
      const ty = (m3 * fx + m4 * fy + m5 - shift) / scale;
      if (tx < 0 || ty < 0 || tx > b.width - 1 || ty > b.height - 1) continue;
      const column = Math.min(Math.floor(tx), b.width - 2);
      const row = Math.min(Math.floor(ty), b.height - 2);
      const to = row * b.width + column;
      if (b.isContent[to] === 0 || b.isContent[to + b.width + 1] === 0) continue;
      const u = tx - column;
      const v = ty - row;
      const top = b.data[to]! * (1 - u) + b.data[to + 1]! * u;
      const bottom = b.data[to + b.width]! * (1 - u) + b.data[to + b.width + 1]! * u;
      const q = top * (1 - v) + bottom * v;
      const p = a.data[from]!;
      n++;
      sa += p;
      sb += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  if (n < 40) return { correlation: 0, overlap: 0 };
  const variance = (aa - (sa * sa) / n) * (bb - (sb * sb) / n);
  const correlation = variance > 0 ? (ab - (sa * sb) / n) / Math.sqrt(variance) : 0;
  return { correlation, overlap: n / seen };
}
