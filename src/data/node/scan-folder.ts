/** Lists a folder of class folders, without opening a picture: classes, files, and an account of what is left out. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { DataError } from '../../core/errors.ts';
import { checkKeys, checkText } from '../../core/options.ts';
import { compareCodePoints } from '../code-point-order.ts';
import {
  brokenReasons,
  countByClass,
  type FolderListing,
  nameSome,
  type PictureFile,
  type SkippedFile,
} from '../picture-file.ts';
import { sameButForCase } from '../same-but-for-case.ts';
import { showName } from '../show-name.ts';
import { pictureExtensions } from './decode-picture.ts';

/** How a folder is listed. */
export interface ScanOptions {
  /**
   * The classes, in the order of the network's outputs, where they are given by a model: the folder may then have fewer
   * of them. By default the names of the class folders in code-point order.
   */
  classNames?: readonly string[];
  /** A file that is empty or cannot be read is an error, and not skipped; by default false. */
  strict?: boolean;
  /** How many classes must have pictures, by default 2; 1 with `classNames`. */
  leastClasses?: number;
}

/** Files found so far, and what was left out. */
interface Found {
  files: { path: string; sizeBytes: number }[];
  skipped: SkippedFile[];
}

/**
 * Lists the pictures of a folder that has one folder for each class. Folders inside a class folder belong to the class.
 * Names that begin with a dot and those that systems write by themselves (`__MACOSX`, `Thumbs.db`, …) are left out; links
 * to files and to class folders are followed, links to folders inside a class are not, nor those that lead back up.
 *
 * @throws DataError where there is no such folder, it has no class folders, or pictures of too few classes
 * @example
 * const listing = await scanFolder('cells');
 * console.log(listing.classNames, listing.files.length, listing.skipped);
 */
export async function scanFolder(folder: string, options: ScanOptions = {}): Promise<FolderListing> {
  checkKeys('scanFolder', options, ['classNames', 'strict', 'leastClasses']);
  const top = await readFolder(checkText('scanFolder', 'folder', folder));
  const skipped: SkippedFile[] = [];
  const folders: string[] = [];
  for (const name of top) {
    const isHidden = isHiddenName(name);
    const kind = await kindOf(join(folder, name));
    if (kind === 'folder' && !isHidden && (await leadsUp(folder, name)))
      skipped.push({ path: name, reason: 'symbolic link', detail: 'a link to a folder that holds it' });
    else if (kind === 'folder' && !isHidden) folders.push(name);
    else if (kind === 'folder') skipped.push({ path: name, reason: 'hidden' });
    else skipped.push(isHidden ? { path: name, reason: 'hidden' } : { path: name, reason: 'not in a class folder' });
  }
  if (folders.length === 0) throw noClassFolders(folder, skipped);
  const classNames = options.classNames ?? folders;
  checkKnownClasses(folder, folders, classNames);

  const files: PictureFile[] = [];
  for (const name of folders) {
    const found: Found = { files: [], skipped };
    await walk(folder, name, found);
    found.files.sort((a, b) => compareCodePoints(a.path, b.path));
    const label = classNames.indexOf(name);
    for (const { path, sizeBytes } of found.files) files.push({ path, label, sizeBytes });
  }
  files.sort((a, b) => a.label - b.label);
  skipped.sort((a, b) => compareCodePoints(a.path, b.path));
  const listing = { folder, classNames, files, skipped, warnings: [] };
  if (options.strict) refuseBroken(listing);
  checkClassesHavePictures(listing, options.leastClasses ?? (options.classNames ? 1 : 2));
  const warnings = [...emptyClassWarnings(listing), ...innerFolderWarnings(listing), ...caseWarnings(listing)];
  return { ...listing, warnings };
}

/** Whether a name in a folder is a link to this folder or to one above it. */
async function leadsUp(folder: string, name: string): Promise<boolean> {
  const [here, there] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
  return here === there || here.startsWith(there.endsWith(sep) ? there : there + sep);
}

/** Names of a folder in code-point order. @throws DataError where it is not a folder that can be read */
export async function readFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(compareCodePoints);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const received = code === 'ENOENT' ? 'a path where nothing is' : code === 'ENOTDIR' ? 'a file' : message;
    throw new DataError(
      `${showName(folder)}: expected a folder, received ${showName(received)}. Give the path of a folder that has one folder of pictures for each class.`,
      { cause },
    );
  }
}

/**
 * Collects the pictures of a folder and of the folders in it. Paths are relative to `root`, with `/`.
 *
 * @throws DataError where a folder cannot be read: leaving it out would change the classes silently
 */
export async function walk(root: string, path: string, found: Found): Promise<void> {
  for (const entry of await entriesOf(join(root, path))) {
    const inside = path === '' ? entry.name : `${path}/${entry.name}`;
    if (isHiddenName(entry.name)) found.skipped.push({ path: inside, reason: 'hidden' });
    else if (entry.isDirectory()) await walk(root, inside, found);
    else await addFile(root, inside, entry.isSymbolicLink(), found);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new DataError(
      `${showName(folder)}: expected a folder that can be read, received ${showName((cause as Error).message)}. ` +
        'Give your user permission to read it, or move it away.',
      { cause },
    );
  }
}

