/** A dataset over picture files: kept in memory as prepared within a budget, decoded again in each epoch above it. */
import { join } from 'node:path';
import { checkKeys, checkName, checkNumber } from '../../core/options.ts';
import type { Batch, Dataset } from '../dataset.ts';
import { type BatchOptions, batchOptionNames, indexedDataset } from '../indexed-dataset.ts';
import { encodeLabels, type LabelMode, labelModes, targetShapeOf } from '../label-mode.ts';
import type { FolderListing, VerifiedPicture } from '../picture-file.ts';
import { createInputs, inputTypeOf, putScaled } from '../pictures/percentile-scaling.ts';
import { type Preprocessing, pictureShape } from '../pictures/preprocessing.ts';
import type { Samples } from '../pictures/raster.ts';
import { checkUnchanged } from './check-unchanged.ts';
import { decodesAtOnce } from './decode/decode-raster.ts';
import { type DecodeOptions, decodeBytes, readPicture } from './decode-picture.ts';
import { cacheFor, defaultCacheBytes, type PictureCache } from './picture-cache.ts';
import { PictureError } from './picture-error.ts';
import { Slots } from './slots.ts';

/** How picture files become batches. */
export interface OpenPicturesOptions extends BatchOptions, DecodeOptions {
  preprocessing: Preprocessing;
  /** By default `categorical`: one-hot rows. */
  labelMode?: LabelMode;
  /** Pictures that are decoded already, with the same preprocessing; it is filled further while it has room. */
  cache?: PictureCache;
  /** The budget of a new cache, where none is given; by default a quarter of the free memory, 2 GiB at most. */
  cacheBytes?: number;
}

const readers = new Slots(decodesAtOnce);

/**
 * Opens the pictures of a listing, or of one side of a split: `openPictures({ ...listing, files: split.training }, …)`.
 * A file that cannot be decoded stops the epoch with a DataError: `verifyPictures` finds those before training. So does one
 * that went away or changed since it was verified; files that are new are not read.
 *
 * @returns batches of `[batch, height, width, channels]`, with the paths as `names`: uint8, or where samples are deeper
 *   float32 of 0…255 by the record's scaling
 * @throws OptionError for an unknown option, or `binary` labels of other than two classes
 */
export function openPictures(
  { folder, classNames, files }: Pick<FolderListing, 'folder' | 'classNames' | 'files'>,
  options: OpenPicturesOptions,
): Dataset {
  const own = ['preprocessing', 'labelMode', 'cache', 'cacheBytes', 'pixelLimit'];
  checkKeys('openPictures', options, [...batchOptionNames, ...own]);
  const { preprocessing, cacheBytes = defaultCacheBytes() } = options;
  const labelMode = checkName('openPictures', 'labelMode', options.labelMode ?? 'categorical', labelModes);
  checkNumber('openPictures', 'cacheBytes', cacheBytes, { min: 0 });
  const shape = pictureShape(preprocessing);
  const pictureSize = shape[0] * shape[1] * shape[2];
  const inputType = inputTypeOf(preprocessing);
  const cache = options.cache ?? cacheFor(preprocessing, cacheBytes);
  const hashes = new Map(files.map((file) => [file.path, (file as Partial<VerifiedPicture>).sha256]));

  const verifiedBytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const bytes = await readPicture(join(folder, path), path).catch((cause: unknown) => {
      if (!(cause instanceof PictureError)) throw cause;
      // It was listed, so it went away since: the others are as they were.
      throw new PictureError(path, cause.reason, cause.detail, { cause, advice: 'Put it back as it was.' });
    });
    await checkUnchanged(path, bytes, hashes.get(path));
    return bytes;
  };

  const pixelsOf = async (path: string): Promise<Samples> => {
    const sha256 = hashes.get(path);
    const { disk } = cache;
    // A file that may have changed is read and compared, though its pixels are on the disk.
    const isSame = sha256 !== undefined && (await disk?.isUnchanged(path, sha256));
    let bytes = isSame ? undefined : await verifiedBytes(path);
    let pixels = sha256 === undefined ? undefined : await disk?.read(sha256);
    if (!pixels) {
      bytes ??= await verifiedBytes(path);
      pixels = (await decodeBytes(path, bytes, preprocessing, options)).pixels;
    }
    cache.add(path, pixels);
    return pixels;
  };

  const read = async (indices: Uint32Array): Promise<Batch> => {
    const data = createInputs(preprocessing, indices.length * pictureSize);
    const waiting: Promise<void>[] = [];
    const chosen = Array.from(indices, (index) => files[index]!);
    for (const [place, { path }] of chosen.entries()) {
      const cached = cache.get(path);
      const put = (pixels: Samples) => putScaled(pixels, preprocessing, data, place * pictureSize);
      if (cached) put(cached);
      else waiting.push(readers.run(1, () => pixelsOf(path)).then(put));
    }
    await Promise.all(waiting);
    const labels = chosen.map(({ label }) => label);
    return {
      inputs: { shape: [indices.length, ...shape], dtype: inputType, data },
      targets: encodeLabels(labels, labelMode, classNames.length),
      names: chosen.map(({ path }) => path),
    };
  };

  const source = {
    size: files.length,
    inputShape: shape,
    targetShape: targetShapeOf(labelMode, classNames.length),
    inputType,
    classNames,
    labels: files.map(({ label }) => label),
    read,
    close: async () => cache.clear(),
  };
  return indexedDataset(source, options);
}
