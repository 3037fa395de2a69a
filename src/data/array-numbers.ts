/** Numbers as files of arrays hold them, turned into what tensors hold: uint8, int8, uint16, int32 or float32. */
import type { DType, TypedArray } from '../core/dtype.ts';
import { FormatError } from '../core/errors.ts';

/** Kinds of numbers in files: whole ones with and without a sign, floats, and `b` for true or false. */
export type NumberKind = `${'u' | 'i'}${1 | 2 | 4 | 8}` | `f${2 | 4 | 8}` | 'b1';

/** What tensors of such numbers are. */
const dtypeOf: Readonly<Record<NumberKind, DType>> = {
  b1: 'uint8',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'int32',
  u8: 'int32',
  i1: 'int8',
  i2: 'int32',
  i4: 'int32',
  i8: 'int32',
  f2: 'float32',
  f4: 'float32',
  f8: 'float32',
};

const arrays = { uint8: Uint8Array, uint16: Uint16Array, int8: Int8Array, int32: Int32Array, float32: Float32Array };

/** Whether a text names a kind of numbers that tensors can hold. */
export function isNumberKind(text: string): text is NumberKind {
  return Object.hasOwn(dtypeOf, text);
}

/**
 * Reads numbers in the order in which they lie.
 *
 * @param bytes as many as the numbers take
 * @returns float16 and float64 as float32, wide whole numbers as int32
 * @throws FormatError where a whole number is beyond int32
 */
export function readNumbers(
  where: string,
  bytes: Uint8Array,
  kind: NumberKind,
  isLittleEndian: boolean,
): { dtype: DType; data: TypedArray } {
  const size = Number(kind[1]);
  const count = bytes.length / size;
  const dtype = dtypeOf[kind] as keyof typeof arrays;
  if (kind === 'u1') return { dtype, data: bytes };
  const data = new arrays[dtype](count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[kind];
  for (let place = 0; place < count; place++) {
    const value = read(view, place * size, isLittleEndian);
    if (dtype === 'int32' && (value > 0x7fff_ffff || value < -0x8000_0000)) {
      throw new FormatError(
        `${where}: expected whole numbers that fit into int32, received ${value}. Save them as floats.`,
      );
    }
    data[place] = value;
  }
  return { dtype, data };
}

type Reader = (view: DataView, offset: number, isLittleEndian: boolean) => number;

const readers: Readonly<Record<NumberKind, Reader>> = {
  b1: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
  u1: (view, offset) => view.getUint8(offset),
  u2: (view, offset, little) => view.getUint16(offset, little),
  u4: (view, offset, little) => view.getUint32(offset, little),
  u8: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  i1: (view, offset) => view.getInt8(offset),
  i2: (view, offset, little) => view.getInt16(offset, little),
  i4: (view, offset, little) => view.getInt32(offset, little),
  i8: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  f2: (view, offset, little) => halfToNumber(view.getUint16(offset, little)),
  f4: (view, offset, little) => view.getFloat32(offset, little),
  f8: (view, offset, little) => view.getFloat64(offset, little),
};

/** A float16 (IEEE 754 binary16) from its bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
