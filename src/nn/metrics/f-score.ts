/** F-scores: precision and recall in one number, for each class or averaged. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { type CounterMaker, defineMetric, type MetricDefinition, rowsOf } from './metric.ts';

/** How the classes' scores become one: counts of all classes together, their mean, or their mean by their frequency; null is
 * a score for each class. */
export type Average = 'micro' | 'macro' | 'weighted' | null;

/** Options of F1. */
export interface F1Options {
  /** Default null, a score for each class, as Keras. */
  average: Average;
  /** Predictions above it are a yes; default null: the largest of each row is. */
  threshold: number | null;
}

/** Options of F-beta. */
export interface FBetaOptions extends F1Options {
  /** How many times as much recall counts as precision; default 1. */
  beta: number;
}

const epsilon = 1e-7;
const averages = ['micro', 'macro', 'weighted', null];

function fScore({ average, threshold, beta }: FBetaOptions, where: string): CounterMaker {
  checkNumber(where, 'beta', beta, { min: 0, exclusive: true });
  if (threshold !== null) checkNumber(where, 'threshold', threshold, { min: 0, max: 1, exclusive: 'min' });
  if (!averages.includes(average)) {
    throw new OptionError(`${where}: average must be micro, macro, weighted or null, received ${show(average)}.`);
  }
  return (outputShape) => {
    const classes = outputShape.length < 2 ? 1 : outputShape.at(-1)!;
    const right = new Float64Array(classes);
    const answered = new Float64Array(classes);
    const support = new Float64Array(classes);
    const scoreOf = (hits: number, answers: number, cases: number) => {
      const precision = hits / (answers + epsilon);
      const recall = hits / (cases + epsilon);
      return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall + epsilon);
    };
    return {
      reset() {
        for (const sums of [right, answered, support]) sums.fill(0);
      },
      update(givenTargets, givenPredictions, weights) {
        const rows = rowsOf(givenTargets, givenPredictions, weights);
        const { targets, predictions, count, width } = rows;
        for (let row = 0; row < count; row++) {
          const weight = rows.weight(row);
          const bound = threshold === null ? largestNumber(predictions, row, width) : Math.fround(threshold);
          for (let place = 0; place < width; place++) {
            const target = targets[row * width + place]!;
            const prediction = predictions[row * width + place]!;
            // As Keras: of equal largest ones all are answers, but a 0 is none.
            const isYes = threshold === null ? prediction >= bound && Math.abs(prediction) > 1e-9 : prediction > bound;
            support[place]! += weight * target;
            if (!isYes) continue;
            answered[place]! += weight;
            right[place]! += weight * target;
          }
        }
      },
      result() {
        if (average === 'micro') return scoreOf(sumOf(right), sumOf(answered), sumOf(support));
        const scores = Array.from(right, (hits, place) => scoreOf(hits, answered[place]!, support[place]!));
        if (average === null) return scores;
        if (average === 'macro') return sumOf(scores) / classes;
        const all = sumOf(support) + epsilon;
        return sumOf(scores.map((score, place) => (score * support[place]!) / all));
      },
    };
  };
}

function largestNumber(data: ArrayLike<number>, row: number, width: number): number {
  let largest = -Infinity;
  for (let place = row * width; place < (row + 1) * width; place++) largest = Math.max(largest, data[place]!);
  return largest;
}

function sumOf(numbers: ArrayLike<number> & Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/**
 * (1 + β²) · precision · recall / (β² · precision + recall). Source: `keras.metrics.FBetaScore`.
 *
 * @example
 * metrics.fBetaScore({ beta: 2, average: 'macro' });
 */
export const fBetaScore: MetricDefinition<FBetaOptions> = defineMetric(
  { average: null as Average, threshold: null as number | null, beta: 1 },
  fScore,
);

/** The harmonic mean of precision and recall. Source: `keras.metrics.F1Score`. */
export const f1Score: MetricDefinition<F1Options> = defineMetric(
  { average: null as Average, threshold: null as number | null },
  (options, where) => fScore({ ...options, beta: 1 }, where),
);
