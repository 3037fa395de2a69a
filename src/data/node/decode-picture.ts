/** One picture from its file to the bytes that the network sees: the only decoder in Node, for training and prediction
 * alike. sharp works in libuv's threads, so nothing here blocks the event loop for long. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import sharp, { type Metadata } from 'sharp';

import type { Preprocessing } from '../preprocessing.ts';
import { PictureError } from './picture-error.ts';
import { prepareElsewhere } from './prepare-elsewhere.ts';
import { Slots } from './slots.ts';

/** The extensions of the formats that sharp's prebuilt binaries decode, in lower case. */
export const pictureExtensions: readonly string[] = '.avif .gif .jfif .jpe .jpeg .jpg .png .tif .tiff .webp'.split(' ');

/** The largest picture that is read, in pixels, unless `pixelLimit` says otherwise: 16,383 × 16,383, sharp's own limit. */
export const defaultPixelLimit: number = 16_383 ** 2;

/** Pictures above this many pixels are decoded alone: interlaced and WebP ones are held whole while they are read. */
const heavyPixels = 20_000_000;

/** Files and decoders in flight: more than libuv's threads, so that none waits for the main thread. */
export const decodesAtOnce: number = Math.max(8, 2 * availableParallelism());

const slots = new Slots(decodesAtOnce);
const formats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'];
let isPrepared = false;

/** What may be set when a picture is decoded. */
export interface DecodeOptions {
  /** The largest picture that is read, in pixels (height × width); by default 268,402,689. */
  pixelLimit?: number;
}

/** A picture as the network sees it, and what its file said. */
export interface DecodedPicture {
  /** uint8 `[height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** Pages or frames in the file; the first one is used. */
  readonly pageCount: number;
}

/**
 * Decodes a picture as training does: upright by its EXIF orientation, in 8-bit sRGB, transparent parts on white,
 * stretched to the size. The first page or frame is used.
 *
 * @param source the path of a file, or its content
 * @returns uint8 `[height, width, channels]`
 * @throws DataError where the file cannot be read or decoded, or has more pixels than the limit
 * @example
 * const pixels = await decodePicture('cell.jpg', createPreprocessing({ size: 150 }));
 */
export async function decodePicture(
  source: string | Uint8Array,
  preprocessing: Preprocessing,
  options: DecodeOptions = {},
): Promise<Uint8Array> {
  const isPath = typeof source === 'string';
  const bytes = isPath ? await readPicture(source, source) : source;
  const { pixels } = await decodeBytes(isPath ? source : 'picture', bytes, preprocessing, options);
  return pixels;
}

/** The content of a picture's file. @throws PictureError where it cannot be read */
export async function readPicture(path: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isGone = code === 'ENOENT';
    const detail = isGone ? 'a path where nothing is' : `a file that cannot be read (${message})`;
    throw new PictureError(name, 'unreadable', detail, { cause, ...(isGone && { advice: 'Check the path.' }) });
  }
}

/** Decodes a file's content. @param name what messages call it */
export async function decodeBytes(
  name: string,
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  options: DecodeOptions = {},
): Promise<DecodedPicture> {
  if (bytes.length === 0) throw new PictureError(name, 'empty file', 'an empty file');
  prepareSharp();
  const pixelLimit = options.pixelLimit ?? defaultPixelLimit;
  try {
    return await decode(name, bytes, preprocessing, pixelLimit, (weight, job) => slots.run(weight, job));
  } catch (error) {
    if (error instanceof PictureError) throw error;
  }
  // libvips keeps one error text for all threads: only alone is it sure to be about this picture.
  return await slots.run(slots.capacity, async () => {
    try {
      return await decode(name, bytes, preprocessing, pixelLimit, (_, job) => job());
    } catch (cause) {
      if (cause instanceof PictureError) throw cause;
      const said = (cause as Error).message.split('\n')[0];
      throw new PictureError(name, 'undecodable', `a file that does not decode (${said})`, { cause });
    }
  });
}

async function decode(
  name: string,
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  pixelLimit: number,
  run: <Result>(weight: number, job: () => Promise<Result>) => Promise<Result>,
): Promise<DecodedPicture> {
  const picture = sharp(bytes, { failOn: 'error', limitInputPixels: false, autoOrient: true });
  const metadata = await run(1, () => picture.metadata());
  checkMetadata(name, metadata, pixelLimit);
  const weight = metadata.width * metadata.height > heavyPixels ? slots.capacity : 1;
  const raster = await run(weight, async () => {
    const { data, info } = await picture
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { height, width, channels } = info;
    return { data, height, width, channels, isMultichannel: false };
  });
  const pixels = await prepareElsewhere(raster, preprocessing);
  return { pixels: pixels as Uint8Array, pageCount: metadata.pages ?? 1 };
}

function checkMetadata(name: string, { format, width, height }: Metadata, pixelLimit: number): void {
  if (!formats.includes(format)) {
    throw new PictureError(name, 'undecodable', `a file that does not decode (its content is ${format})`);
  }
  if (width * height > pixelLimit) {
    throw new PictureError(
      name,
      'over the pixel limit',
      `${width} × ${height} pixels, which is over the limit of ${pixelLimit}`,
    );
  }
}

/** One thread for each picture: many small pictures at once go faster than one at a time on all cores (measured: 1.4 times on two cores). */
function prepareSharp(): void {
  if (isPrepared) return;
  isPrepared = true;
  sharp.concurrency(1);
}
