/** The confusion matrix: rows are what the pictures are, columns what the model said, as in scikit-learn. */
import { DataError, ShapeError } from '../../core/errors.ts';
import { checkNumber } from '../../core/options.ts';
import { checkTensor, type Tensor } from '../../core/tensor.ts';
import { largestOf } from './metric.ts';

/** A list of class numbers, one per picture. */
export type ClassNumbers = ArrayLike<number>;

/** Class numbers, or a tensor of them, `[pictures]` or `[pictures, 1]`; of rows `[pictures, classes]` the places of the
 * largest. */
function classNumbersOf(what: string, given: ClassNumbers | Tensor): ClassNumbers {
  if (Array.isArray(given) || ArrayBuffer.isView(given)) return given as ClassNumbers;
  const { data, shape } = checkTensor('confusionMatrix', what, given);
  const width = shape.length > 1 ? shape.at(-1)! : 1;
  return width === 1 ? data : Array.from({ length: data.length / width }, (_, row) => largestOf(data, row, width));
}

function checkClass(what: string, value: number, picture: number, classCount: number): number {
  if (Number.isInteger(value) && value >= 0 && value < classCount) return value;
  throw new DataError(
    `confusionMatrix: expected ${what} from 0 to ${classCount - 1}, received ${value} for picture ${picture}. ` +
      'Use the class names that the model was trained with.',
  );
}

/**
 * Counts of pictures, `[true class][predicted class]`, `[classCount, classCount]`.
 *
 * @param targets class numbers, or a tensor of them or of one-hot rows
 * @param predictions the same, or a tensor of probabilities, of whose rows the largest counts
 * @throws {ShapeError} where the two lists differ in length.
 * @throws {DataError} where a class number is none.
 * @example
 * const matrix = confusionMatrix(y, await model.predict(x), 10);
 * console.log(formatClassificationReport(classificationReport(matrix, classNames)));
 */
export function confusionMatrix(
  targets: ClassNumbers | Tensor,
  predictions: ClassNumbers | Tensor,
  classCount: number,
): number[][] {
  checkNumber('confusionMatrix', 'classCount', classCount, { integer: true, min: 1 });
  const trueClasses = classNumbersOf('targets', targets);
  const predictedClasses = classNumbersOf('predictions', predictions);
  if (trueClasses.length !== predictedClasses.length) {
    throw new ShapeError(
      `confusionMatrix: expected as many predictions as true classes (${trueClasses.length}), received ` +
        `${predictedClasses.length}. Predict every picture once.`,
    );
  }
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let picture = 0; picture < trueClasses.length; picture++) {
    const trueClass = checkClass('true classes', trueClasses[picture]!, picture, classCount);
    const predictedClass = checkClass('predicted classes', predictedClasses[picture]!, picture, classCount);
    matrix[trueClass]![predictedClass]! += 1;
  }
  return matrix;
}

/** Each count divided by the sum of its row: the share of a class's pictures that got each answer. Empty rows are 0. */
export function normalizeRows(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
}

/** One way of being wrong, and how often it happened. */
export interface Confusion {
  trueClass: number;
  predictedClass: number;
  count: number;
  /** Of the pictures of `trueClass`, between 0 and 1. */
  share: number;
}

/** What was mistaken for what, the most frequent first, at most `limit`. */
export function frequentConfusions(matrix: readonly (readonly number[])[], limit: number): Confusion[] {
  const shares = normalizeRows(matrix);
  const found = matrix.flatMap((row, trueClass) =>
    row.map((count, predictedClass) => ({
      trueClass,
      predictedClass,
      count,
      share: shares[trueClass]![predictedClass]!,
    })),
  );
  return found
    .filter(({ trueClass, predictedClass, count }) => count > 0 && trueClass !== predictedClass)
    .sort((a, b) => b.count - a.count || b.share - a.share)
    .slice(0, limit);
}
