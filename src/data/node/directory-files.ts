/** Files of a directory in the order in which Keras lists them: folder by folder, each sorted by code points, files of a
 * folder before those of the folders inside it. `scanFolder` sorts whole paths instead, and accounts for what it leaves out. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { compareCodePoints } from '../code-point-order.ts';
import type { PictureFile } from '../picture-file.ts';
import { isHiddenName, readFolder } from './scan-folder.ts';

/** Which files are listed. */
export interface DirectoryFilesOptions {
  /** In lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether links to folders are entered; the top one always is. */
  readonly followLinks: boolean;
}

/** Names of the folders in a directory, in code-point order, without hidden ones. @throws DataError where it is no folder */
export async function classFoldersOf(directory: string): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readFolder(directory)) {
    if (!isHiddenName(name) && (await statOf(join(directory, name)))?.isDirectory()) names.push(name);
  }
  if (names.length > 0) return names;
  throw new DataError(
    `${directory}: expected one folder of pictures for each class, received a folder without folders. ` +
      'Give the folder that holds the class folders, or labels: null to read pictures without classes.',
  );
}

/**
 * The files in a folder of the directory and in all folders inside it. Paths are relative to the directory, with `/`.
 *
 * @param inside the folder, relative to the directory; empty for the directory itself
 * @param label the class of all of them
 * @throws DataError where a folder cannot be read, or followed links lead back to where they came from
 */
export async function filesBelow(
  directory: string,
  inside: string,
  label: number,
  { extensions, followLinks }: DirectoryFilesOptions,
): Promise<PictureFile[]> {
  const byFolder: { folder: string; files: PictureFile[] }[] = [];
  const visit = async (folder: string, above: readonly string[]): Promise<void> => {
    const here = followLinks ? await realpath(join(directory, folder)) : folder;
    if (above.includes(here)) {
      throw new DataError(
        `${join(directory, folder)}: expected folders that end, received a link to a folder that holds it. ` +
          'Remove the link, or leave followLinks out.',
      );
    }
    const files: PictureFile[] = [];
    byFolder.push({ folder, files });
    const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch((cause: unknown) => {
      throw new DataError(
        `${join(directory, folder)}: expected a folder that can be read, received ${(cause as Error).message}. ` +
          'Give your user permission to read it, or move it away.',
        { cause },
      );
    });
    entries.sort((a, b) => compareCodePoints(a.name, b.name));
    for (const entry of entries) {
      if (isHiddenName(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // A link that leads nowhere stays in the list, so that reading it says so.
      const found = entry.isDirectory() ? undefined : await statOf(join(directory, path));
      if (entry.isDirectory() || found?.isDirectory()) {
        if (entry.isDirectory() || followLinks) await visit(path, [...above, here]);
        continue;
      }
      const isFile = found === undefined || found.isFile();
      if (isFile && extensions.includes(extname(entry.name).toLowerCase())) {
        files.push({ path, label, sizeBytes: found?.size ?? 0 });
      }
    }
  };
  await visit(inside, []);
  byFolder.sort((a, b) => compareCodePoints(a.folder, b.folder));
  return byFolder.flatMap(({ files }) => files);
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
