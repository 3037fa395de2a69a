/** Model folders on disk. Writing is all or nothing: files are written beside their places and renamed, the description
 * last, so that a folder with a `model.json` is whole. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../../core/errors.ts';
import { decodeModelFolder, encodeModelFolder, modelFiles, type StoredModel } from '../model-folder.ts';
import { storageFailure } from './storage-failure.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

/** Writes a model folder, made where it is not there. @throws StorageError where it cannot be written */
export async function writeModelFolder(folder: string, model: StoredModel): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw storageFailure(folder, error);
  }
  for (const [name, bytes] of await encodeModelFolder(model)) await writeFileAtomic(join(folder, name), bytes);
}

/** Reads a model folder. @throws FormatError where it is not a whole model */
export async function readModelFolder(folder: string): Promise<StoredModel> {
  const files = new Map<string, Uint8Array>();
  for (const name of Object.values(modelFiles)) {
    try {
      files.set(name, await readFile(join(folder, name)));
    } catch (cause) {
      if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) continue;
      throw new FormatError(`${join(folder, name)}: expected to read it, received "${(cause as Error).message}".`, {
        cause,
      });
    }
  }
  return decodeModelFolder(folder, files);
}
