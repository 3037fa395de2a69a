/** A model as its folder holds it: network, weights and what a user of the model must know. */
import { OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import { tensor } from '../core/tensor.ts';
import type { ModelDescription, SavedMetrics, SavedPart, StoredModel } from '../formats/model-folder.ts';
import type { MetricPart } from '../nn/metrics/table.ts';
import type { Network } from '../nn/network.ts';
import { networkConfig } from '../nn/network-config.ts';
import { type Compiled, isPerOutput } from '../training/compile-options.ts';

/** What is stored with a model beside its network. */
export type SaveOptions = Pick<ModelDescription, 'classNames' | 'preprocessing' | 'metrics'>;

/** The parts of a model that are stored. */
export interface Storable {
  readonly name: string;
  readonly seed: number;
  readonly network: Network;
  readonly compiled: Compiled | undefined;
  getWeights(): Promise<Map<string, Float32Array>>;
}

/** A model as its folder holds it. */
export async function storeModel(model: Storable, options: SaveOptions = {}): Promise<StoredModel> {
  checkKeys('save', options, ['classNames', 'preprocessing', 'metrics']);
  const { network } = model;
  const numbers = await model.getWeights();
  const weights = new Map(network.weights.map(({ name, shape }) => [name, tensor(numbers.get(name)!, shape)]));
  const outputs = network.outputShape.at(-1);
  if (
    options.classNames &&
    options.classNames.length !== outputs &&
    !(outputs === 1 && options.classNames.length === 2)
  ) {
    throw new OptionError(
      `save: expected ${outputs} class names, one for each output, received ${options.classNames.length}.`,
    );
  }
  const { compiled } = model;
  return {
    weights,
    description: {
      name: model.name,
      seed: model.seed,
      network: networkConfig(network),
      ...options,
      // A loss that is a function cannot be written down: such a model is loaded without its compilation.
      ...(compiled && isData(compiled.loss) && { compiled: storeCompiled(compiled) }),
    },
  };
}

function storeCompiled(compiled: Compiled): NonNullable<ModelDescription['compiled']> {
  const { optimizer, loss, lossWeights, metricParts, weightedMetricParts } = compiled;
  const weightedMetrics = withoutFunctions(weightedMetricParts);
  return {
    optimizer: optimizer.name,
    optimizerConfig: optimizer.config,
    loss: loss as SavedPart,
    ...(lossWeights && { lossWeights }),
    metrics: withoutFunctions(metricParts),
    ...(Object.keys(weightedMetrics).length > 0 && { weightedMetrics }),
  };
}

/** False where a loss is a function, which cannot be written down: such a model is loaded without its compilation. */
function isData(loss: Compiled['loss']): boolean {
  return isPerOutput(loss) ? Object.values(loss).every(isNamed) : isNamed(loss);
}

function withoutFunctions(parts: Compiled['metricParts']): SavedMetrics {
  if (Array.isArray(parts)) return parts.filter(isNamed) as SavedMetrics;
  const lists = Object.entries(parts as Readonly<Record<string, readonly MetricPart[]>>);
  return Object.fromEntries(lists.map(([name, list]) => [name, list.filter(isNamed)])) as SavedMetrics;
}

/** True for what can be written down: metrics that are functions are left out. */
function isNamed(part: unknown): boolean {
  return typeof part !== 'function';
}
