/** Replaces a run by a new one in the same folder. The new one grows in a folder inside and takes the place when it has
 * something worth keeping; a change that a crash cut short is finished or undone. Files that are not a run's stay. */
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { OptionError } from '../core/errors.ts';
import { modelFiles } from '../formats/model-folder.ts';
import { recoverFolder } from '../formats/node/replace-folder.ts';
import { storageFailure } from '../formats/node/storage-failure.ts';
import { removeTemporaryFiles } from '../formats/node/write-file-atomic.ts';
import { runFiles } from './run-files.ts';
import { lockFile } from './run-lock.ts';

/** Where a new run grows, and where the former one waits while they change places. */
const places = { next: '.next-run', former: '.former-run' } as const;

/** Folders of a run, with the file that shows each to be one. */
const markers: readonly (readonly [folder: string, marker: string])[] = [
  [runFiles.best, modelFiles.description],
  [runFiles.last, modelFiles.description],
  [runFiles.checkpoint, 'checkpoint.json'],
];

/** What a run records; the arguments come last, and tell that all else has been moved. */
const inOrderOfMoving: readonly string[] = [
  ...Object.values(runFiles).filter((file) => file !== runFiles.arguments),
  runFiles.arguments,
];

/** The folder inside a run's folder where the run that replaces it grows. */
export function nextRunIn(folder: string): string {
  return path.join(folder, places.next);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function moveAll(from: string, to: string): Promise<void> {
  for (const file of inOrderOfMoving) {
    if (!(await exists(path.join(from, file)))) continue;
    await mkdir(path.dirname(path.join(to, file)), { recursive: true });
    await rename(path.join(from, file), path.join(to, file));
  }
}

/** Puts the new run in the place of the former one. @throws StorageError where it cannot */
export async function putNextRun(folder: string): Promise<void> {
  const former = path.join(folder, places.former);
  try {
    await mkdir(former);
    await moveAll(folder, former);
    await moveAll(nextRunIn(folder), folder);
    await rm(nextRunIn(folder), { recursive: true, force: true });
    await rm(former, { recursive: true, force: true });
  } catch (error) {
    throw storageFailure(folder, error);
  }
}

/** Clears away what a killed process left in a run's folder. Only for who has its lock. */
export async function recoverRun(folder: string): Promise<void> {
  const former = path.join(folder, places.former);
  try {
    if (await exists(former)) {
      // With its arguments aside the former run is aside as a whole, and the new one takes its place.
      if (await exists(path.join(former, runFiles.arguments))) await moveAll(nextRunIn(folder), folder);
      else await moveAll(former, folder);
    }
    await rm(nextRunIn(folder), { recursive: true, force: true });
    await rm(former, { recursive: true, force: true });
    for (const [place] of markers) {
      if (await exists(path.dirname(path.join(folder, place)))) await recoverFolder(path.join(folder, place));
    }
  } catch (error) {
    throw storageFailure(folder, error);
  }
  await removeTemporaryFiles(folder);
}

/**
 * Checks that a folder holds nothing, or a run of cajal, so that a new run may take its place.
 *
 * @throws OptionError where it holds anything else, or folders that have a run's names and are none of its
 */
export async function checkIsRun(folder: string): Promise<void> {
  const own: readonly string[] = [lockFile, places.next, places.former];
  const content = (await readdir(folder)).filter((name) => !own.includes(name)).sort();
  if (content.length === 0) return;
  if (!(await hasArguments(folder))) {
    const named = content.slice(0, 5).join(', ');
    const rest = content.length > 5 ? ` and ${content.length - 5} more` : '';
    throw new OptionError(
      `run folder: expected an empty folder or one of a run (with ${runFiles.arguments} of cajal), received ${folder} with ` +
        `${named}${rest}. Choose another folder.`,
    );
  }
  for (const [place, marker] of markers) {
    const inside = await readdir(path.join(folder, place)).catch((): string[] => []);
    if (inside.length === 0 || inside.includes(marker)) continue;
    throw new OptionError(
      `run folder: expected ${path.join(folder, place)} to be of a run (with ${marker}), received a folder with ${inside[0]}. ` +
        'Choose another folder.',
    );
  }
}

/** True where a folder has a run's arguments, be they aside while two runs change places. */
export async function holdsRun(folder: string): Promise<boolean> {
  const former = path.join(folder, places.former);
  return (await exists(path.join(folder, runFiles.arguments))) || (await exists(former));
}

async function hasArguments(folder: string): Promise<boolean> {
  for (const place of [folder, path.join(folder, places.former)]) {
    try {
      const written: unknown = JSON.parse(await readFile(path.join(place, runFiles.arguments), 'utf8'));
      if (typeof written === 'object' && written !== null && 'command' in written) {
        if (typeof written.command === 'string') return true;
      }
    } catch {
      // Without arguments that can be read it is not known to be a run.
    }
  }
  return false;
}
