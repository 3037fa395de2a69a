/** Arrays of HDF5 files, read by the HDF5 library itself (`h5wasm`), which is loaded only here. */
import { randomUUID } from 'node:crypto';
import { DataError, FormatError } from '../../../core/errors.ts';
import { didYouMean } from '../../../core/options.ts';
import { elementCount, formatShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { isNumberKind, readNumbers } from '../../array-numbers.ts';
import { nameSome } from '../../picture-file.ts';
import { showName } from '../../show-name.ts';
import { type ArraySource, bytesOf } from './array-source.ts';

type Library = typeof import('h5wasm/node');
type OpenFile = InstanceType<Library['File']>;

/**
 * Reads one array of an HDF5 file.
 *
 * @param dataset its name inside the file, with the groups it is in: `train_set_x`, `images/left`
 * @returns uint8, int8, uint16, int32 or float32; float64 becomes float32
 * @throws DataError where the file cannot be read, or has no dataset of that name: the message lists those it has
 * @throws FormatError where it is no HDF5 file, is damaged, or the dataset holds something else than numbers
 * @example
 * const x = await readHdf5('train_catvnoncat.h5', 'train_set_x'); // uint8 [209, 64, 64, 3]
 */
export async function readHdf5(source: ArraySource, dataset: string): Promise<Tensor> {
  return withFile(source, (name, file) => {
    const names = datasetsOf(file);
    if (!names.includes(dataset)) {
      throw new DataError(
        `${name}: expected a dataset "${showName(dataset)}", received a file with ${nameSome(names, 20) || 'none'}.` +
          `${didYouMean(dataset, names)} Give one of these names.`,
      );
    }
    return tensorOf(`${name} (${showName(dataset)})`, file, dataset);
  });
}

/** The names of all arrays in an HDF5 file, with the groups they are in. @throws as `readHdf5` */
export async function listHdf5(source: ArraySource): Promise<string[]> {
  return withFile(source, (_, file) => datasetsOf(file));
}

async function withFile<Result>(source: ArraySource, use: (name: string, file: OpenFile) => Result): Promise<Result> {
  const { name, bytes } = await bytesOf(source, 'readHdf5');
  if (!hasSignature(bytes)) {
    throw new FormatError(
      `${name}: expected an HDF5 file (it begins with \\x89HDF), received ${bytes.length} bytes that begin otherwise. Check what file it is.`,
    );
  }
  const library = await import('h5wasm/node');
  const { FS, activate_throwing_error_handler: throwErrors } = await library.ready;
  // Else the library writes to the terminal, and goes on with what is not there.
  throwErrors();
  // The library's own file system is in memory: a copy there cannot change while it is read.
  const place = `/${randomUUID()}.h5`;
  let file: OpenFile | undefined;
  try {
    FS.writeFile(place, bytes);
    file = new library.File(place, 'r');
    return use(name, file);
  } catch (cause) {
    if (cause instanceof DataError || cause instanceof FormatError) throw cause;
    throw new FormatError(
      `${name}: expected a whole HDF5 file, received one that does not open (${firstLine(cause)}). The file is cut or damaged: download it again.`,
      { cause },
    );
  } finally {
    closeQuietly(file);
    FS.unlink(place);
  }
}

/** What is damaged may not close; it was read, or its error is on its way. */
function closeQuietly(file: OpenFile | undefined): void {
  try {
    file?.close();
  } catch {}
}

/** The signature lies at 0, or after a user's block at 512, 1024, 2048, … */
function hasSignature(bytes: Uint8Array): boolean {
  const isAt = (start: number) =>
    [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, at) => bytes[start + at] === byte);
  for (let start = 0; start < bytes.length; start = start === 0 ? 512 : 2 * start) if (isAt(start)) return true;
  return false;
}

function datasetsOf(file: OpenFile): string[] {
  return file
    .paths()
    .filter((path) => (file.get(path) as { type?: string } | null)?.type === 'Dataset')
    .sort();
}

function tensorOf(where: string, file: OpenFile, dataset: string): Tensor {
  const found = file.get(dataset) as InstanceType<Library['Dataset']>;
  const { shape, dtype } = found;
  const kind = typeof dtype === 'string' ? kindOf(dtype) : '';
  if (shape === null || !isNumberKind(kind)) {
    throw new FormatError(
      `${where}: expected an array of numbers, received ${typeof dtype === 'string' ? `the type ${dtype}` : 'a compound type'}. Choose another dataset.`,
    );
  }
  const value = found.value as unknown;
  const view = ArrayBuffer.isView(value) ? value : undefined;
  const expected = elementCount(shape) * Number(kind[1]);
  if (view === undefined || view.byteLength !== expected) {
    throw new FormatError(
      `${where}: expected ${expected} bytes for the shape ${formatShape(shape)}, received ${view?.byteLength ?? 'no'} bytes. The file is damaged: download it again.`,
    );
  }
  // The library gives numbers in this machine's order, in memory of its own.
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  return { shape, ...readNumbers(where, bytes, kind, true) };
}

/** `<B` and the like (Python's struct letters) as the kinds of numbers. */
function kindOf(dtype: string): string {
  const kinds: Record<string, string> = {
    b: 'i1',
    B: 'u1',
    h: 'i2',
    H: 'u2',
    i: 'i4',
    I: 'u4',
    q: 'i8',
    Q: 'u8',
    f: 'f4',
    d: 'f8',
  };
  return kinds[dtype.replace(/^[<>=|]/, '')] ?? '';
}

function firstLine(cause: unknown): string {
  return String((cause as Error | undefined)?.message ?? cause).split('\n')[0]!;
}
