/** Counts of right and wrong answers at each of some thresholds, as precision, recall and areas under curves need them. */
import type { TypedArray } from '../../core/dtype.ts';
import { OptionError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { divide, type Rows } from './metric.ts';

/** Checks one threshold or a list of them, each from 0 to 1. @throws OptionError */
export function checkThresholds(where: string, thresholds: number | readonly number[]): readonly number[] {
  const list = typeof thresholds === 'number' ? [thresholds] : thresholds;
  if (!Array.isArray(list) || list.length === 0) {
    throw new OptionError(
      `${where}: thresholds must be a number from 0 to 1 or a list of them, received ${show(thresholds)}.`,
    );
  }
  for (const threshold of list) checkNumber(where, 'thresholds', threshold, { min: 0, max: 1 });
  return list;
}

/** Sums of weights at each threshold. */
export class ThresholdCounts {
  /** In ascending order, as float32 like predictions. */
  readonly #thresholds: Float32Array;
  /** The place among the ascending ones of each given threshold. */
  readonly #places: readonly number[];
  readonly #isEven: boolean;
  /** Weights of what is a yes, and of what is none, by how many thresholds its prediction passed. */
  readonly #positives: Float64Array;
  readonly #negatives: Float64Array;

  /** @param thresholds a prediction above one is a yes there */
  constructor(thresholds: readonly number[]) {
    const order = thresholds.map((_, index) => index).sort((a, b) => thresholds[a]! - thresholds[b]!);
    this.#thresholds = Float32Array.from(order, (index) => thresholds[index]!);
    this.#places = thresholds.map((_, index) => order.indexOf(index));
    this.#isEven = areEven(thresholds);
    this.#positives = new Float64Array(thresholds.length + 1);
    this.#negatives = new Float64Array(thresholds.length + 1);
  }

  reset(): void {
    this.#positives.fill(0);
    this.#negatives.fill(0);
  }

  /** Counts one prediction. */
  add(prediction: number, isTrue: boolean, weight: number): void {
    const passed = this.#isEven ? this.#passedOfEven(prediction) : this.#passed(prediction);
    if (isTrue) this.#positives[passed]! += weight;
    else this.#negatives[passed]! += weight;
  }

  #passed(prediction: number): number {
    let passed = 0;
    while (passed < this.#thresholds.length && prediction > this.#thresholds[passed]!) passed++;
    return passed;
  }

  /** How many of evenly spaced thresholds a prediction passes. As Keras, a prediction is held within [0, 1] and rounded up
   * to the next threshold in float32; one of 0 passes a first threshold below 0. */
  #passedOfEven(prediction: number): number {
    const last = this.#thresholds.length - 1;
    const passed = Math.ceil(Math.fround(Math.min(Math.max(prediction, 0), 1) * last));
    return this.#thresholds[0]! < 0 ? Math.max(passed, 1) : passed;
  }

  get truePositives(): number[] {
    return this.#above(this.#positives);
  }

  get falsePositives(): number[] {
    return this.#above(this.#negatives);
  }

  get falseNegatives(): number[] {
    return this.#below(this.#positives);
  }

  get trueNegatives(): number[] {
    return this.#below(this.#negatives);
  }

  /** At each given threshold, the sum over what passed it. */
  #above(weights: Float64Array): number[] {
    const sums = new Float64Array(weights.length);
    for (let passed = weights.length - 1; passed > 0; passed--) {
      sums[passed - 1] = weights[passed]! + (sums[passed] ?? 0);
    }
    return this.#places.map((place) => sums[place]!);
  }

  /** At each given threshold, the sum over what did not pass it. */
  #below(weights: Float64Array): number[] {
    const sums = new Float64Array(weights.length);
    let total = 0;
    weights.forEach((weight, passed) => {
      total += weight;
      sums[passed] = total;
    });
    return this.#places.map((place) => sums[place]!);
  }

  /** tp / (tp + fp) at each threshold. */
  precision(): number[] {
    return shares(this.truePositives, this.falsePositives);
  }

  /** tp / (tp + fn) at each threshold. */
  recall(): number[] {
    return shares(this.truePositives, this.falseNegatives);
  }

  /** fp / (fp + tn) at each threshold. */
  fallOut(): number[] {
    return shares(this.falsePositives, this.trueNegatives);
  }
}

function shares(parts: readonly number[], rests: readonly number[]): number[] {
  return parts.map((part, index) => divide(part, part + rests[index]!));
}

function areEven(thresholds: readonly number[]): boolean {
  const last = thresholds.length - 1;
  // NumPy's allclose: 1e-5 relative, and Keras's epsilon.
  const isNear = (threshold: number, even: number) => Math.abs(threshold - even) <= 1e-7 + 1e-5 * even;
  return last >= 2 && thresholds.every((threshold, index) => isNear(threshold, index / last));
}

/** The places of a row's k largest numbers; of equal ones the first. */
function largestPlaces(data: TypedArray, { row, width, k }: { row: number; width: number; k: number }): Set<number> {
  const start = row * width;
  const best: number[] = [];
  for (let place = 0; place < width; place++) {
    const value = data[start + place]!;
    if (best.length === k && value <= data[start + best[k - 1]!]!) continue;
    let index = Math.min(best.length, k - 1);
    while (index > 0 && value > data[start + best[index - 1]!]!) {
      best[index] = best[index - 1]!;
      index--;
    }
    best[index] = place;
  }
  return new Set(best);
}

/** Counts all outputs of a batch, or those of one class, or with the k largest of each row as the only answers. */
export function countRows(
  counts: ThresholdCounts,
  rows: Rows,
  { classId, topK }: { classId: number | null; topK: number | null },
): void {
  const { targets, predictions, count, width } = rows;
  const [first, end] = classId === null ? [0, width] : [classId, classId + 1];
  for (let row = 0; row < count; row++) {
    const answers = topK === null ? undefined : largestPlaces(predictions, { row, width, k: topK });
    const weight = rows.weight(row);
    for (let place = first; place < end; place++) {
      const isAnswer = answers?.has(place) ?? true;
      const prediction = isAnswer ? predictions[row * width + place]! : noAnswer;
      counts.add(prediction, targets[row * width + place]! !== 0, weight);
    }
  }
}

/** Below every prediction: what is not among the k largest, and the threshold that only those pass. */
export const noAnswer = -1e10;
