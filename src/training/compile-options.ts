/** What `compile` takes: an optimizer, a loss and metrics, by name or made; for each output where there are several. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkNumber, show } from '../core/options.ts';
import { checkLoss, type LossAlias, type LossPart } from '../nn/losses/table.ts';
import type { Metric } from '../nn/metrics/metric.ts';
import { checkMetric, type GivenMetric, type MetricPart, metricsOf, renamed } from '../nn/metrics/table.ts';
import type { Network } from '../nn/network.ts';
import type { Optimizer } from '../nn/optimizers/optimizer.ts';
import { type OptimizerName, optimizerNames, optimizerOf } from '../nn/optimizers/table.ts';

/** For each output: in their order, or by the outputs' names. */
export type PerOutput<Given> = readonly Given[] | Readonly<Record<string, Given>>;

/** A loss as users give it. */
export type GivenLoss = LossPart | LossAlias;

/** Options of `compile`, named as in Keras. */
export interface CompileOptions {
  /** A name, or one made by `optimizers.…`; default `rmsprop`, as Keras. */
  optimizer?: OptimizerName | Optimizer;
  /** A name, one of `losses` with its options, or a function that writes the loss of each example in ops. Of several outputs: one
   * for all, or one for each, as a list or by name; their sum is made small. */
  loss: GivenLoss | PerOutput<GivenLoss>;
  /** Of several outputs: how much each one's loss counts; default 1. */
  lossWeights?: PerOutput<number>;
  /** Names, metrics of `metrics` with options, or functions: `(targets, predictions) => number` of a batch, or one without
   * parameters that makes a `Metric`. Weights of examples and classes do not count. Of several outputs: a list for all, or lists by
   * name. Default: none. */
  metrics?: readonly GivenMetric[] | Readonly<Record<string, readonly GivenMetric[]>>;
  /** The same, with the weights of examples and classes. Default: none. */
  weightedMetrics?: readonly GivenMetric[] | Readonly<Record<string, readonly GivenMetric[]>>;
}

/** What one output is trained for. */
export interface OutputTarget {
  readonly loss: LossPart;
  /** How much its loss counts. */
  readonly weight: number;
}

/** The options with names resolved. */
export interface Compiled {
  readonly optimizer: Optimizer;
  /** One for all outputs, or one for each. */
  readonly loss: LossPart | PerOutput<LossPart>;
  readonly lossWeights: PerOutput<number> | undefined;
  readonly metricParts: readonly MetricPart[] | Readonly<Record<string, readonly MetricPart[]>>;
  readonly weightedMetricParts: readonly MetricPart[] | Readonly<Record<string, readonly MetricPart[]>>;
  /** For each output of a network, in their order. @throws OptionError for a foreign name or a wrong count */
  targets(network: Network): readonly OutputTarget[];
  /** Fresh metrics, the weighted ones last. Of several outputs their names begin with the output's. */
  metrics(network: Network): Metric[];
}

/** Checks and resolves the options. @throws OptionError naming the nearest known name */
export function resolveCompileOptions(options: CompileOptions): Compiled {
  checkKeys('compile', options, ['optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics']);
  const { optimizer = 'rmsprop', lossWeights } = options;
  const loss = isPerOutput(options.loss)
    ? each(options.loss, (given) => checkLoss('compile', given))
    : checkLoss('compile', options.loss);
  if (lossWeights) each(lossWeights, (weight) => checkNumber('compile', 'each of lossWeights', weight, { min: 0 }));
  const metricParts = checkMetrics(options.metrics ?? []);
  const weightedMetricParts = checkMetrics(options.weightedMetrics ?? []);
  return {
    optimizer: checkOptimizer(optimizer),
    loss,
    lossWeights,
    metricParts,
    weightedMetricParts,
    targets({ outputNames }) {
      const losses = isPerOutput(loss) ? valuesFor('loss', loss, outputNames) : outputNames.map(() => loss);
      const weights = lossWeights ? valuesFor('lossWeights', lossWeights, outputNames) : outputNames.map(() => 1);
      return losses.map((part, index) => ({ loss: part, weight: weights[index]! }));
    },
    metrics: (network) => metricsFor(network, metricParts, weightedMetricParts),
  };
}

function checkOptimizer(given: unknown): Optimizer {
  if (typeof given === 'object' && given !== null && 'learningRateAt' in given) return given as Optimizer;
  if (typeof given === 'string') return optimizerOf('compile', given);
  const advice =
    typeof given === 'function' ? 'Call it: optimizers.adam().' : `Choose from ${optimizerNames.join(', ')}.`;
  throw new OptionError(
    `compile: expected optimizer as a name, or as optimizers.adam({ learningRate }) gives it, received ${show(given)}. ${advice}`,
  );
}

function metricsFor(
  { outputs, outputNames }: Network,
  plain: Compiled['metricParts'],
  weighted: Compiled['metricParts'],
): Metric[] {
  const ofOutput = (parts: Compiled['metricParts'], name: string): readonly MetricPart[] =>
    isList(parts) ? parts : (parts[name] ?? []);
  for (const parts of [plain, weighted]) if (!isList(parts)) checkKeys('compile: metrics', parts, outputNames);
  const all = outputs.map(({ shape }, index) => {
    const name = outputNames[index]!;
    return metricsOf('compile', ofOutput(plain, name), ofOutput(weighted, name), shape).map((metric) =>
      outputs.length === 1 ? metric : { ...renamed(metric, `${name}_${metric.name}`), output: index },
    );
  });
  return [...all.flat().filter((one) => !one.isWeighted), ...all.flat().filter((one) => one.isWeighted)];
}

function checkMetrics(given: CompileOptions['metrics'] & object): Compiled['metricParts'] {
  const check = (list: readonly GivenMetric[]) => {
    if (Array.isArray(list)) return list.map((metric) => checkMetric('compile', metric));
    throw new OptionError(`compile: metrics must be a list, received ${show(list)}. Write ['accuracy'].`);
  };
  if (typeof given !== 'object') check(given);
  return isList(given)
    ? check(given)
    : Object.fromEntries(Object.entries(given).map(([name, list]) => [name, check(list)]));
}

/** A list, or an object by name; a part with options is an object too, with a name and a configuration. */
export function isPerOutput<Given>(given: Given | PerOutput<Given>): given is PerOutput<Given> {
  if (Array.isArray(given)) return true;
  const isPart = given !== null && typeof given === 'object' && typeof (given as { name?: unknown }).name === 'string';
  return typeof given === 'object' && given !== null && !isPart;
}

function isList<Item>(given: readonly Item[] | object): given is readonly Item[] {
  return Array.isArray(given);
}

function each<Given, Made>(given: PerOutput<Given>, make: (one: Given) => Made): PerOutput<Made> {
  if (isList<Given>(given)) return given.map(make);
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, make(one)]));
}

function valuesFor<Given>(what: string, given: PerOutput<Given>, names: readonly string[]): readonly Given[] {
  if (isList<Given>(given)) {
    if (given.length === names.length) return given;
    throw new OptionError(
      `compile: expected ${what} for each of ${names.length} outputs (${names.join(', ')}), received ${given.length}.`,
    );
  }
  checkKeys(`compile: ${what}`, given, names);
  return names.map((name) => {
    const found = given[name];
    if (found !== undefined) return found;
    throw new OptionError(
      `compile: expected ${what} for each output (${names.join(', ')}), received none for "${name}".`,
    );
  });
}
