/** Writes files so that a reader, or a process that continues after a crash, sees the old content or the new, never half
 * of one: the bytes go to a temporary file in the same folder, which then takes the name. */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { storageFailure } from './storage-failure.ts';

/** The temporary files of this module, and of no one else. */
const temporaryName = /^\..+\.\d+-[0-9a-f]{12}\.tmp$/;

function temporaryPathFor(file: string): string {
  const name = `.${path.basename(file)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  return path.join(path.dirname(file), name);
}

/**
 * Writes `content` to `file`, replacing what was there in one step. The bytes are on the disk before the name changes
 * hands, so a power failure too leaves one or the other.
 * @throws {StorageError} where the disk is full, read-only or forbidden; `file` is then as it was, and nothing is left.
 */
export async function writeFileAtomic(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryPathFor(file);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageFailure(file, error);
  }
}

/** Deletes what a killed process left of its atomic writes in `folder`. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      if (temporaryName.test(name)) await rm(path.join(folder, name), { force: true });
    }
  } catch (error) {
    throw storageFailure(folder, error);
  }
}
