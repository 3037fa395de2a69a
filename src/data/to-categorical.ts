/** One-hot rows from class numbers, as Keras's `to_categorical`. */
import { DataError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { checkTensor, type Tensor } from '../core/tensor.ts';

/**
 * Turns class numbers into one-hot rows.
 *
 * @param labels class numbers from 0, as a list, a typed array, or a tensor `[examples]` or `[examples, 1]`
 * @param numClasses the number of classes, by default the largest label + 1
 * @returns float32 `[examples, numClasses]`
 * @throws DataError where a label is not a whole number from 0 to numClasses − 1
 * @example
 * toCategorical([0, 2, 1], 3).data; // 1 0 0  0 0 1  0 1 0
 */
export function toCategorical(labels: ArrayLike<number> | Tensor, numClasses?: number): Tensor {
  const isList = Array.isArray(labels) || ArrayBuffer.isView(labels);
  const values = isList ? (labels as ArrayLike<number>) : checkTensor('toCategorical', 'labels', labels).data;
  const classes = numClasses ?? Array.from(values).reduce((largest, label) => Math.max(largest, label), -1) + 1;
  checkNumber('toCategorical', 'numClasses', classes, { integer: true, min: 1 });
  const data = new Float32Array(values.length * classes);
  for (let row = 0; row < values.length; row++) {
    const label = values[row]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        `toCategorical: expected whole numbers from 0 to ${classes - 1}, received ${label} at position ${row}.`,
      );
    }
    data[row * classes + label] = 1;
  }
  return { shape: [values.length, classes], dtype: 'float32', data };
}
