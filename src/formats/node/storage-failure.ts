/** Turns what the operating system says of a failed write (`ENOSPC`, `EROFS`, …) into an error that says what to do. */
import { CajalError, StorageError } from '../../core/errors.ts';

/** What each code means, and what a person can do about it. */
const meanings: Readonly<Record<string, readonly [expected: string, remedy: string]>> = {
  ENOSPC: ['room on the disk', 'Free some space, or choose a folder on another disk.'],
  EDQUOT: ['room in your disk quota', 'Free some space, or choose a folder on another disk.'],
  EROFS: ['a disk that can be written', 'This one is mounted read-only: choose a folder on another disk.'],
  EACCES: ['permission to write', 'Give your user write permission on that folder, or choose another folder.'],
  EPERM: ['permission to write', 'Give your user write permission on that folder, or choose another folder.'],
  ENOTDIR: ['a folder above it', 'A part of the path is a file: choose another folder.'],
  ENAMETOOLONG: ['a shorter path', 'Choose a shorter name, or a folder nearer to the root of the disk.'],
  ENOENT: ['the folder to be there', 'It was moved or deleted meanwhile: put it back, or start again.'],
  EMFILE: ['a free file handle', 'Too many files are open: raise the limit (ulimit -n), or close other programs.'],
};

/** The code of an error of `node:fs`, or '' where it has none. */
export function failureCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/**
 * The error to throw where writing `path` failed with `error`: cajal's own errors stay as they are, and a code without a
 * meaning above is passed on in the words of the operating system.
 */
export function storageFailure(path: string, error: unknown): CajalError {
  if (error instanceof CajalError) return error;
  const code = failureCode(error);
  const [expected, remedy] = meanings[code] ?? ['a file that can be written', 'Look at the disk and the folder.'];
  const received = code in meanings ? code : error instanceof Error ? error.message : String(error);
  return new StorageError(`writing ${path}: expected ${expected}, received ${received}. ${remedy}`, { cause: error });
}