async function addFile(root: string, path: string, isLink: boolean, found: Found): Promise<void> {
  const extension = extname(path).toLowerCase();
  const kind = isLink ? await kindOf(join(root, path)) : 'file';
  if (kind === 'folder') found.skipped.push({ path, reason: 'symbolic link', detail: 'a link to a folder' });
  else if (!pictureExtensions.includes(extension))
    found.skipped.push({ path, reason: 'unknown extension', detail: extension });
  else {
    try {
      const file = await stat(join(root, path));
      const { size } = file;
      // Reading a pipe would wait for ever.
      if (!file.isFile()) found.skipped.push({ path, reason: 'unreadable', detail: 'no regular file' });
      else if (size === 0) found.skipped.push({ path, reason: 'empty file' });
      else found.files.push({ path, sizeBytes: size });
    } catch (error) {
      found.skipped.push({ path, reason: 'unreadable', detail: (error as Error).message });
    }
  }
}

/** What a path leads to, links followed. */
async function kindOf(path: string): Promise<'folder' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}

/** Names that are never pictures or classes of a person's: `.…` and what systems write by themselves. */
export function isHiddenName(name: string): boolean {
  return name.startsWith('.') || systemNames.has(name.toLowerCase());
}

/** Of macOS, Windows and network drives, in lower case. */
const systemNames: ReadonlySet<string> = new Set([
  '__macosx',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  '@eadir',
]);

function noClassFolders(folder: string, skipped: readonly SkippedFile[]): DataError {
  const isPicture = ({ path }: SkippedFile) => pictureExtensions.includes(extname(path).toLowerCase());
  const pictures = skipped.filter(isPicture).length;
  const received = pictures > 0 ? `${pictures} pictures directly in it` : 'a folder without folders';
  return new DataError(
    `${showName(folder)}: expected one folder of pictures for each class, received ${received}. ` +
      'Make a folder for each class (such as cats and dogs), move the pictures there, and give the folder that holds them.',
  );
}

function checkKnownClasses(folder: string, folders: readonly string[], classNames: readonly string[]): void {
  const unknown = folders.filter((name) => !classNames.includes(name));
  if (unknown.length === 0) return;
  throw new DataError(
    `${showName(folder)}: expected class folders of ${nameSome(classNames, 20)}, received also ${nameSome(unknown)}. ` +
      "Rename these folders to the model's classes, or move them away.",
  );
}

/** Throws where fewer than `least` classes have pictures. */
export function checkClassesHavePictures(listing: FolderListing, least: number): void {
  const counts = countByClass(listing.files, listing.classNames.length);
  const present = listing.classNames.filter((_, label) => counts[label]! > 0);
  if (present.length >= least) return;
  const received =
    present.length === 0 ? 'no picture that can be used' : `pictures of ${present.map(showName).join()} only`;
  const left =
    listing.skipped.length === 0
      ? ''
      : ` ${listing.skipped.length} files were left out: ${describeSkipped(listing.skipped)}.`;
  throw new DataError(
    `${showName(listing.folder)}: expected pictures of at least ${least === 1 ? 'one class' : 'two classes'}, received ${received}.${left} ` +
      (innerFolderWarnings(listing)[0] ??
        `Put pictures (${pictureExtensions.join(' ')}) into a folder for each class.`),
  );
}

/** A warning where all pictures lie deeper: the folder above the right one was given. */
function innerFolderWarnings({ folder, files, classNames }: FolderListing): string[] {
  if (files.length === 0 || files.some(({ path }) => path.split('/').length < 3)) return [];
  return [
    `all pictures lie in folders inside the class folders. If those are the classes, give ${showName(join(folder, classNames[files[0]!.label]!))} instead.`,
  ];
}

/** A warning for each class without a picture. */
export function emptyClassWarnings(listing: FolderListing): string[] {
  const counts = countByClass(listing.files, listing.classNames.length);
  const empty = listing.classNames.filter((_, label) => counts[label] === 0);
  return empty.map((name) => `class ${showName(name)} has no pictures; it still counts as a class.`);
}

/** A warning for names that a system which ignores case takes for one: half of them would be lost in a copy there. */
function caseWarnings({ classNames, files }: FolderListing): string[] {
  const classes = sameButForCase(classNames);
  const same = classes.length > 0 ? [] : sameButForCase(files.map(({ path }) => path));
  return [
    ...classes.map(
      (names) => `classes ${nameSome(names)} differ in upper and lower case only; they count as different ones.`,
    ),
    ...(same.length === 0
      ? []
      : [
          `${same.length} group(s) of files have names that differ in upper and lower case only, of which other systems keep one: ${nameSome(same.flat())}.`,
        ]),
  ];
}

/** Throws where a file that should be a picture is broken. */
export function refuseBroken({ folder, skipped }: FolderListing): void {
  const broken = skipped.filter(({ reason }) => brokenReasons.includes(reason));
  if (broken.length === 0) return;
  throw new DataError(
    `${showName(folder)}: expected only pictures that decode (strict), received ${broken.length} that do not: ${describeSkipped(broken, 10)}. ` +
      'Repair or remove these files, or go on without strict.',
  );
}

function describeSkipped(skipped: readonly SkippedFile[], most?: number): string {
  const named = skipped.map(({ path, reason, detail }) => `${path} (${detail || reason})`);
  return nameSome(named, most);
}
