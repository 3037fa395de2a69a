/** One file of an audit: read and described, or the reason why not. Runs on the main thread and in workers alike. */
import { PictureError } from '../../data/node/picture-error.ts';
import type { SkipReason } from '../../data/picture-file.ts';
import { describePicture, type PictureDescription } from '../describe-picture.ts';
import { type ReadPicture, readSmallPicture } from './read-small-picture.ts';

/** A file to describe. Plain data. */
export interface FileToDescribe {
  readonly path: string;
  /** What messages call it. */
  readonly name: string;
  readonly pixelLimit: number;
}

/** What became of it. Plain data. */
export type FileDescription =
  | { readonly facts: Omit<ReadPicture, 'picture'>; readonly description: PictureDescription }
  | { readonly reason: SkipReason; readonly detail: string };

/** Describes a file. A picture that cannot be used is no error here: the audit lists it. */
export async function describeFile({ path, name, pixelLimit }: FileToDescribe): Promise<FileDescription> {
  try {
    const { picture, ...facts } = await readSmallPicture(path, name, pixelLimit);
    return { facts, description: describePicture(picture) };
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    return { reason: error.reason, detail: error.detail };
  }
}
