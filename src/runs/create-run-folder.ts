/** Makes the folder of a new run, under a name that no other run has, or opens that of an old one. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError, OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import { failureCode, storageFailure } from '../formats/node/storage-failure.ts';
import { checkIsRun, holdsRun } from './replace-run.ts';
import { RunFolder, runFiles } from './run-folder.ts';
import { checkRunName, defaultRunName, nextRunName } from './run-name.ts';

/** How a run folder gets its name. */
export interface RunFolderOptions {
  /** The name of the folder; without one it is `train`, `train-2`, `train-3`, … */
  name?: string | undefined;
  /** The start of a numbered name, `train` where not given. */
  stem?: string | undefined;
  /** A named folder that holds a run is used all the same; `publish` replaces what that run recorded. */
  existOk?: boolean | undefined;
}

/** What lies in `folder`, or undefined where there is no such folder. */
async function listFolder(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = failureCode(error);
    if (code === 'ENOENT') return undefined;
    if (code !== 'ENOTDIR') throw storageFailure(folder, error);
    throw new OptionError(
      `run folder: expected a folder at ${folder}, received a file. Choose another folder with --out, or move the file.`,
    );
  }
}

/** Makes `folder`, whose parent exists. False where something has that name already. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (failureCode(error) === 'EEXIST') return false;
    throw storageFailure(folder, error);
  }
}

/** Makes `root` and what is missing above it. (`mkdir` with `recursive` hides why it failed on a read-only disk.) */
async function makeRoot(root: string): Promise<void> {
  if ((await listFolder(root)) !== undefined) return;
  await makeRoot(path.dirname(root));
  await makeFolder(root);
}

async function createNumbered(root: string, stem: string): Promise<RunFolder> {
  // Two runs that start at once may see the same free name: only one of them makes the folder, the other looks again.
  for (;;) {
    const folder = path.join(root, nextRunName(stem, (await listFolder(root)) ?? []));
    if (await makeFolder(folder)) return new RunFolder(folder, { isNew: true });
  }
}

async function createNamed(root: string, name: string, existOk: boolean): Promise<RunFolder> {
  const folder = path.join(root, name);
  if (await makeFolder(folder)) return new RunFolder(folder, { isNew: true });
  const content = (await listFolder(folder)) ?? [];
  if (content.length > 0 && !existOk) {
    const free = nextRunName(name, (await listFolder(root)) ?? []);
    throw new OptionError(
      `run folder: expected a name that no other run has, received "${name}" (${folder} has files in it). Choose ` +
        `another --name ("${free}" is free), leave it out to get the next number, or replace that run with --exist-ok.`,
    );
  }
  await checkIsRun(folder);
  return new RunFolder(folder, { isNew: false, isReplacing: true });
}

/**
 * Makes the folder of a new run below `root` (which is made too where it is missing).
 * @throws {OptionError} where the name is taken and `existOk` is not set, or by something that is no run, or is no folder
 *   name, or `root` is a file.
 * @throws {StorageError} where the folder cannot be made.
 * @example
 * const run = await createRunFolder('runs', { name: 'cells' });
 * await run.writeArguments({ epochs: 10 });
 */
export async function createRunFolder(root: string, options: RunFolderOptions = {}): Promise<RunFolder> {
  checkKeys('createRunFolder', options, ['name', 'stem', 'existOk']);
  const { name, stem = defaultRunName, existOk = false } = options;
  const chosen = name ?? (existOk ? stem : undefined);
  checkRunName(chosen ?? stem);
  await makeRoot(root);
  return chosen === undefined ? createNumbered(root, stem) : createNamed(root, chosen, existOk);
}

/**
 * Opens the folder of a run that was begun before, and clears away what a killed process left half-written.
 * @throws {DataError} where there is no such folder, or it holds no run.
 * @throws {StorageError} where another process is writing it.
 */
export async function openRunFolder(folder: string): Promise<RunFolder> {
  const run = new RunFolder(folder, { isNew: false });
  if (await holdsRun(folder)) {
    await run.lock();
    await run.unlock();
  }
  if (await isThere(run.pathOf(runFiles.arguments))) return run;
  throw new DataError(
    `run folder: expected a folder with ${runFiles.arguments}, received ${folder}. Name the folder of a run, as ` +
      'the training printed it (runs/train-2).',
  );
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
