/** What a trained model's answers to each example come to: as little as is needed to compare models fairly later. */
import { ShapeError } from '../core/errors.ts';

/** Answers to the same examples in the same order, each array one number for each example. */
export interface ExampleResults {
  readonly classCount: number;
  readonly trueClasses: readonly number[];
  readonly predictedClasses: readonly number[];
  /** −ln of the probability of the true class; probabilities are divided by their sum and held above 1e-7, as in Keras. */
  readonly logLosses: readonly number[];
  /** The share of a row's outputs that stand on their side of 0.5: what Keras 2 calls accuracy with binary cross-entropy. */
  readonly binaryAccuracies: readonly number[];
}

const least = 1e-7;

/**
 * Compares predictions with the truth, in the same way whatever the loss was.
 *
 * @param predictions `[examples, classes]` probabilities, row by row, or `[examples, 1]` of the second of two classes
 * @param trueClasses `[examples]`, numbers of classes
 * @throws ShapeError where there are not as many rows as classes
 */
export function gradeExamples(
  predictions: ArrayLike<number>,
  trueClasses: readonly number[],
  width: number,
): ExampleResults {
  if (predictions.length !== trueClasses.length * width) {
    throw new ShapeError(
      `gradeExamples: expected ${trueClasses.length} rows of ${width} probabilities, received ${predictions.length} numbers. ` +
        'Give one row for each example.',
    );
  }
  const graded = trueClasses.map((truth, row) => {
    const given = Array.from({ length: width }, (_, place) => predictions[row * width + place]!);
    return width === 1 ? gradeYesOrNo(given[0]!, truth) : gradeRow(given, truth);
  });
  return {
    classCount: Math.max(2, width),
    trueClasses: [...trueClasses],
    predictedClasses: graded.map(({ predicted }) => predicted),
    logLosses: graded.map(({ logLoss }) => logLoss),
    binaryAccuracies: graded.map(({ binary }) => binary),
  };
}

interface Grade {
  readonly predicted: number;
  readonly logLoss: number;
  readonly binary: number;
}

const held = (probability: number): number => Math.min(1 - least, Math.max(least, probability));

function gradeYesOrNo(probability: number, truth: number): Grade {
  const predicted = probability > 0.5 ? 1 : 0;
  const logLoss = -Math.log(held(truth === 1 ? probability : 1 - probability));
  return { predicted, logLoss, binary: predicted === truth ? 1 : 0 };
}

function gradeRow(row: readonly number[], truth: number): Grade {
  let predicted = 0;
  let sum = 0;
  let onTheirSide = 0;
  for (const [place, probability] of row.entries()) {
    if (probability > row[predicted]!) predicted = place;
    sum += probability;
    if (probability > 0.5 === (place === truth)) onTheirSide++;
  }
  return { predicted, logLoss: -Math.log(held(row[truth]! / sum)), binary: onTheirSide / row.length };
}
