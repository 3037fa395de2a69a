/** Pictures of a folder with their classes, and the account of what was left out: plain data that a run can store. */
import { DataError } from '../core/errors.ts';
import { showName } from './show-name.ts';

/** A picture and its class. */
export interface PictureFile {
  /** Inside the listed folder, with `/` on every system: `cats/indoor/a.jpg`. */
  readonly path: string;
  /** The number of its class in `classNames`. */
  readonly label: number;
  readonly sizeBytes: number;
}

/** A picture that was decoded once without an error. */
export interface VerifiedPicture extends PictureFile {
  /** SHA-256 of the file's content, in hexadecimal. */
  readonly sha256: string;
}

/** Why a file is not used. */
export type SkipReason =
  | 'hidden'
  | 'unknown extension'
  | 'not in a class folder'
  | 'symbolic link'
  | 'empty file'
  | 'unreadable'
  | 'undecodable'
  | 'unsuitable'
  | 'over the pixel limit'
  | 'missing'
  | 'no label'
  | 'several labels';

/** A file that is not used, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
  /** What the system or the decoder said, where it said something. */
  readonly detail?: string;
}

/** The pictures of a folder, class by class. */
export interface FolderListing<File extends PictureFile = PictureFile> {
  /** The folder, as it was given. */
  readonly folder: string;
  /** Names of the class folders in code-point order, empty ones too. */
  readonly classNames: readonly string[];
  /** Sorted by class, then by path. */
  readonly files: readonly File[];
  readonly skipped: readonly SkippedFile[];
  /** What a person should know before training. */
  readonly warnings: readonly string[];
}

/** Skip reasons that mean a picture was meant and is broken: `strict` makes these an error. */
export const brokenReasons: readonly SkipReason[] = [
  'empty file',
  'unreadable',
  'undecodable',
  'unsuitable',
  'over the pixel limit',
  'missing',
  'no label',
  'several labels',
];

/** Pictures in each class. */
export function countByClass(files: readonly PictureFile[], classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (const { label } of files) counts[label]!++;
  return counts;
}

/** How many files were left out, by reason. */
export function countByReason(skipped: readonly SkippedFile[]): Partial<Record<SkipReason, number>> {
  const counts: Partial<Record<SkipReason, number>> = {};
  for (const { reason } of skipped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** The first few of a list, as messages print them: `a, b, c and 4 more`. */
export function nameSome(names: readonly string[], most = 5): string {
  const rest = names.length - most;
  return names.slice(0, most).map(showName).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/**
 * Throws where two lists of class folders differ: a class would get another number.
 *
 * @param training what the network is trained on
 * @param other what it is checked on
 * @throws DataError that lists what is missing and what is too many
 */
export function checkSameClasses(
  training: Pick<FolderListing, 'folder' | 'classNames'>,
  other: Pick<FolderListing, 'folder' | 'classNames'>,
): void {
  const missing = training.classNames.filter((name) => !other.classNames.includes(name));
  const extra = other.classNames.filter((name) => !training.classNames.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`without ${nameSome(missing)}`] : []),
    ...(extra.length > 0 ? [`with ${nameSome(extra)}, which the training folder has not`] : []),
  ];
  throw new DataError(
    `${other.folder}: expected the class folders of ${training.folder}, received a folder ${parts.join(' and ')}. ` +
      'Rename the folders, or add empty ones, so that both have the same classes.',
  );
}
