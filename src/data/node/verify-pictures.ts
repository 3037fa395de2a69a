/** Decodes every picture of a listing once before training: what is broken is known before the split is made, contents
 * are hashed, and pictures that fit into memory stay there. */
import { AbortError } from '../../core/errors.ts';
import { checkKeys, checkNumber } from '../../core/options.ts';
import { compareCodePoints } from '../code-point-order.ts';
import { type FolderListing, nameSome, type SkippedFile, type VerifiedPicture } from '../picture-file.ts';
import { sampleOfPicture } from '../pictures/percentile-scaling.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import { decodesAtOnce } from './decode/decode-raster.ts';
import type { DecodeOptions } from './decode-picture.ts';
import { DiskCache, type DiskCacheOptions } from './disk-cache/disk-cache.ts';
import { cacheFor, defaultCacheBytes, type PictureCache } from './picture-cache.ts';
import { PictureError } from './picture-error.ts';
import { readOnce } from './read-once.ts';
import { checkClassesHavePictures, emptyClassWarnings, refuseBroken } from './scan-folder.ts';
import { forEachAtOnce } from './slots.ts';

/** How pictures are verified. */
export interface VerifyOptions extends DecodeOptions {
  /** What the decoded pictures may take in memory, in bytes; by default a quarter of the free memory, 2 GiB at most. */
  cacheBytes?: number;
  /** Keeps prepared pictures on disk for later runs, and takes from there what earlier ones kept; by default nothing is
   * written. */
  diskCache?: DiskCacheOptions;
  /** A picture that does not decode is an error, and not skipped; by default false. */
  strict?: boolean;
  /** How many classes must have pictures left, by default 2; 1 to evaluate on a part of a model's classes. */
  leastClasses?: number;
  /** Called after each picture. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Pictures that are known to decode, and those of them that are in memory. */
export interface VerifiedFolder {
  readonly listing: FolderListing<VerifiedPicture>;
  readonly cache: PictureCache;
  /** Pixels of each picture, by path, from which a scaling is computed; empty for bytes, which need none. */
  readonly samples: ReadonlyMap<string, Float32Array>;
}

/**
 * Decodes each picture of a listing. Those that do not decode move to `skipped`, each with its reason.
 *
 * @returns the listing of what is left, with hashes and warnings (files with the same content in different classes,
 *   classes that have become empty, pictures of more than one page), and the decoded pictures within the budget
 * @throws DataError where too few classes are left, or, with `strict`, where a picture does not decode
 * @throws AbortError where the signal stops it
 */
export async function verifyPictures(
  listing: FolderListing,
  preprocessing: Preprocessing,
  options: VerifyOptions = {},
): Promise<VerifiedFolder> {
  const { signal, onProgress, cacheBytes = defaultCacheBytes(), strict = false, leastClasses = 2 } = options;
  const names = ['cacheBytes', 'diskCache', 'strict', 'leastClasses', 'onProgress', 'signal', 'pixelLimit'];
  checkKeys('verifyPictures', options, names);
  checkNumber('verifyPictures', 'cacheBytes', cacheBytes, { min: 0 });
  const cache = cacheFor(preprocessing, cacheBytes);
  const { pixelLimit, diskCache } = options;
  const disk =
    diskCache &&
    (await DiskCache.open(listing.folder, preprocessing, cache.pictureBytes, { ...diskCache, pixelLimit }));
  if (disk) cache.disk = disk;
  const total = listing.files.length;
  const samples = new Map<string, Float32Array>();
  const hashes = new Map<string, string>();
  const broken: SkippedFile[] = [];
  const ofManyPages: string[] = [];
  let done = 0;
  const reading = { ...options, folder: listing.folder, preprocessing, disk };
  try {
    await forEachAtOnce(listing.files, decodesAtOnce, async ({ path }) => {
      if (signal?.aborted) throw new AbortError(`verifyPictures: stopped after ${done} of ${total} pictures.`);
      try {
        const { sha256, pageCount, pixels } = await readOnce(path, total - done, reading);
        hashes.set(path, sha256);
        if (pageCount > 1) ofManyPages.push(path);
        if (pixels) cache.add(path, pixels);
        if (pixels && preprocessing.sampleType !== 'uint8') {
          samples.set(path, sampleOfPicture(pixels, preprocessing.channels, total));
        }
      } catch (error) {
        if (!(error instanceof PictureError)) throw error;
        broken.push({ path, reason: error.reason, detail: error.detail });
      }
      done++;
      onProgress?.(done, total);
    });
  } finally {
    // What was decoded before a stop is not decoded again.
    await disk?.save();
  }

  const files = listing.files.filter(({ path }) => hashes.has(path));
  const verified: FolderListing<VerifiedPicture> = {
    ...listing,
    files: files.map((file) => ({ ...file, sha256: hashes.get(file.path)! })),
    skipped: [...listing.skipped, ...broken].sort((a, b) => compareCodePoints(a.path, b.path)),
  };
  if (strict) refuseBroken(verified);
  checkClassesHavePictures(verified, leastClasses);
  const found = [...emptyClassWarnings(verified), ...sameContentWarnings(verified), ...pageWarnings(ofManyPages)];
  return { listing: { ...verified, warnings: [...new Set([...listing.warnings, ...found])] }, cache, samples };
}

/** Files with the same content, where there are any: each list holds the paths of one content, in order. */
export function sameContent(files: readonly VerifiedPicture[]): string[][] {
  const byContent = new Map<string, string[]>();
  for (const { path, sha256 } of files) {
    const others = byContent.get(sha256);
    if (others) others.push(path);
    else byContent.set(sha256, [path]);
  }
  return [...byContent.values()].filter((paths) => paths.length > 1);
}

function sameContentWarnings({ files }: FolderListing<VerifiedPicture>): string[] {
  const labels = new Map(files.map(({ path, label }) => [path, label]));
  const conflicts = sameContent(files).filter((paths) => new Set(paths.map((path) => labels.get(path))).size > 1);
  if (conflicts.length === 0) return [];
  const named = nameSome(conflicts.map((paths) => nameSome(paths).replaceAll(', ', ' = ')));
  return [`${conflicts.length} picture(s) lie in different classes with the same content: ${named}.`];
}

function pageWarnings(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const named = nameSome([...paths].sort(compareCodePoints));
  return [`${paths.length} file(s) have more than one page or frame; the first one is used: ${named}.`];
}
