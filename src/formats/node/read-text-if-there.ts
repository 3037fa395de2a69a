/** A file's text, where there may be none: what a run that was stopped early has not written yet. */
import { readFile } from 'node:fs/promises';
import { failureCode, storageFailure } from './storage-failure.ts';

/** The text of a file; undefined where nothing has its name. @throws StorageError where it cannot be read */
export async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return undefined;
    throw storageFailure(file, error);
  }
}
