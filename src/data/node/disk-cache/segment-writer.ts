/** Writes a segment while pictures are decoded. What cannot be written is no error: a full disk, or a folder that may not be
 * written, leave a run without a cache and else as it was. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checksumOf } from './checksum.ts';
import { pixelsPathOf, type SegmentIndex, segmentFormat, segmentVersion } from './segment.ts';

/** So much is written at once. */
const blockBytes = 4 * 2 ** 20;
/** A decoder that is faster than the disk waits from here on. */
const mostWaitingBytes = 4 * blockBytes;

/** Pictures of one run on their way to the disk. */
export class SegmentWriter {
  readonly indexPath: string;
  readonly #source: Pick<SegmentIndex, 'folder' | 'preprocessing' | 'pictureBytes'>;
  readonly #room: number;
  #file: Promise<FileHandle> | undefined;
  #block: Uint8Array[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;
  readonly #hashes = new Set<string>();
  readonly #checksums: number[] = [];
  readonly #pages: Record<string, number> = {};

  /** @param room how many pictures are kept */
  constructor(folder: string, source: Pick<SegmentIndex, 'folder' | 'preprocessing' | 'pictureBytes'>, room: number) {
    const name = `${Date.now().toString(36)}-${process.pid}-${randomBytes(4).toString('hex')}`;
    this.indexPath = path.join(folder, `${name}.index`);
    this.#source = source;
    this.#room = room;
  }

  /** Keeps a picture, which must not change any more. It may wait for the disk. */
  async add(sha256: string, pixels: Uint8Array, pageCount: number): Promise<void> {
    if (this.#hasFailed || this.#hashes.size >= this.#room || this.#hashes.has(sha256)) return;
    if (pageCount > 1) this.#pages[this.#hashes.size] = pageCount;
    this.#hashes.add(sha256);
    this.#checksums.push(checksumOf(pixels, sha256));
    this.#block.push(pixels);
    this.#waitingBytes += pixels.length;
    if (this.#block.length * pixels.length >= blockBytes) this.#writeBlock();
    if (this.#waitingBytes > mostWaitingBytes) await this.#writing;
  }

  /** Writes what is left, then the index. @returns whether there is a segment now */
  async finish(): Promise<boolean> {
    if (this.#block.length > 0) this.#writeBlock();
    await this.#writing;
    if (!this.#file || this.#hasFailed) return false;
    const temporary = `${this.indexPath}.part`;
    try {
      await (await this.#file).close();
      const index: SegmentIndex = {
        format: segmentFormat,
        version: segmentVersion,
        created: new Date().toISOString(),
        ...this.#source,
        hashes: [...this.#hashes],
        checksums: this.#checksums,
        pages: this.#pages,
      };
      await writeFile(temporary, JSON.stringify(index), { mode: 0o600 });
      await rename(this.#partPath, pixelsPathOf(this.indexPath));
      await rename(temporary, this.indexPath);
      return true;
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
      await this.#giveUp();
      return false;
    }
  }

  get #partPath(): string {
    return `${pixelsPathOf(this.indexPath)}.part`;
  }

  #writeBlock(): void {
    const block = this.#block;
    this.#block = [];
    this.#writing = this.#writing.then(async () => {
      if (this.#hasFailed) return;
      try {
        this.#file ??= this.#create();
        const file = await this.#file;
        const blockLength = block.reduce((sum, { length }) => sum + length, 0);
        const { bytesWritten } = await file.writev(block);
        this.#waitingBytes -= blockLength;
        if (bytesWritten < blockLength) await this.#giveUp();
      } catch {
        await this.#giveUp();
      }
    });
  }

  async #create(): Promise<FileHandle> {
    // Pictures may be of people.
    await mkdir(path.dirname(this.indexPath), { recursive: true, mode: 0o700 });
    return open(this.#partPath, 'wx', 0o600);
  }

  async #giveUp(): Promise<void> {
    this.#hasFailed = true;
    this.#block = [];
    this.#waitingBytes = 0;
    await this.#file?.then((file) => file.close()).catch(() => undefined);
    await rm(this.#partPath, { force: true }).catch(() => undefined);
    await rm(pixelsPathOf(this.indexPath), { force: true }).catch(() => undefined);
  }
}
