/** NumPy's files, from disk or memory. */
import type { Tensor } from '../../../core/tensor.ts';
import { parseNpy } from '../../npy.ts';
import { type ArraySource, bytesOf } from './array-source.ts';
import { parseNpz } from './npz.ts';

/**
 * Reads a `.npy` file, `.gz` or not.
 *
 * @returns uint8 (also of booleans), int8, uint16, int32 or float32; float16 and float64 become float32
 * @throws DataError where the file cannot be read
 * @throws FormatError where it is no such file, is cut, or holds pickled objects
 */
export async function readNpy(source: ArraySource): Promise<Tensor> {
  const { name, bytes } = await bytesOf(source, 'readNpy');
  return parseNpy(name, bytes);
}

/**
 * Reads all arrays of a `.npz` archive, by their names.
 *
 * @throws DataError where the file cannot be read
 * @throws FormatError where it is no such archive, is damaged, or holds something else than numbers
 * @example
 * const { x_train, y_train } = await readNpz('mnist.npz');
 * const dataset = arrayDataset(x_train!, y_train!, { batchSize: 64 });
 */
export async function readNpz(source: ArraySource): Promise<Record<string, Tensor>> {
  const { name, bytes } = await bytesOf(source, 'readNpz');
  return parseNpz(name, bytes);
}
