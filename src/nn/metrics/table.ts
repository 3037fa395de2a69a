/** Metrics by their Keras names. A new one is a row here. */
import { checkName } from '../../core/options.ts';
import type { Shape } from '../../core/shape.ts';
import { accuracy, binaryAccuracy, categoricalAccuracy } from './accuracy.ts';
import type { Metric } from './metric.ts';

const rows = {
  accuracy,
  binaryAccuracy: (): Metric => binaryAccuracy(),
  categoricalAccuracy: (): Metric => categoricalAccuracy(),
  /** Class numbers are one-hot rows by the time that metrics see them. */
  sparseCategoricalAccuracy: (): Metric => categoricalAccuracy('sparseCategoricalAccuracy'),
};

/** The names that `metrics` takes. */
export type MetricName = keyof typeof rows;

/** All names. */
export const metricNames: readonly MetricName[] = Object.keys(rows) as MetricName[];

/** Makes a metric. @throws OptionError naming the nearest name */
export function metricOf(where: string, name: string, outputShape: Shape): Metric {
  return rows[checkName(where, 'metric', name, metricNames)](outputShape);
}
