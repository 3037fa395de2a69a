/** Replaces whole folders: who opens one finds all of the old content or all of the new, also after a crash. Systems cannot
 * exchange two folders in one step, so `recoverFolder` finishes an exchange that was cut short. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { storageFailure } from './storage-failure.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

function placesOf(folder: string): { next: string; former: string } {
  const place = (end: string) => path.join(path.dirname(folder), `.${path.basename(folder)}.${end}`);
  return { next: place('next'), former: place('former') };
}

function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

/**
 * Writes files into a folder, replacing what it held.
 *
 * @throws StorageError where it cannot be written; the folder is then as it was
 */
export async function replaceFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  const { next, former } = placesOf(folder);
  try {
    await rm(next, { recursive: true, force: true });
    await mkdir(next, { recursive: true });
    for (const [name, content] of files) await writeFileAtomic(path.join(next, name), content);
    await rm(former, { recursive: true, force: true });
    if (await exists(folder)) await rename(folder, former);
    await rename(next, folder);
    await rm(former, { recursive: true, force: true });
  } catch (error) {
    await recoverFolder(folder).catch(() => undefined);
    throw storageFailure(folder, error);
  }
}

/** Finishes or undoes an exchange that a crash cut short. Nothing happens where there was none. */
export async function recoverFolder(folder: string): Promise<void> {
  const { next, former } = placesOf(folder);
  // The old folder is moved away only when the new one is whole.
  if (!(await exists(folder)) && (await exists(former))) {
    await rename((await exists(next)) ? next : former, folder);
  }
  await rm(next, { recursive: true, force: true });
  await rm(former, { recursive: true, force: true });
}
