/** A picture for the first time in a run: from what the disk keeps of it, else decoded, and then kept. */
import { join } from 'node:path';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Samples } from '../pictures/raster.ts';
import { hashOf } from './check-unchanged.ts';
import { type DecodeOptions, decodeBytes, readPicture } from './decode-picture.ts';
import type { DiskCache, KeptPicture } from './disk-cache/disk-cache.ts';

/** A picture that decodes. */
export interface PictureOnce extends KeptPicture {
  /** Absent where nobody needs them yet: bytes that are on the disk. */
  readonly pixels?: Samples;
}

/** Where pictures lie and what is made of them. */
export interface ReadOnceOptions extends DecodeOptions {
  readonly folder: string;
  readonly preprocessing: Preprocessing;
  readonly disk?: DiskCache | undefined;
}

/**
 * Reads a picture of a folder, or knows from the disk that it decodes.
 *
 * @param leftPictures how many may still come, this one included
 * @throws PictureError where it cannot be read or decoded
 */
export async function readOnce(path: string, leftPictures: number, options: ReadOnceOptions): Promise<PictureOnce> {
  const { folder, preprocessing, disk } = options;
  const signature = await disk?.signatureOf(path);
  const known = await withPixels(disk?.findFile(path, signature), options);
  if (known) return known;
  const bytes = await readPicture(join(folder, path), path);
  const sha256 = await hashOf(bytes);
  disk?.know(path, signature, sha256);
  const kept = await withPixels(disk?.findContent(sha256), options);
  if (kept) return kept;
  const { pixels, pageCount } = await decodeBytes(path, bytes, preprocessing, options);
  await disk?.keep({ sha256, pageCount }, pixels, leftPictures);
  return { sha256, pageCount, pixels };
}

/** Deeper samples are looked at for their scaling; bytes can wait until they are asked for. */
async function withPixels(
  kept: KeptPicture | undefined,
  { preprocessing, disk }: ReadOnceOptions,
): Promise<PictureOnce | undefined> {
  if (!kept || preprocessing.sampleType === 'uint8') return kept;
  const pixels = await disk?.read(kept.sha256);
  return pixels && { ...kept, pixels };
}
