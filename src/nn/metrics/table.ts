/** Metrics by their Keras names. A new one is a row here; every loss is a metric too. */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { LossDefinition } from '../losses/loss.ts';
import { fullLossName, type LossAlias, type LossRows, lossRows } from '../losses/table.ts';
import { type Part, type PartConfig, type PartTable, partTable } from '../part.ts';
import { accuracy, binaryAccuracy, categoricalAccuracy, topKCategoricalAccuracy } from './accuracy.ts';
import { cohenKappa, matthewsCorrelation } from './agreement.ts';
import { auc } from './auc.ts';
import { expectedCalibrationError } from './expected-calibration-error.ts';
import { f1Score, fBetaScore } from './f-score.ts';
import { meanLoss } from './loss-on-host.ts';
import { type CounterMaker, defineMetric, type Metric, type MetricDefinition } from './metric.ts';
import { ownMetric } from './own-metric.ts';
import { precision, recall } from './precision-recall.ts';
import { cosineSimilarity, rootMeanSquaredError } from './regression.ts';

type LossMetrics = {
  readonly [K in Exclude<keyof LossRows, 'cosineSimilarity'>]: LossRows[K] extends LossDefinition<infer Options>
    ? MetricDefinition<Options>
    : never;
};

/** Losses as metrics: their mean over examples. */
const lossMetrics = Object.fromEntries(
  Object.entries(lossRows).map(([name, { defaults, make }]) => [
    name,
    defineMetric(defaults, (options, where) => meanLoss(make(options as never, where)), 'down'),
  ]),
) as unknown as LossMetrics;

const rows = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  /** Class numbers are one-hot rows by the time that metrics see them. */
  sparseCategoricalAccuracy: categoricalAccuracy,
  topKCategoricalAccuracy,
  sparseTopKCategoricalAccuracy: topKCategoricalAccuracy,
  precision,
  recall,
  f1Score,
  fBetaScore,
  auc,
  cohenKappa,
  matthewsCorrelation,
  expectedCalibrationError,
  rootMeanSquaredError,
  ...lossMetrics,
  cosineSimilarity,
};

const table: PartTable<typeof rows, CounterMaker> = partTable<CounterMaker, typeof rows>('metric', rows);

/** The names of metrics. */
export type MetricName = keyof typeof rows;

/**
 * A metric of the user's own: a number for a batch, of which the mean over examples is taken; or, where it has no parameters,
 * a function that makes a `Metric`.
 */
export type OwnMetric = (targets: Tensor, predictions: Tensor) => number | Metric;

/** A checked metric: a name, one of `metrics` with its options, or a function. */
export type MetricPart = Part<MetricName, OwnMetric>;

/** What `metrics` takes: checked metrics and short names. */
export type GivenMetric = MetricPart | LossAlias | 'acc';

/** All names. */
export const metricNames: readonly MetricName[] = table.names;

/** Metrics with options: `metrics.precision({ thresholds: 0.7 })`. */
export const metrics: PartTable<typeof rows, CounterMaker>['factories'] = table.factories;

/** Checks a metric: a name, short or full, one with options, or a function. @throws OptionError naming the nearest one */
export function checkMetric(where: string, given: unknown): MetricPart {
  if (typeof given === 'function') return given as OwnMetric;
  if (typeof given === 'string') {
    return table.check(where, given === 'acc' ? 'accuracy' : fullLossName(given)) as MetricName;
  }
  const part = table.check(where, given) as PartConfig<MetricName>;
  const { name } = part.config as { name?: unknown };
  if (name !== undefined && name !== null && (typeof name !== 'string' || name === '')) {
    throw new OptionError(`${where}: ${part.name}: name must be a text, received ${show(name)}.`);
  }
  return part;
}

/** Makes a fresh metric for outputs of a shape. @throws OptionError naming the nearest name, or an option that does not fit */
export function metricOf(where: string, given: unknown, outputShape: Shape): Metric {
  const part = checkMetric(where, given);
  if (typeof part === 'function') return ownMetric(where, part);
  const [name, config] = typeof part === 'string' ? [part, {}] : [part.name, part.config];
  const ownName = config['name'] as string | null | undefined;
  return { name: ownName ?? name, direction: rows[name].direction, ...table.make(part)(outputShape) };
}

/**
 * Makes fresh metrics; a name that comes again gets a number: `auc`, `auc_1`.
 *
 * @param weighted those that are given the weights of examples; one that is among the others too is named `weighted_…`
 */
export function metricsOf(
  where: string,
  given: readonly unknown[],
  weighted: readonly unknown[],
  outputShape: Shape,
): Metric[] {
  const plain = named(given.map((part) => metricOf(where, part, outputShape)));
  const isTaken = (name: string) => plain.some((metric) => metric.name === name);
  const made = named(weighted.map((part) => metricOf(where, part, outputShape)));
  const others = made.map((metric) => ({
    ...renamed(metric, isTaken(metric.name) ? `weighted_${metric.name}` : metric.name),
    isWeighted: true,
  }));
  return [...plain, ...others];
}

function named(metrics: readonly Metric[]): Metric[] {
  const taken = new Map<string, number>();
  return metrics.map((metric) => {
    const before = taken.get(metric.name) ?? 0;
    taken.set(metric.name, before + 1);
    return before === 0 ? metric : renamed(metric, `${metric.name}_${before}`);
  });
}

/** The same metric under another name; a user's may be an instance of a class. */
export function renamed(metric: Metric, name: string): Metric {
  return {
    name,
    ...(metric.direction && { direction: metric.direction }),
    reset: () => metric.reset(),
    update: (...batch) => metric.update(...batch),
    result: () => metric.result(),
  };
}
