/** What `compile` takes: an optimizer, a loss and metrics, by name or made. */
import { checkKeys } from '../core/options.ts';
import type { Shape } from '../core/shape.ts';
import { checkLoss, type LossAlias, type LossPart } from '../nn/losses/table.ts';
import type { Metric } from '../nn/metrics/metric.ts';
import { type MetricName, metricOf } from '../nn/metrics/table.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import { type OptimizerName, optimizerOf } from '../nn/optimizers/table.ts';

/** Options of `compile`, named as in Keras. */
export interface CompileOptions {
  /** A name, or one made by `optimizers.…`; default `rmsprop`, as Keras. */
  optimizer?: OptimizerName | Optimizer;
  /** A name, one of `losses` with its options, or a function that writes the loss of each example in ops. */
  loss: LossPart | LossAlias;
  /** Default: none. */
  metrics?: readonly (MetricName | (() => Metric))[];
}

/** The options with names resolved. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: LossPart;
  /** Fresh metrics for outputs of a shape. */
  metrics(outputShape: Shape): Metric[];
}

/** Checks and resolves the options. @throws OptionError naming the nearest known name */
export function resolveCompileOptions(options: CompileOptions): Compiled {
  checkKeys('compile', options, ['optimizer', 'loss', 'metrics']);
  const { optimizer = 'rmsprop', metrics = [] } = options;
  const loss = checkLoss('compile', options.loss);
  for (const metric of metrics) if (typeof metric === 'string') metricOf('compile', metric, [1]);
  return {
    optimizer: typeof optimizer === 'string' ? optimizerOf('compile', optimizer) : optimizer,
    loss,
    metrics: (outputShape) =>
      metrics.map((metric) => (typeof metric === 'string' ? metricOf('compile', metric, outputShape) : metric())),
  };
}
