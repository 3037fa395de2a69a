/** A model as its folder holds it: network, weights and what a user of the model must know. */
import { OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import { tensor } from '../core/tensor.ts';
import type { ModelDescription, StoredModel } from '../formats/model-folder.ts';
import type { Network } from '../nn/network.ts';
import { networkConfig } from '../nn/network-config.ts';
import type { Compiled } from '../training/compile-options.ts';

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
  const weightedMetrics = compiled?.weightedMetricParts.filter(isNamed) ?? [];
  return {
    weights,
    description: {
      name: model.name,
      seed: model.seed,
      network: networkConfig(network),
      ...options,
      // A loss that is a function cannot be written down: such a model is loaded without its compilation.
      ...(compiled &&
        typeof compiled.loss !== 'function' && {
          compiled: {
            optimizer: compiled.optimizer.name,
            optimizerConfig: compiled.optimizer.config,
            loss: compiled.loss,
            metrics: compiled.metricParts.filter(isNamed),
            ...(weightedMetrics.length > 0 && { weightedMetrics }),
          },
        }),
    },
  };
}

/** True for what can be written down: metrics that are functions are left out. */
function isNamed<Named>(part: Named): part is Exclude<Named, (...inputs: never[]) => unknown> {
  return typeof part !== 'function';
}
