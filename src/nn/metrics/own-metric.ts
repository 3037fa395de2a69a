/** Metrics of the user's own: functions of a batch, and functions that make a counter. */
import { OptionError } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { divide, type Metric } from './metric.ts';

/** @throws OptionError where the function gives neither numbers nor a metric */
export function ownMetric(where: string, own: (targets: Tensor, predictions: Tensor) => number | Metric): Metric {
  if (own.length === 0) return checkMade(where, own.name, (own as () => unknown)());
  const name = own.name || 'metric';
  let total = 0;
  let examples = 0;
  return {
    name,
    reset() {
      total = 0;
      examples = 0;
    },
    update(targets, predictions, weights) {
      const value: unknown = own(targets, predictions);
      if (typeof value !== 'number') {
        throw new OptionError(
          `${where}: metric ${name}: expected a number for each batch, received ${typeof value}. ` +
            'Return the mean over the batch.',
        );
      }
      const count = weights ? weights.reduce((sum, weight) => sum + weight, 0) : predictions.shape[0]!;
      total += value * count;
      examples += count;
    },
    result: () => divide(total, examples),
  };
}

function checkMade(where: string, name: string, made: unknown): Metric {
  const metric = made as Partial<Metric> | null | undefined;
  const isMetric =
    typeof metric?.name === 'string' &&
    [metric.reset, metric.update, metric.result].every((method) => typeof method === 'function');
  if (isMetric) return metric as Metric;
  throw new OptionError(
    `${where}: metric ${name}: expected a function of (targets, predictions), or one without parameters that makes ` +
      `{ name, reset, update, result }, received one that makes ${made === null ? 'null' : typeof made}.`,
  );
}
