/** A weighted confusion matrix that grows batch by batch, for metrics of agreement. */
import type { Counter } from './metric.ts';
import { largestOf, rowsOf } from './metric.ts';

/** Counts `[true class][predicted class]`, row by row; one output is a yes above 0.5, and makes two classes. */
export interface ConfusionCounts {
  readonly classes: number;
  readonly counts: Float64Array;
}

/** A metric of the matrix. */
export function ofConfusion(outputs: number, resultOf: (confusion: ConfusionCounts) => number): Counter {
  const classes = Math.max(2, outputs);
  const counts = new Float64Array(classes * classes);
  return {
    reset: () => void counts.fill(0),
    update(targets, predictions, weights) {
      const rows = rowsOf(targets, predictions, weights);
      const classOf = (data: typeof rows.targets, row: number) =>
        outputs === 1 ? Number(data[row]! > 0.5) : largestOf(data, row, outputs);
      for (let row = 0; row < rows.count; row++) {
        counts[classOf(rows.targets, row) * classes + classOf(rows.predictions, row)]! += rows.weight(row);
      }
    },
    result: () => resultOf({ classes, counts }),
  };
}

/** How often each class is true, and how often it is answered. */
export function marginsOf({ classes, counts }: ConfusionCounts): { isTrue: Float64Array; answered: Float64Array } {
  const isTrue = new Float64Array(classes);
  const answered = new Float64Array(classes);
  counts.forEach((weight, place) => {
    isTrue[Math.floor(place / classes)]! += weight;
    answered[place % classes]! += weight;
  });
  return { isTrue, answered };
}
