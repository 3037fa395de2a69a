/** The metrics that mean the same for every setting, whatever its loss. Each is a function of a few sums over examples, so
 * that a bootstrap only adds up sums again. */
import type { ExampleResults } from './example-results.ts';

/** The names. */
export type SharedMetricName = 'accuracy' | 'macroF1' | 'logLoss';

/** One contribution of an example to a sum. */
export interface Contribution {
  readonly example: number;
  readonly sum: number;
  readonly amount: number;
}

/** A metric as a function of sums. */
export interface SharedMetric {
  readonly isHigherBetter: boolean;
  /** How many sums there are. */
  sumCount(classCount: number): number;
  contributions(results: ExampleResults): Contribution[];
  /** The metric, or NaN where the sums are of no example. */
  value(sums: ArrayLike<number>): number;
}

/** A metric that is a mean: the first sum is of amounts, the second of examples. */
function meanOver(isHigherBetter: boolean, amount: (results: ExampleResults, example: number) => number): SharedMetric {
  return {
    isHigherBetter,
    sumCount: () => 2,
    contributions: (results) =>
      results.trueClasses.flatMap((_, example) => [
        { example, sum: 0, amount: amount(results, example) },
        { example, sum: 1, amount: 1 },
      ]),
    value: (sums) => sums[0]! / sums[1]!,
  };
}

/** F1 of a class is 2 · right / (support + answers); sums are right ones by class, then the denominators. A class that is
 * neither there nor answered counts 0, as in the reports. */
const macroF1: SharedMetric = {
  isHigherBetter: true,
  sumCount: (classCount) => 2 * classCount,
  contributions: ({ classCount, trueClasses, predictedClasses }) =>
    trueClasses.flatMap((truth, example) => {
      const predicted = predictedClasses[example]!;
      return [
        ...(truth === predicted ? [{ example, sum: truth, amount: 1 }] : []),
        { example, sum: classCount + truth, amount: 1 },
        { example, sum: classCount + predicted, amount: 1 },
      ];
    }),
  value(sums) {
    const classCount = sums.length / 2;
    let total = 0;
    let examples = 0;
    for (let label = 0; label < classCount; label++) {
      const denominator = sums[classCount + label]!;
      examples += denominator;
      if (denominator > 0) total += (2 * sums[label]!) / denominator;
    }
    return examples === 0 ? Number.NaN : total / classCount;
  },
};

/** The metrics, the first of which is compared where no other is asked for. */
export const sharedMetrics: Readonly<Record<SharedMetricName, SharedMetric>> = {
  accuracy: meanOver(true, ({ trueClasses, predictedClasses }, example) =>
    trueClasses[example] === predictedClasses[example] ? 1 : 0,
  ),
  macroF1,
  logLoss: meanOver(false, ({ logLosses }, example) => logLosses[example]!),
};

/** All names. */
export const sharedMetricNames: readonly SharedMetricName[] = Object.keys(sharedMetrics) as SharedMetricName[];

/** A metric over all examples once. */
export function metricValue(name: SharedMetricName, results: ExampleResults): number {
  const metric = sharedMetrics[name];
  const sums = new Float64Array(metric.sumCount(results.classCount));
  for (const { sum, amount } of metric.contributions(results)) sums[sum]! += amount;
  return metric.value(sums);
}

/** The mean of the binary form of accuracy, which is for looking at and not for comparing. */
export function binaryAccuracyOf({ binaryAccuracies }: ExampleResults): number {
  return binaryAccuracies.reduce((sum, share) => sum + share, 0) / binaryAccuracies.length;
}
