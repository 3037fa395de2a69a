/** Decoded pictures in memory, up to a budget: the first ones that fit are kept, the others are decoded again. */
import { freemem } from 'node:os';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import { type Samples, type SampleType, samplesIn } from '../pictures/raster.ts';
import type { DiskCache } from './disk-cache/disk-cache.ts';

const mebibyte = 2 ** 20;

/** A quarter of the free memory, and 2 GiB at most: what decoded pictures may take unless `cacheBytes` says otherwise. */
export function defaultCacheBytes(): number {
  // A container may have less than the machine; Node 20.9 cannot tell.
  const free = Math.min(freemem(), process.availableMemory?.() ?? Infinity);
  return Math.min(2048 * mebibyte, Math.floor(free / 4));
}

/** Pictures of one size, by path. Memory is taken in blocks of about 32 MiB as pictures come. */
export class PictureCache {
  readonly pictureBytes: number;
  readonly sampleType: SampleType;
  /** How many pictures fit into the budget. */
  readonly capacity: number;
  /** Where pictures lie that are not in memory, if anywhere but in their files. */
  disk?: DiskCache;
  #blocks: Uint8Array[] = [];
  #perBlock: number;
  #places = new Map<string, number>();

  constructor(pictureBytes: number, budgetBytes: number, sampleType: SampleType = 'uint8') {
    this.pictureBytes = pictureBytes;
    this.sampleType = sampleType;
    this.capacity = Math.floor(budgetBytes / pictureBytes);
    this.#perBlock = Math.max(1, Math.min(this.capacity, Math.floor((32 * mebibyte) / pictureBytes)));
  }

  /** How many pictures are kept. */
  get size(): number {
    return this.#places.size;
  }

  /** The memory that is taken. */
  get usedBytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.length, 0);
  }

  /** The pixels of a picture, or undefined where it is not kept. They are not to be changed. */
  get(path: string): Samples | undefined {
    const place = this.#places.get(path);
    return place === undefined ? undefined : samplesIn(this.#slot(place), this.sampleType);
  }

  /** Keeps a copy of a picture where there is room for it. */
  add(path: string, pixels: Samples): void {
    if (this.#places.has(path) || this.#places.size >= this.capacity) return;
    const place = this.#places.size;
    if (place === this.#blocks.length * this.#perBlock) {
      const count = Math.min(this.#perBlock, this.capacity - place);
      this.#blocks.push(new Uint8Array(count * this.pictureBytes));
    }
    this.#slot(place).set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
    this.#places.set(path, place);
  }

  /** Lets all pictures go. */
  clear(): void {
    this.#blocks = [];
    this.#places.clear();
  }

  #slot(place: number): Uint8Array {
    const start = (place % this.#perBlock) * this.pictureBytes;
    return this.#blocks[Math.floor(place / this.#perBlock)]!.subarray(start, start + this.pictureBytes);
  }
}

/** A cache for pictures that are prepared by a record. */
export function cacheFor({ height, width, channels, sampleType }: Preprocessing, budgetBytes: number): PictureCache {
  const sampleBytes = { uint8: 1, uint16: 2, float32: 4 }[sampleType];
  return new PictureCache(height * width * channels * sampleBytes, budgetBytes, sampleType);
}
