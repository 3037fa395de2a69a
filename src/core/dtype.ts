/** Element types. Every value of a graph carries one; float32, uint8 and int32 have kernels today. */

/** The element types, in the order of their numbers in a program's words. */
export const dtypes = ['float32', 'uint8', 'int32', 'float16', 'bfloat16', 'int8', 'uint16'] as const;

/** The name of an element type. */
export type DType = (typeof dtypes)[number];

const sizes: Record<DType, number> = {
  float32: 4,
  uint8: 1,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  uint16: 2,
};

/** Bytes of one element. */
export function bytesPerElement(dtype: DType): number {
  return sizes[dtype];
}

/** The arrays that hold tensors on the host. */
export type TypedArray = Float32Array | Uint8Array | Int32Array | Uint16Array | Int8Array;

/** The classes of those arrays. */
export type TypedArrayClass =
  | typeof Float32Array
  | typeof Uint8Array
  | typeof Int32Array
  | typeof Uint16Array
  | typeof Int8Array;

const arrays: Record<DType, TypedArrayClass> = {
  float32: Float32Array,
  uint8: Uint8Array,
  int32: Int32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  uint16: Uint16Array,
};

/** The typed array class that holds a dtype on the host (float16 and bfloat16 as their 16 bits). */
export function arrayClass(dtype: DType): TypedArrayClass {
  return arrays[dtype];
}
