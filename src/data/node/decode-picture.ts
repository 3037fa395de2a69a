/** One picture from its file to the bytes that the network sees: the only decoder in Node, for training and prediction
 * alike. sharp works in libuv's threads, so nothing here blocks the event loop for long. */
import { readFile } from 'node:fs/promises';
import { DataError } from '../../core/errors.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Samples } from '../pictures/raster.ts';
import { useRaster } from './decode/decode-raster.ts';
import { PictureError } from './picture-error.ts';
import { prepareElsewhere } from './prepare-elsewhere.ts';

/** The extensions of the formats that are read, in lower case. */
export const pictureExtensions: readonly string[] =
  '.avif .bmp .dib .gif .jfif .jpe .jpeg .jpg .png .tif .tiff .webp'.split(' ');

/** What may be set when a picture is decoded. */
export interface DecodeOptions {
  /** The largest picture that is read, in pixels (height × width); by default 120,000,000. */
  pixelLimit?: number;
}

/** A picture as the network sees it, and what its file said. */
export interface DecodedPicture {
  /** `[height, width, channels]` in the record's sample type. */
  readonly pixels: Samples;
  /** Pages or frames in the file; the first one is used. */
  readonly pageCount: number;
}

/**
 * Decodes a picture as training does: upright by its EXIF orientation, in sRGB, with the colours, the size and the samples
 * of the record. The first page or frame is used.
 *
 * @param source the path of a file, or its content
 * @returns `[height, width, channels]` in the record's sample type, without its scaling
 * @throws DataError where the file cannot be read or decoded, has more pixels than the limit, or other channels or samples
 *   than the record can use
 * @example
 * const pixels = await decodePicture('cell.jpg', createPreprocessing({ size: 150 }));
 */
export async function decodePicture(
  source: string | Uint8Array,
  preprocessing: Preprocessing,
  options: DecodeOptions = {},
): Promise<Samples> {
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
  return await useRaster(name, bytes, options, async ({ raster, pageCount }) => {
    try {
      return { pixels: await prepareElsewhere(raster, preprocessing), pageCount };
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause;
      throw unsuitable(name, cause);
    }
  });
}

/** The error for a picture that decodes, and whose samples or channels are not what the model sees. */
function unsuitable(name: string, cause: DataError): PictureError {
  const [, said = cause.message] = /^picture: expected (.*)$/s.exec(cause.message) ?? [];
  const [expected = said, rest = ''] = said.split(', received ');
  const [received = rest, ...advice] = rest.split('. ');
  return new PictureError(name, 'unsuitable', `${received}, where ${expected} are expected`, {
    cause,
    advice: advice.join('. '),
  });
}
