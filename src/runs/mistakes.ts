/** The mistakes a person should look at first: those of which the model was most sure. */
import { ShapeError } from '../core/errors.ts';
import type { ClassNumbers } from '../nn/metrics/confusion-matrix.ts';

/** One wrong answer. */
export interface Mistake {
  /** Which of the evaluated pictures, from 0. */
  index: number;
  trueClass: number;
  predictedClass: number;
  /** Of the wrong answer, between 0 and 1. */
  probability: number;
  /** Of the right answer. */
  trueProbability: number;
}

/**
 * The wrong answers, the most confident first, at most `limit`. Of equal probabilities the earlier picture comes first; of
 * equal outputs of one picture the first class is the answer.
 * @param probabilities `[pictures, classCount]`, row by row
 * @throws {ShapeError} where there are not `classCount` probabilities for each true class.
 */
export function mostConfidentMistakes(
  probabilities: ArrayLike<number>,
  trueClasses: ClassNumbers,
  classCount: number,
  limit: number,
): Mistake[] {
  if (probabilities.length !== trueClasses.length * classCount) {
    throw new ShapeError(
      `mostConfidentMistakes: expected probabilities [${trueClasses.length}, ${classCount}], received ` +
        `${probabilities.length} values. Give one probability for each picture and class.`,
    );
  }
  const mistakes: Mistake[] = [];
  for (let index = 0; index < trueClasses.length; index++) {
    const row = index * classCount;
    let predictedClass = 0;
    for (let other = 1; other < classCount; other++) {
      if (probabilities[row + other]! > probabilities[row + predictedClass]!) predictedClass = other;
    }
    const trueClass = trueClasses[index]!;
    if (predictedClass === trueClass) continue;
    const probability = probabilities[row + predictedClass]!;
    mistakes.push({ index, trueClass, predictedClass, probability, trueProbability: probabilities[row + trueClass]! });
  }
  return mistakes.sort((a, b) => b.probability - a.probability || a.index - b.index).slice(0, limit);
}
