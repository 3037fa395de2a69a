/** Prepared pictures on disk, by the content of their files: what one run decoded, the next ones read. Nothing here can
 * fail a run: what is missing, broken or full is decoded again. */
import { mkdir, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Preprocessing } from '../../pictures/preprocessing.ts';
import { type Samples, samplesIn } from '../../pictures/raster.ts';
import { defaultPixelLimit } from '../decode/decode-options.ts';
import { cacheFolder, defaultDiskBytes } from './cache-folder.ts';
import { type FileSignature, KnownFiles } from './known-files.ts';
import { Segment } from './segment.ts';
import { SegmentWriter } from './segment-writer.ts';
import { keptPart, setKey } from './set-key.ts';
import { listSegments, makeRoom, picturesFolder } from './stored-segments.ts';

/** Where prepared pictures are kept between runs. */
export interface DiskCacheOptions {
  /** By default the user's cache folder; see `cacheFolder`. */
  readonly folder?: string;
  /** What all kept pictures may take, in bytes; by default 10 GiB, or a tenth of what is free where that is less. The least
   * recently used go first. */
  readonly budgetBytes?: number;
}

/** What is kept of a file. */
export interface KeptPicture {
  /** SHA-256 of the file's content. */
  readonly sha256: string;
  readonly pageCount: number;
}

/** What a picture takes in the index, about. */
const indexBytes = 96;

interface Place {
  readonly segment: Segment;
  readonly place: number;
}

/** What is kept of the pictures of one folder, prepared by one record. */
export class DiskCache {
  readonly #root: string;
  readonly #folder: string;
  readonly #source: ConstructorParameters<typeof SegmentWriter>[1];
  readonly #sampleType: Preprocessing['sampleType'];
  readonly #budgetBytes: number | undefined;
  readonly #files: KnownFiles;
  readonly #places = new Map<string, Place>();
  readonly #used = new Set<Segment>();
  #writer: Promise<SegmentWriter> | undefined;

  private constructor(
    root: string,
    set: string,
    source: ConstructorParameters<typeof SegmentWriter>[1],
    options: DiskCacheOptions,
    files: KnownFiles,
  ) {
    this.#root = root;
    this.#folder = set;
    this.#source = source;
    this.#sampleType = source.preprocessing.sampleType;
    this.#budgetBytes = options.budgetBytes;
    this.#files = files;
  }

  /**
   * Opens what is kept of a folder of pictures.
   *
   * @param folder where the pictures lie
   * @param pictureBytes bytes of a prepared picture
   */
  static async open(
    folder: string,
    preprocessing: Preprocessing,
    pictureBytes: number,
    options: DiskCacheOptions & { readonly pixelLimit?: number | undefined } = {},
  ): Promise<DiskCache> {
    const root = options.folder ?? cacheFolder();
    const set = path.join(picturesFolder(root), setKey(preprocessing, options.pixelLimit ?? defaultPixelLimit));
    const source = { folder: path.resolve(folder), preprocessing: keptPart(preprocessing), pictureBytes };
    const cache = new DiskCache(root, set, source, options, await KnownFiles.open(root, folder));
    await cache.#openSegments();
    return cache;
  }

  /** What the system says of a file now; `find` and `keep` want it from before the file is read. */
  signatureOf(name: string): Promise<FileSignature | undefined> {
    return this.#files.signatureOf(name);
  }

  /** What is kept of a file that is as it was when it was last read. */
  findFile(name: string, signature: FileSignature | undefined): KeptPicture | undefined {
    const sha256 = this.#files.hashOf(name, signature);
    return sha256 === undefined ? undefined : this.findContent(sha256);
  }

  /** Whether a file certainly has this content still. */
  async isUnchanged(name: string, sha256: string): Promise<boolean> {
    return this.#files.hashOf(name, await this.#files.signatureOf(name)) === sha256;
  }

  /** What is kept of a content. */
  findContent(sha256: string): KeptPicture | undefined {
    const found = this.#places.get(sha256);
    if (!found) return undefined;
    this.#used.add(found.segment);
    return { sha256, pageCount: found.segment.index.pages[found.place] ?? 1 };
  }

  /** The prepared picture of a content, or undefined where it is not kept, or not as it was written. */
  async read(sha256: string): Promise<Samples | undefined> {
    const found = this.#places.get(sha256);
    if (!found) return undefined;
    const bytes = await found.segment.read(found.place);
    if (bytes) return samplesIn(bytes, this.#sampleType);
    this.#places.delete(sha256);
    return undefined;
  }

  /** Remembers what a file holds. */
  know(name: string, signature: FileSignature | undefined, sha256: string): void {
    this.#files.add(name, signature, sha256);
  }

  /**
   * Keeps a prepared picture, which must not change any more.
   *
   * @param leftPictures how many pictures may still come, this one included: room is made for so many
   */
  async keep({ sha256, pageCount }: KeptPicture, pixels: Samples, leftPictures: number): Promise<void> {
    this.#writer ??= this.#startWriter(leftPictures);
    const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    await (await this.#writer).add(sha256, bytes, pageCount);
  }

  /** Makes what is new there for others, and says what was used. Then it can be read from as before, new pictures too. */
  async save(): Promise<void> {
    const writer = await this.#writer;
    this.#writer = undefined;
    if (writer && (await writer.finish())) await this.#openSegment(writer.indexPath);
    await this.#files.save();
    const now = new Date();
    for (const { indexPath } of this.#used) await utimes(indexPath, now, now).catch(() => undefined);
  }

  async #startWriter(leftPictures: number): Promise<SegmentWriter> {
    const inUse = new Set([...this.#used].map(({ indexPath }) => indexPath));
    const budget = this.#budgetBytes ?? (await this.#defaultBudget());
    const each = this.#source.pictureBytes + indexBytes;
    const usedBytes = await makeRoom(this.#root, budget - Math.min(budget, leftPictures * each), inUse);
    return new SegmentWriter(this.#folder, this.#source, Math.max(0, Math.floor((budget - usedBytes) / each)));
  }

  async #defaultBudget(): Promise<number> {
    // How much is free is asked of a folder that is there.
    await mkdir(this.#root, { recursive: true, mode: 0o700 }).catch(() => undefined);
    const usedBytes = (await listSegments(this.#root)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return defaultDiskBytes(this.#root, usedBytes);
  }

  async #openSegments(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    for (const name of names.filter((one) => one.endsWith('.index')).sort()) {
      await this.#openSegment(path.join(this.#folder, name));
    }
  }

  async #openSegment(indexPath: string): Promise<void> {
    const segment = await Segment.open(indexPath);
    if (segment?.index.pictureBytes !== this.#source.pictureBytes) return;
    for (const [place, sha256] of segment.index.hashes.entries()) {
      if (!this.#places.has(sha256)) this.#places.set(sha256, { segment, place });
    }
  }
}
