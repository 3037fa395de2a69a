/** Typed arrays for the element types in which memory is read. */
import type { MemoryArray, MemoryType } from './backend.ts';

/** An array of zeros. */
export function memoryArray(dtype: MemoryType, count: number): MemoryArray {
  if (dtype === 'float32') return new Float32Array(count);
  return dtype === 'uint8' ? new Uint8Array(count) : new Int32Array(count);
}

/** A part of a buffer, which is not copied. */
export function memoryView(dtype: MemoryType, buffer: ArrayBufferLike, byteOffset: number, count: number): MemoryArray {
  if (dtype === 'float32') return new Float32Array(buffer, byteOffset, count);
  return dtype === 'uint8' ? new Uint8Array(buffer, byteOffset, count) : new Int32Array(buffer, byteOffset, count);
}
