/** CIFAR-10: 60,000 colour pictures of 32 × 32 in ten classes, in its binary version (Krizhevsky, 2009). */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError, FormatError } from '../../../core/errors.ts';
import type { Arrays } from '../../array-dataset.ts';
import { compareCodePoints } from '../../code-point-order.ts';
import { type ArraySource, bytesOf } from '../arrays/array-source.ts';

const side = 32;
const planeBytes = side * side;
const recordBytes = 1 + 3 * planeBytes;
const classNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/** What was found of CIFAR-10. */
export interface Cifar10 {
  /** `x`: uint8 `[examples, 32, 32, 3]`; `y`: uint8 class numbers `[examples, 1]`. */
  readonly train: Arrays;
  /** Absent where there is no `test_batch` file. */
  readonly test?: Arrays;
  readonly classNames: readonly string[];
}

/**
 * Reads CIFAR-10 from its binary batches: a folder with `data_batch_*.bin` and `test_batch*.bin`, or a single file.
 *
 * @throws DataError where there are no such files
 * @throws FormatError where a file is not made of whole records of 3073 bytes with a label from 0 to 9
 * @example
 * const { train } = await datasets.cifar10('cifar-10-batches-bin');
 */
export async function cifar10(path: string): Promise<Cifar10> {
  const files = await batchFiles(path);
  const isTest = (file: string) => basename(file).startsWith('test_batch');
  const training = files.filter((file) => !isTest(file));
  if (training.length === 0) {
    throw new DataError(
      `${path}: expected CIFAR-10's data_batch_*.bin, received none. Give the folder of the binary version.`,
    );
  }
  const testing = files.filter(isTest);
  return {
    train: await readBatches(training),
    ...(testing.length > 0 && { test: await readBatches(testing) }),
    classNames,
  };
}

async function batchFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /^(data|test)_batch.*\.bin$/.test(name));
    return names.sort(compareCodePoints).map((name) => join(path, name));
  } catch (cause) {
    throw new DataError(
      `${path}: expected a file or a folder, received an error (${(cause as Error).message}). Check the path.`,
      { cause },
    );
  }
}

/**
 * Reads one binary batch, `.gz` or not: records of a label byte and three planes of 32 × 32 bytes.
 *
 * @returns `x`: uint8 `[examples, 32, 32, 3]`; `y`: uint8 class numbers `[examples, 1]`
 * @throws DataError where the file cannot be read
 * @throws FormatError where it is not made of whole records of 3073 bytes with a label from 0 to 9
 */
export async function readCifar10(source: ArraySource): Promise<Arrays> {
  return readBatches([source]);
}

async function readBatches(sources: readonly ArraySource[]): Promise<Arrays> {
  const files = await Promise.all(sources.map((source) => bytesOf(source, 'readCifar10')));
  for (const { name, bytes } of files) checkRecords(name, bytes);
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / recordBytes, 0);
  const x = new Uint8Array(count * 3 * planeBytes);
  const y = new Uint8Array(count);
  let example = 0;
  for (const { bytes } of files) {
    for (let start = 0; start < bytes.length; start += recordBytes) {
      y[example] = bytes[start]!;
      interleave(bytes.subarray(start + 1, start + recordBytes), x, example * 3 * planeBytes);
      example++;
    }
  }
  return {
    x: { shape: [count, side, side, 3], dtype: 'uint8', data: x },
    y: { shape: [count, 1], dtype: 'uint8', data: y },
  };
}

/** From planes `[3, 32, 32]` to pixels `[32, 32, 3]`. */
function interleave(planes: Uint8Array, out: Uint8Array, start: number): void {
  for (let pixel = 0; pixel < planeBytes; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      out[start + pixel * 3 + channel] = planes[channel * planeBytes + pixel]!;
    }
  }
}

function checkRecords(path: string, bytes: Uint8Array): void {
  const isWhole = bytes.length > 0 && bytes.length % recordBytes === 0;
  if (!isWhole) {
    throw new FormatError(
      `${path}: expected records of ${recordBytes} bytes, received ${bytes.length} bytes. ` +
        'Take the binary version of CIFAR-10, unpacked and whole.',
    );
  }
  for (let start = 0; start < bytes.length; start += recordBytes) {
    if (bytes[start]! < classNames.length) continue;
    throw new FormatError(
      `${path}: expected labels from 0 to 9, received ${bytes[start]} in record ${start / recordBytes}. ` +
        'Take the binary version of CIFAR-10 (not CIFAR-100).',
    );
  }
}
