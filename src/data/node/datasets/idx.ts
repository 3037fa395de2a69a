/** The IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist/), gzip-compressed or not: a magic number, sizes
 * in big-endian words, then bytes. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DataError, FormatError } from '../../../core/errors.ts';
import { elementCount, formatShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';

/**
 * Reads a file of unsigned bytes.
 *
 * @param rank how many axes the file must have: 3 for pictures, 1 for labels
 * @returns uint8, with the shape that the file states
 * @throws DataError where the file cannot be read
 * @throws FormatError where it is not such a file, or has not as many bytes as its sizes say
 */
export async function readIdx(path: string, rank: number): Promise<Tensor> {
  const bytes = await readMaybeCompressed(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Two zero bytes, 8 for unsigned bytes, and the number of axes.
  const expected = 0x0800 + rank;
  const magic = bytes.length >= 4 ? view.getUint32(0) : -1;
  const headerBytes = 4 + 4 * rank;
  if (magic !== expected || bytes.length < headerBytes) {
    throw new FormatError(
      `${path}: expected an IDX file of bytes with ${rank} axes (it begins with ${hex(expected)}), ` +
        `received ${bytes.length} bytes that begin with ${magic < 0 ? 'nothing' : hex(magic)}. Download it again.`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (bytes.length !== headerBytes + elementCount(shape)) {
    throw new FormatError(
      `${path}: expected ${headerBytes + elementCount(shape)} bytes for the shape ${formatShape(shape)}, ` +
        `received ${bytes.length}. Download it again.`,
    );
  }
  return { shape, dtype: 'uint8', data: bytes.subarray(headerBytes) };
}

async function readMaybeCompressed(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DataError(`${path}: expected a file, received an error (${(cause as Error).message}). Check the path.`, {
      cause,
    });
  }
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isCompressed) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (cause) {
    throw new FormatError(
      `${path}: expected a whole gzip file, received one that does not unpack (${(cause as Error).message}). Download it again.`,
      { cause },
    );
  }
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
