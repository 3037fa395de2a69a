/** Model folders on disk. Writing is all or nothing: files are written beside their places and renamed, the description
 * last, so that a folder with a `model.json` is whole. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError, StorageError } from '../../core/errors.ts';
import { decodeModelFolder, encodeModelFolder, modelFiles, type StoredModel } from '../model-folder.ts';

/** Writes bytes to a file that is there whole or not at all, also after a crash. @throws StorageError where it cannot be written */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.partial`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new StorageError(
      `${file}: expected to write ${bytes.length} bytes, received "${(cause as Error).message}". Free space or name another folder.`,
      {
        cause,
      },
    );
  }
}

/** Writes a model folder, made where it is not there. @throws StorageError where it cannot be written */
export async function writeModelFolder(folder: string, model: StoredModel): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new StorageError(
      `${folder}: expected to make the folder, received "${(cause as Error).message}". Name another one.`,
      { cause },
    );
  }
  for (const [name, bytes] of await encodeModelFolder(model)) await writeWhole(join(folder, name), bytes);
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
