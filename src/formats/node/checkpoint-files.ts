/** Checkpoints on disk: a folder that is replaced whole, so that a process which dies at any moment leaves the last one. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { checkpointFiles, decodeCheckpoint, encodeCheckpoint, type StoredCheckpoint } from '../checkpoint.ts';
import { recoverFolder, replaceFolder } from './replace-folder.ts';
import { failureCode, storageFailure } from './storage-failure.ts';

/** Writes a checkpoint in one step. @throws StorageError where it cannot be written; the old one is kept */
export async function writeCheckpointFolder(folder: string, checkpoint: StoredCheckpoint): Promise<void> {
  await replaceFolder(folder, await encodeCheckpoint(checkpoint));
}

/** Reads a checkpoint; undefined where there is none. @param noted the notes that it must have
 * @throws FormatError where it is damaged or foreign */
export async function readCheckpointFolder(
  folder: string,
  noted: readonly string[],
): Promise<StoredCheckpoint | undefined> {
  await recoverFolder(folder);
  const files = new Map<string, Uint8Array>();
  for (const name of Object.values(checkpointFiles)) {
    const bytes = await readOrNothing(path.join(folder, name));
    if (bytes) files.set(name, bytes);
  }
  return files.has(checkpointFiles.description) ? decodeCheckpoint(folder, files, noted) : undefined;
}

/** Deletes a checkpoint, where there is one. @throws StorageError */
export async function removeCheckpointFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (error) {
    throw storageFailure(folder, error);
  }
}

async function readOrNothing(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return undefined;
    throw storageFailure(file, error);
  }
}
