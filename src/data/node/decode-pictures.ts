/** Pictures to predict on: found under files and folders, decoded a few ahead, given out in order. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCodePoints } from '../code-point-order.ts';
import type { SkippedFile } from '../picture-file.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Samples } from '../pictures/raster.ts';
import { decodesAtOnce } from './decode/decode-raster.ts';
import { type DecodeOptions, decodePicture } from './decode-picture.ts';
import { PictureError } from './picture-error.ts';
import { walk } from './scan-folder.ts';

/** A picture that was asked for, or the reason why there is none. */
export type DecodeResult =
  | { readonly path: string; readonly pixels: Samples; readonly error?: never }
  | { readonly path: string; readonly error: PictureError; readonly pixels?: never };

/**
 * The paths of pictures under files and folders, classes or not. A file that is named is taken whatever its extension;
 * folders are searched with all folders inside, each sorted by path. A path where nothing is stays among the files:
 * decoding names it, and the others are answered all the same.
 *
 * @throws DataError where a folder cannot be read
 */
export async function listPictures(paths: readonly string[]): Promise<{ files: string[]; skipped: SkippedFile[] }> {
  const files: string[] = [];
  const skipped: SkippedFile[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const found = { files: [] as { path: string; sizeBytes: number }[], skipped: [] as SkippedFile[] };
    await walk(path, '', found);
    files.push(...found.files.map((file) => join(path, file.path)).sort(compareCodePoints));
    skipped.push(...found.skipped.map((file) => ({ ...file, path: join(path, file.path) })));
  }
  return { files, skipped };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Decodes pictures in order, a few ahead of what is asked for. A picture that does not decode is given out with its error.
 *
 * @example
 * for await (const { path, pixels, error } of decodePictures(files, model.preprocessing)) console.log(path, error ?? pixels);
 */
export async function* decodePictures(
  paths: readonly string[],
  preprocessing: Preprocessing,
  options: DecodeOptions = {},
): AsyncGenerator<DecodeResult, void, undefined> {
  const decode = async (path: string): Promise<DecodeResult> => {
    try {
      return { path, pixels: await decodePicture(path, preprocessing, options) };
    } catch (error) {
      if (error instanceof PictureError) return { path, error };
      throw error;
    }
  };
  const ahead: Promise<DecodeResult>[] = [];
  for (let index = 0; index < paths.length; index++) {
    while (ahead.length < decodesAtOnce && index + ahead.length < paths.length) {
      ahead.push(decode(paths[index + ahead.length]!));
    }
    yield await ahead.shift()!;
  }
}
