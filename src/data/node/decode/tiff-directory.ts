/** The directories of a TIFF file, or of an EXIF block, which is built the same: tags without pixels. Every offset and
 * count is checked against the file's length, so a lying one is an error and never an allocation.
 * Source: TIFF 6.0, section 2. */

/** One tag, and where its values lie. */
export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  /** Where the twelve bytes of the entry start. */
  readonly at: number;
  /** Where the values start. */
  readonly valuesAt: number;
}

/** A page: its tags by number. */
export type TiffDirectory = ReadonlyMap<number, TiffEntry>;

/** Tags that are asked for. */
export const tiffTags = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  make: 271,
  model: 272,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  dateTime: 306,
  predictor: 317,
  tileWidth: 322,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  profile: 34_675,
  exifDirectory: 34_665,
  dateTimeOriginal: 36_867,
} as const;

/** Bytes of one value of each type. */
const typeBytes: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** More pages than this are not counted. */
const mostPages = 65_535;

/** Reads directories of a file. */
export class TiffFile {
  readonly bytes: Uint8Array;
  readonly isLittleEndian: boolean;
  readonly view: DataView;
  /** Where the directory of the first page starts. */
  readonly firstAt: number;

  /** @throws Error where it is shorter than a header */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isLittleEndian = bytes[0] === 0x49;
    this.#need(0, 8, 'the header');
    this.firstAt = this.long(4);
  }

  /** The directory at an offset. @throws Error where it or values of it lie outside the file */
  directoryAt(start: number): TiffDirectory {
    this.#need(start, 2, 'a directory');
    const count = this.short(start);
    this.#need(start + 2, count * 12, 'a directory');
    const entries = new Map<number, TiffEntry>();
    for (let index = 0; index < count; index++) {
      const at = start + 2 + index * 12;
      const type = this.short(at + 2);
      const values = this.long(at + 4);
      const sizeBytes = (typeBytes[type] ?? 0) * values;
      const valuesAt = sizeBytes > 4 ? this.long(at + 8) : at + 8;
      const tag = this.short(at);
      this.#need(valuesAt, sizeBytes, `tag ${tag}`);
      if (!entries.has(tag)) entries.set(tag, { type, count: values, at, valuesAt });
    }
    return entries;
  }

  /** Pages that follow one another; a chain that bites its tail ends there. */
  countPages(): number {
    const seen = new Set<number>();
    for (let at = this.firstAt; at !== 0 && !seen.has(at) && seen.size < mostPages; ) {
      if (at + 2 > this.bytes.length) break;
      const nextAt = at + 2 + this.short(at) * 12;
      seen.add(at);
      if (nextAt + 4 > this.bytes.length) break;
      at = this.long(nextAt);
    }
    return seen.size;
  }

  /** Whole numbers of a tag; `otherwise` where the tag is missing. */
  numbers(directory: TiffDirectory, tag: number, otherwise: readonly number[] = []): readonly number[] {
    const entry = directory.get(tag);
    if (!entry || entry.count === 0) return otherwise;
    const { type, count, valuesAt } = entry;
    if (type !== 1 && type !== 3 && type !== 4) throw new Error(`tag ${tag} without whole numbers`);
    const size = typeBytes[type]!;
    return Array.from({ length: count }, (_, index) => {
      const at = valuesAt + index * size;
      return type === 1 ? this.bytes[at]! : type === 3 ? this.short(at) : this.long(at);
    });
  }

  /** The first whole number of a tag. */
  number(directory: TiffDirectory, tag: number, otherwise = 0): number {
    return this.numbers(directory, tag, [otherwise])[0]!;
  }

  /** The text of a tag up to its first zero byte; undefined where it is missing or empty. */
  text(directory: TiffDirectory, tag: number): string | undefined {
    const entry = directory.get(tag);
    if (entry?.type !== 2) return undefined;
    const bytes = this.bytes.subarray(entry.valuesAt, entry.valuesAt + Math.min(entry.count, 1024));
    const text = Buffer.from(bytes).toString('latin1').split('\0')[0]!.trim();
    return text === '' ? undefined : text;
  }

  short(at: number): number {
    return this.view.getUint16(at, this.isLittleEndian);
  }

  long(at: number): number {
    return this.view.getUint32(at, this.isLittleEndian);
  }

  #need(at: number, sizeBytes: number, what: string): void {
    if (at + sizeBytes <= this.bytes.length) return;
    throw new Error(`a TIFF whose header points behind its end, at ${what}`);
  }
}
