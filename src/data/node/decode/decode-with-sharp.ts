/** JPEG, PNG, WebP, GIF, AVIF and most TIFF by sharp, in libuv's threads: upright, in sRGB, of full size. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Samples } from '../../pictures/raster.ts';
import {
  checkPixelLimit,
  type DecodedRaster,
  defaultPixelLimit,
  pageNotes,
  type RasterOptions,
  type RunJob,
  weightOf,
} from './decode-options.ts';
import type { PictureFormat } from './picture-format.ts';

let isPrepared = false;

/** A file as sharp opens it; each picture has one thread: many small pictures at once go faster than one at a time on all
 * cores (measured: 1.4 times on two cores). */
export function openWithSharp(bytes: Uint8Array): Sharp {
  if (!isPrepared) sharp.concurrency(1);
  isPrepared = true;
  return sharp(bytes, { failOn: 'error', limitInputPixels: false });
}

/** Decodes a file whose channels are colours. */
export async function decodeWithSharp(
  name: string,
  bytes: Uint8Array,
  format: PictureFormat,
  { pixelLimit = defaultPixelLimit }: RasterOptions,
  run: RunJob,
): Promise<DecodedRaster> {
  const metadata = await run(1, () => openWithSharp(bytes).metadata());
  checkPixelLimit(name, metadata.width, metadata.height, pixelLimit);
  const pageCount = metadata.pages ?? 1;
  const picture = openWithSharp(bytes).autoOrient().toColourspace(spaceOf(metadata));
  const { data, width, height, channels } = await run(weightOf(metadata.width * metadata.height), () =>
    readSamples(picture, metadata.depth === 'ushort' ? 'ushort' : 'uchar'),
  );
  const raster = { data, height, width, channels, isMultichannel: false };
  return { raster, pageCount, format, notes: pageNotes(pageCount) };
}

/** Grey stays one channel where no profile says what its grey is, and nothing is transparent. Samples of 16 bits stay so:
 * libvips would round them to 8, where their upper 8 bits are meant. */
function spaceOf({ space, hasAlpha, hasProfile, depth }: Metadata): string {
  const isGrey = (space === 'b-w' || space === 'grey16') && !hasAlpha && !hasProfile;
  if (depth === 'ushort') return isGrey ? 'grey16' : 'rgb16';
  return isGrey ? 'b-w' : 'srgb';
}

/** The samples of a pipeline, as an array of their type. */
export async function readSamples(
  picture: Sharp,
  depth: 'uchar' | 'ushort' | 'float',
): Promise<{ data: Samples; width: number; height: number; channels: number }> {
  const { data, info } = await picture.raw({ depth }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (depth === 'uchar') return { data, width, height, channels };
  const size = depth === 'ushort' ? 2 : 4;
  const { buffer, byteOffset, byteLength } = data.byteOffset % size === 0 ? data : new Uint8Array(data);
  const samples =
    depth === 'ushort'
      ? new Uint16Array(buffer, byteOffset, byteLength / size)
      : new Float32Array(buffer, byteOffset, byteLength / size);
  return { data: samples, width, height, channels };
}
