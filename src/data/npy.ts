/** NumPy's `.npy` format (https://numpy.org/neps/nep-0001-npy-format.html): a magic text, a header that is a Python
 * dictionary, and the numbers of one array. */
import { FormatError } from '../core/errors.ts';
import { elementCount, formatShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { isNumberKind, readNumbers } from './array-numbers.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads one array. Arrays in Fortran's order are turned into rows first.
 *
 * @param where what messages name, such as the file
 * @returns uint8 (also of booleans), int8, uint16, int32 or float32; float16 and float64 become float32
 * @throws FormatError where it is no such file, is cut, or holds something else than numbers
 */
export function parseNpy(where: string, bytes: Uint8Array): Tensor {
  if (magic.some((byte, place) => bytes[place] !== byte)) {
    throw new FormatError(
      `${where}: expected a .npy file (it begins with \\x93NUMPY), received ${bytes.length} bytes that begin otherwise. Save it by numpy.save.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOld = bytes[6] === 1;
  const start = isOld ? 10 : 12;
  const headerBytes = bytes.length < start ? Infinity : isOld ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + headerBytes > bytes.length) throw cut(where, 'a whole header', bytes.length);
  const header = new TextDecoder().decode(bytes.subarray(start, start + headerBytes));
  const { kind, isLittleEndian, isFortran, shape } = parseHeader(where, header);
  const numbers = bytes.subarray(start + headerBytes);
  const expected = elementCount(shape) * Number(kind[1]);
  if (numbers.length !== expected)
    throw cut(where, `${expected} bytes for the shape ${formatShape(shape)}`, numbers.length);
  const { dtype, data } = readNumbers(where, numbers, kind, isLittleEndian);
  if (!isFortran || shape.length < 2) return { shape, dtype, data };
  const rowsFirst = data.slice();
  const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const place = shape.map(() => 0);
  for (let index = 0; index < rowsFirst.length; index++) {
    rowsFirst[index] = data[place.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis]! === shape[axis]; axis--) place[axis] = 0;
  }
  return { shape, dtype, data: rowsFirst };
}

function parseHeader(where: string, header: string) {
  const type = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (type === null || order === undefined || sizes === undefined) {
    throw new FormatError(
      `${where}: expected a .npy header with descr, fortran_order and shape, received ${JSON.stringify(header.slice(0, 80))}. Save it again by numpy.save.`,
    );
  }
  const descr = type[1] ?? 'a record of several fields';
  const kind = descr.slice(1);
  if (kind.startsWith('O')) {
    throw new FormatError(
      `${where}: expected numbers, received pickled Python objects, which are programs and are not run. Save an array of one numeric type by numpy.save.`,
    );
  }
  if (!isNumberKind(kind) || !'<>|='.includes(descr[0]!)) {
    throw new FormatError(
      `${where}: expected booleans, whole numbers or floats of up to 8 bytes, received ${JSON.stringify(descr)}. Convert the array by astype("float32").`,
    );
  }
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return { kind, isLittleEndian: descr[0] !== '>', isFortran: order === 'True', shape };
}

function cut(where: string, expected: string, received: number): FormatError {
  return new FormatError(
    `${where}: expected ${expected}, received ${received} bytes. The file is cut or damaged: save it again.`,
  );
}
