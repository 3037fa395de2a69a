/** TensorBoard's event files: TFRecords (a length and the bytes, each with a masked CRC32C) of `Event` messages in Protocol
 * Buffers. Only the dozen fields that scalars and histograms need are written, by hand; the numbers are those of
 * tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. */

/** Numbers of which a histogram is made. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper limits of the buckets, and how many numbers each holds. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** One number or histogram of an event. */
export type SummaryValue =
  | { readonly tag: string; readonly scalar: number }
  | { readonly tag: string; readonly histogram: Histogram };

/** The first record of every file. */
export function encodeFileHeader(wallTime: number): Uint8Array {
  return encodeRecord([...double(1, wallTime), ...message(3, new TextEncoder().encode('brain.Event:2'))]);
}

/** A record with numbers of a step. @param wallTime seconds since 1970 */
export function encodeSummary(wallTime: number, step: number, values: readonly SummaryValue[]): Uint8Array {
  const summary = values.flatMap((value) => message(1, encodeValue(value)));
  return encodeRecord([...double(1, wallTime), ...key(2, 0), ...varint(step), ...message(5, summary)]);
}

function encodeValue(value: SummaryValue): number[] {
  const tag = message(1, new TextEncoder().encode(value.tag));
  if ('scalar' in value) return [...tag, ...key(2, 5), ...bytesOf(4, (view) => view.setFloat32(0, value.scalar, true))];
  const { min, max, count, sum, sumOfSquares, limits, counts } = value.histogram;
  const numbers = [min, max, count, sum, sumOfSquares].flatMap((number, index) => double(index + 1, number));
  return [...tag, ...message(5, [...numbers, ...message(6, doubles(limits)), ...message(7, doubles(counts))])];
}

/** A field's number and wire type: 0 varint, 1 eight bytes, 2 with its length, 5 four bytes. */
function key(field: number, wireType: 0 | 1 | 2 | 5): number[] {
  return varint(field * 8 + wireType);
}

/** Seven bits in each byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function message(field: number, bytes: ArrayLike<number>): number[] {
  return [...key(field, 2), ...varint(bytes.length), ...Array.from(bytes)];
}

function double(field: number, value: number): number[] {
  return [...key(field, 1), ...doubles([value])];
}

function doubles(values: readonly number[]): number[] {
  return values.flatMap((value) => bytesOf(8, (view) => view.setFloat64(0, value, true)));
}

function bytesOf(count: number, write: (view: DataView) => void): number[] {
  const bytes = new Uint8Array(count);
  write(new DataView(bytes.buffer));
  return [...bytes];
}

function encodeRecord(content: readonly number[]): Uint8Array {
  const record = new Uint8Array(16 + content.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedChecksum(record.subarray(0, 8)), true);
  record.set(content, 12);
  view.setUint32(12 + content.length, maskedChecksum(record.subarray(12, 12 + content.length)), true);
  return record;
}

/** TFRecord's mask: a checksum of bytes that hold checksums would be weak. */
function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
  return rest;
});

/** The cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (const byte of bytes) checksum = (checksum >>> 8) ^ table[(checksum ^ byte) & 0xff]!;
  return (checksum ^ 0xffffffff) >>> 0;
}

/** Counts numbers in buckets of one width between their least and largest, as TensorFlow's summaries do. Numbers that are
 * not finite are left out. */
export function histogramOf(numbers: ArrayLike<number>, buckets = 30): Histogram {
  let [min, max, sum, sumOfSquares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let place = 0; place < numbers.length; place++) {
    const value = numbers[place]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
    count++;
  }
  if (count === 0) return { min: 0, max: 0, count, sum, sumOfSquares, limits: [0], counts: [0] };
  if (min === max) return { min, max, count, sum, sumOfSquares, limits: [max + 0.5], counts: [count] };
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (let place = 0; place < numbers.length; place++) {
    const value = numbers[place]!;
    if (!Number.isFinite(value)) continue;
    counts[Math.min(buckets - 1, Math.floor((value - min) / width))]!++;
  }
  const limits = counts.map((_, index) => (index === buckets - 1 ? max : min + (index + 1) * width));
  return { min, max, count, sum, sumOfSquares, limits, counts };
}
