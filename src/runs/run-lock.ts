/** A run folder belongs to one process at a time. The lock is a file with the number of the process; that of a process which
 * is gone counts for nothing, so that a killed training can go on. */
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StorageError } from '../core/errors.ts';
import { readTextIfThere } from '../formats/node/read-text-if-there.ts';
import { failureCode, storageFailure } from '../formats/node/storage-failure.ts';

/** The name of the lock in a run's folder. */
export const lockFile = '.lock';

/** A lock without content is being written, if it is not older than these tries. */
const emptyTries = 10;
const betweenTriesMs = 20;

/** The locks of this process: a file with its number that is not among them is of an earlier process of that number. */
const held = new Set<string>();

interface Owner {
  pid: number;
  /** When it began, in the system's own count, where the system tells: numbers of processes are used again. */
  began: string | undefined;
}

/** When a process began, or undefined where the system does not tell. */
function beginningOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in parentheses, which may hold spaces; the beginning is the 22nd.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }: Owner, file: string): boolean {
  if (pid === process.pid) return held.has(file);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user cannot be signalled, and lives.
    if (failureCode(error) !== 'EPERM') return false;
  }
  return began === undefined || began === (beginningOf(pid) ?? began);
}

/** Who holds the lock, undefined where there is none, or its content is nobody's. */
async function readOwner(file: string): Promise<{ text: string; owner: Owner | undefined } | undefined> {
  for (let tries = 1; ; tries++) {
    const text = await readTextIfThere(file);
    if (text === undefined) return undefined;
    const [, pid, began] = /^(\d+) (\d*)\n$/.exec(text) ?? [];
    if (pid !== undefined) return { text, owner: { pid: Number(pid), began: began || undefined } };
    if (tries === emptyTries) return { text, owner: undefined };
    await wait(betweenTriesMs);
  }
}

/** Takes away a lock that nobody holds. Two processes may try: only what was judged is deleted. */
async function removeStale(file: string, judged: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) === judged) await rm(aside);
    else await rename(aside, file);
  } catch (error) {
    if (failureCode(error) !== 'ENOENT') throw storageFailure(file, error);
  }
}

/**
 * Takes the lock of a run's folder, which exists.
 *
 * @returns what gives it back
 * @throws StorageError where another process, or another training of this one, has it; or it cannot be written
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const file = path.resolve(folder, lockFile);
  for (;;) {
    try {
      await writeFile(file, `${process.pid} ${beginningOf(process.pid) ?? ''}\n`, { flag: 'wx' });
      held.add(file);
      return async () => {
        if (held.delete(file)) await rm(file, { force: true }).catch(() => undefined);
      };
    } catch (error) {
      if (failureCode(error) !== 'EEXIST') throw storageFailure(file, error);
    }
    const found = await readOwner(file);
    if (found?.owner && isAlive(found.owner, file)) {
      throw new StorageError(
        `run folder: expected ${folder} to be free, received a run that process ${found.owner.pid} is writing. Wait for it, ` +
          'stop it, or choose another name.',
      );
    }
    if (found) await removeStale(file, found.text);
  }
}
