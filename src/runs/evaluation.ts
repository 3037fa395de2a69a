/** What an evaluation says, in numbers: accuracy with its interval, the baseline, the matrix, and the worst mistakes. */
import { ShapeError } from '../core/errors.ts';
import { checkNumber } from '../core/options.ts';
import { type ClassificationReport, classificationReport } from '../nn/metrics/classification-report.ts';
import { type ClassNumbers, confusionMatrix } from '../nn/metrics/confusion-matrix.ts';

/** The two ends of an interval of shares, between 0 and 1. */
export interface Interval {
  low: number;
  high: number;
}

/** The 97.5 % point of the standard normal distribution: 95 % lie between minus this and this. */
const normal95 = 1.959963984540054;

/**
 * Wilson's 95 % score interval of a share: `right` of `total`. Unlike the usual ± it stays between 0 and 1 and is sound for
 * few pictures and shares near 1. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", JASA 22 (1927). It takes pictures to be independent of each other.
 * @throws {OptionError} where `right` is not between 0 and `total`.
 */
export function wilsonInterval(right: number, total: number): Interval {
  checkNumber('wilsonInterval', 'total', total, { min: 0 });
  checkNumber('wilsonInterval', 'right', right, { min: 0, max: total });
  if (total === 0) return { low: 0, high: 1 };
  const share = right / total;
  const squared = normal95 ** 2;
  const centre = share + squared / (2 * total);
  const spread = normal95 * Math.sqrt((share * (1 - share)) / total + squared / (4 * total ** 2));
  const scale = 1 + squared / total;
  return {
    low: right === 0 ? 0 : (centre - spread) / scale,
    high: right === total ? 1 : (centre + spread) / scale,
  };
}

/** The number of pictures of each class, `[classCount]`. */
export function countClasses(classes: ClassNumbers, classCount: number): number[] {
  return confusionMatrix(classes, classes, classCount).map((row, index) => row[index]!);
}

/** The model that always gives one answer: the class with the most training pictures. */
export interface Baseline {
  className: string;
  /** The share of the evaluated pictures on which that answer is right. */
  accuracy: number;
}

/** The majority-class baseline. Of classes with equally many training pictures the first counts. */
export function majorityBaseline(
  classNames: readonly string[],
  trainingCounts: readonly number[],
  evaluationCounts: readonly number[],
): Baseline {
  for (const [what, counts] of Object.entries({ trainingCounts, evaluationCounts })) {
    if (counts.length === classNames.length) continue;
    throw new ShapeError(
      `majorityBaseline: expected ${what} for ${classNames.length} classes, received ${counts.length}. Count each class once.`,
    );
  }
  const majority = trainingCounts.indexOf(Math.max(...trainingCounts));
  const total = evaluationCounts.reduce((sum, count) => sum + count, 0);
  return {
    className: classNames[majority] ?? '',
    accuracy: total === 0 ? 0 : (evaluationCounts[majority] ?? 0) / total,
  };
}

/** An evaluation in numbers, as it stands in `report.json`. */
export interface EvaluationSummary {
  pictures: number;
  right: number;
  accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  interval: Interval;
  baseline: Baseline;
  /** Counts, `[true class][predicted class]`. */
  confusionMatrix: number[][];
  report: ClassificationReport;
}

/** What `summarizeEvaluation` reads. */
export interface EvaluationInput {
  classNames: readonly string[];
  trueClasses: ClassNumbers;
  predictedClasses: ClassNumbers;
  /** Pictures of each class that the model was trained on, for the baseline. */
  trainingCounts: readonly number[];
}

/**
 * Summarizes the answers to a set of pictures.
 * @throws {ShapeError} where the lists do not fit each other, {DataError} where a class number is none.
 */
export function summarizeEvaluation(input: EvaluationInput): EvaluationSummary {
  const { classNames, trueClasses, predictedClasses, trainingCounts } = input;
  const matrix = confusionMatrix(trueClasses, predictedClasses, classNames.length);
  const report = classificationReport(matrix, classNames);
  const right = matrix.reduce((sum, row, index) => sum + row[index]!, 0);
  const evaluationCounts = report.classes.map(({ support }) => support);
  return {
    pictures: report.support,
    right,
    accuracy: report.accuracy,
    interval: wilsonInterval(right, report.support),
    baseline: majorityBaseline(classNames, trainingCounts, evaluationCounts),
    confusionMatrix: matrix,
    report,
  };
}
