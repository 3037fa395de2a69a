/** The IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist/), gzip-compressed or not: a magic number, sizes
 * in big-endian words, then numbers. */
import { FormatError } from '../../../core/errors.ts';
import { checkKeys } from '../../../core/options.ts';
import { elementCount, formatShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { type NumberKind, readNumbers } from '../../array-numbers.ts';
import { type ArraySource, bytesOf } from './array-source.ts';

/** The third byte of the magic number says what the numbers are. */
const kinds: Readonly<Record<number, NumberKind>> = { 8: 'u1', 9: 'i1', 11: 'i2', 12: 'i4', 13: 'f4', 14: 'f8' };

/** What an IDX file must be. */
export interface ReadIdxOptions {
  /** Then only bytes with so many axes are taken: 3 for pictures, 1 for labels. */
  rank?: number;
}

/**
 * Reads an IDX file.
 *
 * @returns with the shape that the file states: uint8 for bytes, int8, int32 or float32
 * @throws DataError where the file cannot be read
 * @throws FormatError where it is not such a file, or has not as many bytes as its sizes say
 * @example
 * const digits = await readIdx('train-images-idx3-ubyte.gz'); // uint8 [60000, 28, 28]
 */
export async function readIdx(source: ArraySource, options: ReadIdxOptions = {}): Promise<Tensor> {
  checkKeys('readIdx', options, ['rank']);
  const { name, bytes } = await bytesOf(source, 'readIdx');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 4 ? view.getUint32(0) : -1;
  const rank = options.rank ?? magic & 0xff;
  const kind = kinds[magic >>> 8];
  // Two zero bytes, 8 for unsigned bytes, and the number of axes.
  const isExpected = options.rank === undefined ? kind !== undefined && rank > 0 : magic === 0x0800 + rank;
  const headerBytes = 4 + 4 * rank;
  if (!isExpected || kind === undefined || bytes.length < headerBytes) {
    const what = options.rank === undefined ? '' : ` of bytes with ${rank} axes`;
    const begins = options.rank === undefined ? '0x00000801 or the like' : hex(0x0800 + rank);
    throw new FormatError(
      `${name}: expected an IDX file${what} (it begins with ${begins}), ` +
        `received ${bytes.length} bytes that begin with ${magic < 0 ? 'nothing' : hex(magic)}. Download it again.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = headerBytes + elementCount(shape) * Number(kind[1]);
  if (bytes.length !== expected) {
    throw new FormatError(
      `${name}: expected ${expected} bytes for the shape ${formatShape(shape)}, ` +
        `received ${bytes.length}. Download it again.`,
    );
  }
  return { shape, ...readNumbers(name, bytes.subarray(headerBytes), kind, false) };
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
