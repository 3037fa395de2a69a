/** Agreement beyond chance: Cohen's kappa and Matthews' correlation. Both are 1 where all answers are right, and 0 where they
 * are as good as guessing with the same frequencies. */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { type ConfusionCounts, marginsOf, ofConfusion } from './confusion-counts.ts';
import { defineMetric, divide, type MetricDefinition } from './metric.ts';

/** Options of Cohen's kappa. */
export interface CohenKappaOptions {
  /** What a mistake costs: null, each the same; by the distance of the classes' numbers, or its square, for classes that are
   * in an order. Default null. */
  weights: 'linear' | 'quadratic' | null;
}

const costs = {
  none: (distance: number) => (distance === 0 ? 0 : 1),
  linear: (distance: number) => distance,
  quadratic: (distance: number) => distance ** 2,
};

const widthOf = (outputShape: readonly number[]) => (outputShape.length < 2 ? 1 : outputShape.at(-1)!);

/**
 * 1 − Σ cost·observed / Σ cost·expected by chance. Source: J. Cohen, "A coefficient of agreement for nominal scales", 1960, and
 * its weighted form of 1968; scikit-learn's `cohen_kappa_score`.
 */
export const cohenKappa: MetricDefinition<CohenKappaOptions> = defineMetric(
  { weights: null } as CohenKappaOptions,
  ({ weights }, where) => {
    if (weights !== null && weights !== 'linear' && weights !== 'quadratic') {
      throw new OptionError(`${where}: weights must be linear, quadratic or null, received ${show(weights)}.`);
    }
    const costOf = costs[weights ?? 'none'];
    return (outputShape) =>
      ofConfusion(widthOf(outputShape), (confusion) => {
        const { classes, counts } = confusion;
        const { isTrue, answered } = marginsOf(confusion);
        const total = sumOf(counts);
        let observed = 0;
        let expected = 0;
        for (let row = 0; row < classes; row++) {
          for (let column = 0; column < classes; column++) {
            const cost = costOf(Math.abs(row - column));
            observed += cost * counts[row * classes + column]!;
            expected += (cost * isTrue[row]! * answered[column]!) / Math.max(total, Number.MIN_VALUE);
          }
        }
        return expected === 0 ? 0 : 1 - observed / expected;
      });
  },
);

/**
 * (c·s − Σ t·p) / √((s² − Σ p²)·(s² − Σ t²)) for s examples, c right ones, and each class true t times and answered p times.
 * Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004, after
 * B. Matthews, 1975; scikit-learn's `matthews_corrcoef`.
 */
export const matthewsCorrelation: MetricDefinition<object> = defineMetric(
  {},
  () => (outputShape) => ofConfusion(widthOf(outputShape), correlationOf),
);

function correlationOf(confusion: ConfusionCounts): number {
  const { classes, counts } = confusion;
  const { isTrue, answered } = marginsOf(confusion);
  const total = sumOf(counts);
  const right = isTrue.reduce((sum, _, place) => sum + counts[place * (classes + 1)]!, 0);
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, place) => sum + value * b[place]!, 0);
  const spread = (total ** 2 - product(answered, answered)) * (total ** 2 - product(isTrue, isTrue));
  return divide(right * total - product(isTrue, answered), Math.sqrt(spread));
}

function sumOf(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
