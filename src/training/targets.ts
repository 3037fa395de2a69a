/** Checks targets and weights of a batch against a loss and a network's output, and writes class numbers as one-hot rows. */
import type { TypedArray } from '../core/dtype.ts';
import { DataError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Loss } from '../nn/losses/loss.ts';
import { type LossPart, lossOf } from '../nn/losses/table.ts';

/**
 * Targets in the shape of the predictions, in float32.
 *
 * @param outputShape the network's output with the symbolic batch axis
 * @throws ShapeError where they cannot be compared with the output; the message says what would
 * @throws DataError where a class number has no output, a target is not a number, or one of a cross-entropy is no share
 */
export function prepareTargets(targets: Tensor, part: LossPart, outputShape: Shape): Tensor {
  const loss = lossOf(part);
  const batch = targets.shape[0] ?? 0;
  const expected = [batch, ...outputShape.slice(1)];
  if (loss.targets === 'classNumber') return oneHot(targets, loss, expected);
  if (elementCount(targets.shape) === elementCount(expected) && isSameBesidesOnes(targets.shape, expected)) {
    const data = targets.data instanceof Float32Array ? targets.data : Float32Array.from(targets.data);
    checkNumbers(data, loss, expected);
    return tensor(data, expected);
  }
  const isClassNumbers = elementCount(targets.shape) === batch;
  const advice = isClassNumbers
    ? ` Those look like class numbers: use toCategorical(y, ${outputShape.at(-1)}), or the loss sparseCategoricalCrossentropy.`
    : ' The last layer must have as many outputs as the targets have columns.';
  throw new ShapeError(
    `fit: expected targets of shape ${formatShape(expected)} for ${loss.name}, received ${formatShape(targets.shape)}.${advice}`,
  );
}

/**
 * Checks the sample weights of a batch.
 *
 * @param count the number of examples
 * @throws ShapeError where there are more or fewer; DataError where one is negative or not a number
 */
export function checkSampleWeights(weights: ArrayLike<number>, count: number, where = 'fit'): void {
  if (weights.length !== count) {
    throw new ShapeError(`${where}: expected as many sample weights as inputs (${count}), received ${weights.length}.`);
  }
  for (let example = 0; example < count; example++) {
    const weight = weights[example]!;
    if (weight >= 0 && weight < Infinity) continue;
    throw new DataError(
      `${where}: expected sample weights of 0 or more, received ${weight} (number ${example} of the batch). ` +
        'A weight of 0 leaves an example out.',
    );
  }
}

function isSameBesidesOnes(a: Shape, b: Shape): boolean {
  const large = (shape: Shape) => shape.slice(1).filter((size) => size !== 1);
  return large(a).join() === large(b).join();
}

function checkNumbers(data: TypedArray, { name, range }: Loss, shape: Shape): void {
  const isShare = range === 'shares';
  const [low, high] = isShare ? [0, 1] : [-Number.MAX_VALUE, Number.MAX_VALUE];
  for (let place = 0; place < data.length; place++) {
    const value = data[place]!;
    // Not a number fails both comparisons.
    if (value >= low && value <= high) continue;
    const example = Math.floor(place / (data.length / shape[0]!));
    const expected = isShare && !Number.isNaN(value) ? 'targets between 0 and 1' : 'targets that are numbers';
    throw new DataError(
      `fit: expected ${expected} for ${name}, received ${value} (example ${example} of the batch). ${advice(value, shape)}`,
    );
  }
}

function advice(value: number, shape: Shape): string {
  if (!Number.isFinite(value)) return 'Leave such examples out.';
  return shape.at(-1) === 1 && Number.isInteger(value) && value > 1
    ? 'Class numbers above 1 need an output for each class, and the loss sparseCategoricalCrossentropy.'
    : 'Divide by the largest, or use the loss meanSquaredError.';
}

function oneHot(targets: Tensor, { name, ignoreClass }: Loss, expected: readonly number[]): Tensor {
  const classes = expected.at(-1)!;
  const rows = elementCount(expected.slice(0, -1));
  if (elementCount(targets.shape) !== rows) {
    throw new ShapeError(
      `fit: expected one class number per example, shape ${formatShape([...expected.slice(0, -1), 1])}, for ${name}, received ${formatShape(targets.shape)}. ` +
        'For one-hot rows use the loss categoricalCrossentropy.',
    );
  }
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const label = targets.data[row]!;
    if (label === ignoreClass) continue;
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
