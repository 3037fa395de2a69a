// Writes small TIFF files for tests: any number of channels, 8 and 16 bits and float, strips or tiles, planes together or apart.
import { deflateSync } from 'node:zlib';

/** What a file is to hold. */
export interface TiffPicture {
  /** `[height, width, channels]`. */
  readonly data: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly compression?: 'none' | 'deflate' | 'packbits';
  /** Rows of a strip; by default all. */
  readonly rowsPerStrip?: number;
  /** Squares of so many pixels instead of strips: a multiple of 16. */
  readonly tile?: number;
  readonly isPlanar?: boolean;
  readonly isBigEndian?: boolean;
  /** 0 white is zero, 1 black is zero, 2 RGB; by default 1. */
  readonly photometric?: number;
  /** The meaning of further channels: 0 unspecified, 1 associated alpha, 2 alpha. */
  readonly extraSamples?: readonly number[];
  readonly orientation?: number;
  /** Tags that replace what is true, for files that lie. */
  readonly lies?: Readonly<Record<number, number>>;
}

const compressions = { none: 1, deflate: 8, packbits: 32773 } as const;
const typeBytes: Readonly<Record<number, number>> = { 3: 2, 4: 4 };

/** A file of one page or several. */
export function writeTiff(...pages: readonly TiffPicture[]): Buffer {
  const isBig = pages[0]!.isBigEndian ?? false;
  const parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer): number => {
    const at = length;
    const padded = part.length % 2 === 0 ? part : Buffer.concat([part, Buffer.alloc(1)]);
    parts.push(padded);
    length += padded.length;
    return at;
  };
  const numbers = (size: number, values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(size * values.length);
    for (const [index, value] of values.entries()) put(bytes, size, value, index * size, isBig);
    return bytes;
  };
  const header = Buffer.from(isBig ? 'MM\0*\0\0\0\0' : 'II*\0\0\0\0\0', 'latin1');
  add(header);
  let next: { bytes: Buffer; at: number } = { bytes: header, at: 4 };
  for (const page of pages) {
    const chunks = chunksOf(page, isBig).map((chunk) => compress(chunk, page.compression ?? 'none'));
    const offsets = chunks.map(add);
    const tags = tagsOf(
      page,
      offsets,
      chunks.map((chunk) => chunk.length),
    );
    const entries = tags.map(([tag, type, given]) => {
      const values = page.lies && tag in page.lies ? [page.lies[tag]!] : given;
      const content = numbers(typeBytes[type]!, values);
      const value = Buffer.alloc(4);
      if (content.length <= 4) content.copy(value);
      else numbers(4, [add(content)]).copy(value);
      return Buffer.concat([numbers(2, [tag, type]), numbers(4, [values.length]), value]);
    });
    const directory = Buffer.concat([numbers(2, [entries.length]), ...entries, Buffer.alloc(4)]);
    put(next.bytes, 4, length, next.at, isBig);
    add(directory);
    next = { bytes: parts.at(-1)!, at: directory.length - 4 };
  }
  return Buffer.concat(parts);
}

function tagsOf(
  page: TiffPicture,
  offsets: readonly number[],
  counts: readonly number[],
): [number, number, readonly number[]][] {
  const { data, width, height, channels, tile, photometric = 1, orientation = 1 } = page;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const each = (value: number) => new Array<number>(channels).fill(value);
  const extra = page.extraSamples ?? new Array<number>(Math.max(0, channels - (photometric === 2 ? 3 : 1))).fill(0);
  const tags: [number, number, readonly number[]][] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, each(data.BYTES_PER_ELEMENT * 8)],
    [259, 3, [compressions[page.compression ?? 'none']]],
    [262, 3, [photometric]],
    [274, 3, [orientation]],
    [277, 3, [channels]],
    [284, 3, [page.isPlanar ? 2 : 1]],
    [339, 3, each(isFloat ? 3 : 1)],
    ...(tile
      ? ([
          [322, 4, [tile]],
          [323, 4, [tile]],
          [324, 4, offsets],
          [325, 4, counts],
        ] as [number, number, readonly number[]][])
      : ([
          [273, 4, offsets],
          [278, 4, [page.rowsPerStrip ?? height]],
          [279, 4, counts],
        ] as [number, number, readonly number[]][])),
    ...(extra.length > 0 ? ([[338, 3, extra]] as [number, number, readonly number[]][]) : []),
  ];
  return tags.sort(([a], [b]) => a - b);
}

/** The samples of each strip or tile, one after another. */
function chunksOf({ data, height, width, channels, ...how }: TiffPicture, isBig: boolean): Buffer[] {
  const { tile, rowsPerStrip = height, isPlanar } = how;
  const planes = isPlanar ? Array.from({ length: channels }, (_, channel) => [channel]) : [[...Array(channels).keys()]];
  const chunkHeight = tile ?? rowsPerStrip;
  const chunkWidth = tile ?? width;
  const bytes = data.BYTES_PER_ELEMENT;
  const chunks: Buffer[] = [];
  for (const plane of planes) {
    for (let top = 0; top < height; top += chunkHeight) {
      for (let left = 0; left < width; left += chunkWidth) {
        const rows = tile ?? Math.min(chunkHeight, height - top);
        const chunk = Buffer.alloc(rows * chunkWidth * plane.length * bytes);
        let at = 0;
        for (let row = top; row < top + rows; row++) {
          for (let column = left; column < left + chunkWidth; column++) {
            for (const channel of plane) {
              const isInside = row < height && column < width;
              const value = isInside ? data[(row * width + column) * channels + channel]! : 0;
              putSample(chunk, data, value, at, isBig);
              at += bytes;
            }
          }
        }
        chunks.push(chunk);
      }
    }
  }
  return chunks;
}

function putSample(bytes: Buffer, like: TiffPicture['data'], value: number, at: number, isBig: boolean): void {
  if (like instanceof Float32Array) isBig ? bytes.writeFloatBE(value, at) : bytes.writeFloatLE(value, at);
  else if (like instanceof Float64Array) isBig ? bytes.writeDoubleBE(value, at) : bytes.writeDoubleLE(value, at);
  else put(bytes, like.BYTES_PER_ELEMENT, value, at, isBig);
}

function put(bytes: Buffer, size: number, value: number, at: number, isBig: boolean): void {
  if (isBig) bytes.writeUIntBE(value, at, size);
  else bytes.writeUIntLE(value, at, size);
}

/** PackBits in literal runs alone, which any reader must take. */
function compress(chunk: Buffer, how: 'none' | 'deflate' | 'packbits'): Buffer {
  if (how === 'deflate') return deflateSync(chunk);
  if (how === 'none') return chunk;
  const runs: Buffer[] = [];
  for (let at = 0; at < chunk.length; at += 128) {
    const run = chunk.subarray(at, at + 128);
    runs.push(Buffer.from([run.length - 1]), run);
  }
  return Buffer.concat(runs);
}
