/** Checks targets against a loss and a network's output, and writes class numbers as one-hot rows. */
import { DataError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import { type LossName, lossOf } from '../nn/losses/table.ts';

/**
 * Targets in the shape of the predictions, in float32.
 *
 * @param outputShape the network's output with the symbolic batch axis
 * @throws ShapeError where they cannot be compared with the output; the message says what would
 * @throws DataError where a class number has no output
 */
export function prepareTargets(targets: Tensor, loss: LossName, outputShape: Shape): Tensor {
  const batch = targets.shape[0] ?? 0;
  const expected = [batch, ...outputShape.slice(1)];
  if (lossOf(loss).targets === 'classNumber') return oneHot(targets, loss, expected);
  if (elementCount(targets.shape) === elementCount(expected) && isSameBesidesOnes(targets.shape, expected)) {
    const data = targets.data instanceof Float32Array ? targets.data : Float32Array.from(targets.data);
    return tensor(data, expected);
  }
  const isClassNumbers = elementCount(targets.shape) === batch;
  const advice = isClassNumbers
    ? ` Those look like class numbers: use toCategorical(y, ${outputShape.at(-1)}), or the loss sparseCategoricalCrossentropy.`
    : ' The last layer must have as many outputs as the targets have columns.';
  throw new ShapeError(
    `fit: expected targets of shape ${formatShape(expected)} for ${loss}, received ${formatShape(targets.shape)}.${advice}`,
  );
}

function isSameBesidesOnes(a: Shape, b: Shape): boolean {
  const large = (shape: Shape) => shape.slice(1).filter((size) => size !== 1);
  return large(a).join() === large(b).join();
}

function oneHot(targets: Tensor, loss: LossName, expected: readonly number[]): Tensor {
  const classes = expected.at(-1)!;
  const rows = elementCount(expected.slice(0, -1));
  if (elementCount(targets.shape) !== rows) {
    throw new ShapeError(
      `fit: expected one class number per example, shape ${formatShape([...expected.slice(0, -1), 1])}, for ${loss}, received ${formatShape(targets.shape)}. ` +
        'For one-hot rows use the loss categoricalCrossentropy.',
    );
  }
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const label = targets.data[row]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new DataError(
        `fit: expected class numbers from 0 to ${classes - 1}, received ${label} (number ${row} of the batch). ` +
          'The last layer must have an output for each class.',
      );
    }
    data[row * classes + label] = 1;
  }
  return tensor(data, expected);
}
