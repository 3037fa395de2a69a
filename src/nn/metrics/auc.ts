/** The area under a curve of shares over thresholds. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { type CounterMaker, defineMetric, divide, type MetricDefinition, rowsOf } from './metric.ts';
import { checkThresholds, ThresholdCounts } from './threshold-counts.ts';

/** Options of the area under a curve. */
export interface AucOptions {
  /** Evenly spaced thresholds from 0 to 1; more come closer to the exact area. Default 200. */
  numThresholds: number;
  /** ROC: recall over fall-out; PR: precision over recall. Default ROC. */
  curve: 'ROC' | 'PR';
  /** How the area between two thresholds is taken: by a curve through both (straight lines; for PR the interpolation of
   * Davis and Goadrich), by the lower, or by the higher one. Default interpolation. */
  summationMethod: 'interpolation' | 'minoring' | 'majoring';
  /** Thresholds of one's own between 0 and 1, instead of `numThresholds`; default null. */
  thresholds: readonly number[] | null;
  /** An area for each output, and their mean; default false: all outputs together. */
  multiLabel: boolean;
  /** Weights of the outputs; default null, all 1. */
  labelWeights: readonly number[] | null;
  /** Predictions are logits, of which p = 1 / (1 + e^−x); default false. */
  fromLogits: boolean;
}

const epsilon = 1e-7;

function thresholdsOf({ numThresholds, thresholds }: AucOptions, where: string): number[] {
  checkNumber(where, 'numThresholds', numThresholds, { integer: true, min: 2, max: 1e6 });
  const inner = thresholds
    ? [...checkThresholds(where, thresholds)].sort((a, b) => a - b)
    : Array.from({ length: numThresholds - 2 }, (_, index) => (index + 1) / (numThresholds - 1));
  return [-epsilon, ...inner, 1 + epsilon];
}

function checkChoice(where: string, key: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new OptionError(`${where}: ${key} must be one of ${choices.join(', ')}, received ${show(value)}.`);
}

/** The area of one curve. */
function areaOf(counts: ThresholdCounts, { curve, summationMethod }: AucOptions): number {
  if (curve === 'PR' && summationMethod === 'interpolation') return interpolatedPrecision(counts);
  const [x, y] = curve === 'ROC' ? [counts.fallOut(), counts.recall()] : [counts.recall(), counts.precision()];
  let area = 0;
  for (let index = 0; index + 1 < x.length; index++) {
    const [here, next] = [y[index]!, y[index + 1]!];
    const height =
      summationMethod === 'interpolation'
        ? (here + next) / 2
        : summationMethod === 'minoring'
          ? Math.min(here, next)
          : Math.max(here, next);
    area += (x[index]! - x[index + 1]!) * height;
  }
  return area;
}

/** Between two thresholds true positives grow in proportion to all answers, so that precision follows a curve. Source:
 * J. Davis and M. Goadrich, "The relationship between precision-recall and ROC curves", 2006. */
function interpolatedPrecision(counts: ThresholdCounts): number {
  const { truePositives, falsePositives, falseNegatives } = counts;
  let area = 0;
  for (let index = 0; index + 1 < truePositives.length; index++) {
    const next = truePositives[index + 1]!;
    const gained = truePositives[index]! - next;
    const answersHere = truePositives[index]! + falsePositives[index]!;
    const answersNext = next + falsePositives[index + 1]!;
    const slope = divide(gained, Math.max(answersHere - answersNext, 0));
    const intercept = next - slope * answersNext;
    const ratio = answersHere > 0 && answersNext > 0 ? answersHere / answersNext : 1;
    area += divide(slope * (gained + intercept * Math.log(ratio)), Math.max(next + falseNegatives[index + 1]!, 0));
  }
  return area;
}

function areaUnderCurve(options: AucOptions, where: string): CounterMaker {
  const { curve, summationMethod, multiLabel, labelWeights, fromLogits } = options;
  const thresholds = thresholdsOf(options, where);
  checkChoice(where, 'curve', curve, ['ROC', 'PR']);
  checkChoice(where, 'summationMethod', summationMethod, ['interpolation', 'minoring', 'majoring']);
  return (outputShape) => {
    const width = outputShape.length < 2 ? 1 : outputShape.at(-1)!;
    if (labelWeights && labelWeights.length !== width) {
      throw new OptionError(
        `${where}: expected ${width} labelWeights, one for each output, received ${labelWeights.length}.`,
      );
    }
    const curves = Array.from({ length: multiLabel ? width : 1 }, () => new ThresholdCounts(thresholds));
    const labelWeight = (place: number) => labelWeights?.[place] ?? 1;
    return {
      reset() {
        for (const counts of curves) counts.reset();
      },
      update(targets, predictions, weights) {
        const rows = rowsOf(targets, predictions, weights);
        for (let place = 0; place < rows.count * width; place++) {
          const label = place % width;
          const given = rows.predictions[place]!;
          const prediction = fromLogits ? Math.fround(1 / (1 + Math.exp(-given))) : given;
          // Of separate curves the labels' weights come in at the end.
          const weight = rows.weight(Math.floor(place / width)) * (multiLabel ? 1 : labelWeight(label));
          curves[multiLabel ? label : 0]!.add(prediction, rows.targets[place]! !== 0, weight);
        }
      },
      result() {
        const weights = curves.map((_, label) => (multiLabel ? labelWeight(label) : 1));
        const total = curves.reduce((sum, counts, label) => sum + weights[label]! * areaOf(counts, options), 0);
        return divide(
          total,
          weights.reduce((sum, weight) => sum + weight, 0),
        );
      },
    };
  };
}

/**
 * The area under the ROC curve, or under the curve of precision over recall. Source: `keras.metrics.AUC`.
 *
 * @example
 * model.compile({ loss: 'binaryCrossentropy', metrics: [metrics.auc({ curve: 'PR', name: 'prAuc' })] });
 */
export const auc: MetricDefinition<AucOptions> = defineMetric(
  {
    numThresholds: 200,
    curve: 'ROC',
    summationMethod: 'interpolation',
    thresholds: null,
    multiLabel: false,
    labelWeights: null,
    fromLogits: false,
  } as AucOptions,
  areaUnderCurve,
);
