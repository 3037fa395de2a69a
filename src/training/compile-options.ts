/** What `compile` takes: an optimizer, a loss and metrics, by name or made. */
import { checkKeys } from '../core/options.ts';
import type { Shape } from '../core/shape.ts';
import { checkLoss, type LossAlias, type LossPart } from '../nn/losses/table.ts';
import type { Metric } from '../nn/metrics/metric.ts';
import { checkMetric, type GivenMetric, type MetricPart, metricsOf } from '../nn/metrics/table.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import { type OptimizerName, optimizerOf } from '../nn/optimizers/table.ts';

/** Options of `compile`, named as in Keras. */
export interface CompileOptions {
  /** A name, or one made by `optimizers.…`; default `rmsprop`, as Keras. */
  optimizer?: OptimizerName | Optimizer;
  /** A name, one of `losses` with its options, or a function that writes the loss of each example in ops. */
  loss: LossPart | LossAlias;
  /** Names, metrics of `metrics` with options, or functions: `(targets, predictions) => number` of a batch, or one without
   * parameters that makes a `Metric`. Weights of examples and classes do not count. Default: none. */
  metrics?: readonly GivenMetric[];
  /** The same, with the weights of examples and classes. Default: none. */
  weightedMetrics?: readonly GivenMetric[];
}

/** The options with names resolved. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: LossPart;
  readonly metricParts: readonly MetricPart[];
  readonly weightedMetricParts: readonly MetricPart[];
  /** Fresh metrics for outputs of a shape, the weighted ones last. */
  metrics(outputShape: Shape): Metric[];
}

/** Checks and resolves the options. @throws OptionError naming the nearest known name */
export function resolveCompileOptions(options: CompileOptions): Compiled {
  checkKeys('compile', options, ['optimizer', 'loss', 'metrics', 'weightedMetrics']);
  const { optimizer = 'rmsprop', metrics = [], weightedMetrics = [] } = options;
  const loss = checkLoss('compile', options.loss);
  const metricParts = metrics.map((metric) => checkMetric('compile', metric));
  const weightedMetricParts = weightedMetrics.map((metric) => checkMetric('compile', metric));
  return {
    optimizer: typeof optimizer === 'string' ? optimizerOf('compile', optimizer) : optimizer,
    loss,
    metricParts,
    weightedMetricParts,
    metrics: (outputShape) => metricsOf('compile', metricParts, weightedMetricParts, outputShape),
  };
}
