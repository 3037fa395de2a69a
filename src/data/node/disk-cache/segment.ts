/** A segment: the prepared pictures that one run decoded, in two files. `NAME.pixels` has them one behind the other, and
 * `NAME.index` says whose they are; it comes last, so a segment is whole where it has an index. */
import { close, open, read } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Preprocessing } from '../../pictures/preprocessing.ts';
import { checksumOf } from './checksum.ts';

/** Of the files of this version; others are left alone. */
export const segmentFormat = 'cajal pictures';
export const segmentVersion = 1;

/** What an index holds. */
export interface SegmentIndex {
  readonly format: string;
  readonly version: number;
  /** The folder that the pictures came from. */
  readonly folder: string;
  /** When it was made, in ISO 8601. */
  readonly created: string;
  readonly preprocessing: Omit<Preprocessing, 'scaling'>;
  readonly pictureBytes: number;
  /** SHA-256 of each file's content, in the order of the pixels. */
  readonly hashes: readonly string[];
  readonly checksums: readonly number[];
  /** Pages of the files that have more than one, by place. */
  readonly pages: Readonly<Record<string, number>>;
}

/** Reads an index. @returns undefined where it is none, `foreign` where another version wrote it */
export async function readIndex(path: string): Promise<SegmentIndex | 'foreign' | undefined> {
  let index: Partial<SegmentIndex>;
  try {
    index = JSON.parse(await readFile(path, 'utf8')) as Partial<SegmentIndex>;
  } catch {
    return undefined;
  }
  if (index?.format !== segmentFormat) return undefined;
  if (index.version !== segmentVersion) return 'foreign';
  const { hashes, checksums, pages, pictureBytes, folder, created, preprocessing } = index;
  const isWhole =
    Array.isArray(hashes) &&
    Array.isArray(checksums) &&
    hashes.length === checksums.length &&
    hashes.every((hash) => typeof hash === 'string') &&
    checksums.every((sum) => typeof sum === 'number') &&
    Number.isInteger(pictureBytes) &&
    typeof pages === 'object' &&
    pages !== null &&
    typeof preprocessing === 'object' &&
    preprocessing !== null &&
    typeof folder === 'string' &&
    typeof created === 'string';
  return isWhole ? (index as SegmentIndex) : undefined;
}

/** Path of the file beside an index. */
export function pixelsPathOf(indexPath: string): string {
  return indexPath.replace(/index$/, 'pixels');
}

/** Deletes a segment, its index first: without it nobody looks for the pixels. */
export async function removeSegment(indexPath: string): Promise<void> {
  await rm(indexPath, { force: true }).catch(() => undefined);
  await rm(pixelsPathOf(indexPath), { force: true }).catch(() => undefined);
}

const openFile = promisify(open);
const closing = new FinalizationRegistry<number>((file) => close(file, () => undefined));

/** A segment that is read from. Nothing needs to be closed: its file goes with it. */
export class Segment {
  readonly indexPath: string;
  readonly index: SegmentIndex;
  #file: Promise<number> | undefined;
  #isLost = false;

  constructor(indexPath: string, index: SegmentIndex) {
    this.indexPath = indexPath;
    this.index = index;
  }

  /** Opens the segment of an index; one that is broken is deleted. @returns undefined where there is none to read */
  static async open(indexPath: string): Promise<Segment | undefined> {
    const index = await readIndex(indexPath);
    if (index === 'foreign') return undefined;
    const size = await stat(pixelsPathOf(indexPath)).then(
      (pixels) => pixels.size,
      () => -1,
    );
    if (index && size === index.hashes.length * index.pictureBytes) return new Segment(indexPath, index);
    await removeSegment(indexPath);
    return undefined;
  }

  /** The bytes of a picture. @returns undefined where they are not as they were written: then the segment is given up */
  async read(place: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#isLost) return undefined;
    const { pictureBytes, checksums, hashes } = this.index;
    const bytes = new Uint8Array(pictureBytes);
    try {
      this.#file ??= this.#open();
      const file = await this.#file;
      await readWhole(file, bytes, place * pictureBytes);
      if (checksumOf(bytes, hashes[place]!) === checksums[place]) return bytes;
    } catch {
      // As for a wrong checksum.
    }
    this.#isLost = true;
    await removeSegment(this.indexPath);
    return undefined;
  }

  async #open(): Promise<number> {
    const file = await openFile(pixelsPathOf(this.indexPath), 'r');
    closing.register(this, file);
    return file;
  }
}

function readWhole(file: number, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    read(file, bytes, 0, bytes.length, position, (error, count) => {
      if (error) reject(error);
      else if (count < bytes.length) reject(new Error('truncated'));
      else resolve();
    });
  });
}
