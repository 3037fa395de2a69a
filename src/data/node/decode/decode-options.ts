/** What a decoder is asked for and what it gives: shared by the decoders of all formats. */
import type { Raster } from '../../pictures/raster.ts';
import { PictureError } from '../picture-error.ts';
import type { PictureFormat } from './picture-format.ts';

/** The largest picture that is read, in pixels, unless `pixelLimit` says otherwise: 480 MB as RGBA, and more than cameras of 108 million pixels give. */
export const defaultPixelLimit: number = 120_000_000;

/** What may be set when a file is decoded. */
export interface RasterOptions {
  /** The largest picture that is read, in pixels (height × width); by default 120,000,000. */
  pixelLimit?: number;
}

/** A decoded file. */
export interface DecodedRaster {
  readonly raster: Raster;
  /** Pages or frames in the file; the first one is used. */
  readonly pageCount: number;
  readonly format: PictureFormat;
  /** What a person should know: that there are further pages, for instance. */
  readonly notes: readonly string[];
}

/** Runs a decoder's job: `weight` says how many places of the others it takes. */
export type RunJob = <Result>(weight: number, job: () => Promise<Result>) => Promise<Result>;

/** Pictures above this many pixels are decoded alone: they are held whole. */
const heavyPixels = 20_000_000;

/** How many places a picture takes. */
export const weightOf = (pixels: number): number => (pixels > heavyPixels ? Number.MAX_SAFE_INTEGER : 1);

/** @throws PictureError where a picture has more pixels than the limit */
export function checkPixelLimit(name: string, width: number, height: number, pixelLimit: number): void {
  if (width * height <= pixelLimit) return;
  const detail = `${width} × ${height} pixels, which is over the limit of ${pixelLimit}`;
  throw new PictureError(name, 'over the pixel limit', detail);
}

/** What is said of a file of several pages; nothing of one page. */
export function pageNotes(pageCount: number): string[] {
  return pageCount > 1 ? [`${pageCount} pages or frames, of which the first one is used`] : [];
}
