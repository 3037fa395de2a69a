/** Any picture file to a raster: the format is told by the content, the decoders are in the files beside this one. */
import { availableParallelism } from 'node:os';
import { PictureError } from '../picture-error.ts';
import { Slots } from '../slots.ts';
import { decodeBmp } from './decode-bmp.ts';
import type { DecodedRaster, RasterOptions, RunJob } from './decode-options.ts';
import { decodeTiff } from './decode-tiff.ts';
import { decodeWithSharp } from './decode-with-sharp.ts';
import { type PictureFormat, pictureFormatOf } from './picture-format.ts';

/** Files and decoders in flight: more than libuv's threads, so that none waits for the main thread. */
export const decodesAtOnce: number = Math.max(8, 2 * availableParallelism());

const slots = new Slots(decodesAtOnce);

/**
 * Decodes the content of a file: upright by its EXIF orientation, colours in sRGB, of full size. The first page or frame is
 * used; samples are as deep as the file has them.
 *
 * @param name what messages call it
 * @throws PictureError where it does not decode, or has more pixels than the limit
 * @example
 * const { raster } = await decodeRaster('stack.tif', await readFile('stack.tif'));
 */
export function decodeRaster(name: string, bytes: Uint8Array, options: RasterOptions = {}): Promise<DecodedRaster> {
  return useRaster(name, bytes, options, async (decoded) => decoded);
}

/** Decodes a file as `decodeRaster`, and uses what comes of it: of large pictures, one at a time is decoded and used. */
export async function useRaster<Result>(
  name: string,
  bytes: Uint8Array,
  options: RasterOptions,
  use: (decoded: DecodedRaster) => Promise<Result>,
): Promise<Result> {
  const format = checkFormat(name, bytes);
  let giveBack = () => {};
  const run: RunJob = async (weight, job) => {
    if (weight === 1) return await slots.run(1, job);
    giveBack = await slots.take(weight);
    return await job();
  };
  try {
    let decoded: DecodedRaster;
    try {
      decoded = await decode(name, bytes, format, options, run);
    } catch (error) {
      if (error instanceof PictureError) throw error;
      giveBack();
      // libvips keeps one error text for all threads: only alone is it sure to be about this picture.
      giveBack = await slots.take(slots.capacity);
      decoded = await decodeAlone(name, bytes, format, options);
    }
    return await use(decoded);
  } finally {
    giveBack();
  }
}

async function decodeAlone(
  name: string,
  bytes: Uint8Array,
  format: PictureFormat,
  options: RasterOptions,
): Promise<DecodedRaster> {
  try {
    return await decode(name, bytes, format, options, (_, job) => job());
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw undecodable(name, cause);
  }
}

/** The format of a file. @throws PictureError for an empty file, and content that is none of the formats */
export function checkFormat(name: string, bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new PictureError(name, 'empty file', 'an empty file');
  const format = pictureFormatOf(bytes);
  if (format) return format;
  throw new PictureError(name, 'undecodable', `a file that does not decode (${describeContent(bytes)})`);
}

/** The error for what a decoder said. */
export function undecodable(name: string, cause: unknown): PictureError {
  const said = (cause as Error).message.split('\n')[0];
  return new PictureError(name, 'undecodable', `a file that does not decode (${said})`, { cause });
}

function describeContent(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  if (/<svg/i.test(start)) return 'its content is svg';
  return 'its content is an unsupported image format';
}

function decode(
  name: string,
  bytes: Uint8Array,
  format: PictureFormat,
  options: RasterOptions,
  run: RunJob,
): Promise<DecodedRaster> {
  if (format === 'tiff') return decodeTiff(name, bytes, options, run);
  if (format === 'bmp') return run(1, async () => decodeBmp(name, bytes, options));
  return decodeWithSharp(name, bytes, format, options, run);
}
