/** Saving and loading models. Files need Node; that part is imported only when it is used, so pages can hold the rest. */
import { OptionError } from '../core/errors.ts';
import { checkKeys } from '../core/options.ts';
import { tensor } from '../core/tensor.ts';
import type { BackendOptions } from '../engine/choose-backend.ts';
import type { ModelDescription, StoredModel } from '../formats/model-folder.ts';
import { layerFromConfig } from '../nn/layers/table.ts';
import { metricNames } from '../nn/metrics/table.ts';
import type { LossName } from '../nn/losses/table.ts';
import type { MetricName } from '../nn/metrics/table.ts';
import { optimizerOf } from '../nn/optimizers/table.ts';
import { type Model, type ModelOptions, sequential } from './model.ts';

/** What is stored with a model beside its network. */
export type SaveOptions = Pick<ModelDescription, 'classNames' | 'preprocessing' | 'metrics'>;

/** A loaded model, and what was stored with it. */
export interface LoadedModel {
  readonly model: Model;
  readonly description: ModelDescription;
}

/** A model as its folder holds it. */
export async function storeModel(model: Model, options: SaveOptions = {}): Promise<StoredModel> {
  checkKeys('save', options, ['classNames', 'preprocessing', 'metrics']);
  const { network } = model;
  const numbers = await model.getWeights();
  const weights = new Map(network.weights.map(({ name, shape }) => [name, tensor(numbers.get(name)!, shape)]));
  const outputs = network.outputShape.at(-1);
  if (options.classNames && options.classNames.length !== outputs && !(outputs === 1 && options.classNames.length === 2)) {
    throw new OptionError(`save: expected ${outputs} class names, one for each output, received ${options.classNames.length}.`);
  }
  const { compiled } = model;
  return {
    weights,
    description: {
      name: model.name,
      seed: model.seed,
      network: network.getConfig(),
      ...options,
      ...(compiled && {
        compiled: {
          optimizer: compiled.optimizer.name,
          optimizerConfig: { ...compiled.optimizer.config, learningRate: compiled.optimizer.learningRate },
          loss: compiled.loss,
          metrics: compiled.metrics(network.outputShape).map(({ name }) => name),
        },
      }),
    },
  };
}

/** A model from what its folder holds, compiled as it was saved. */
export async function restoreModel({ description, weights }: StoredModel, backend: BackendOptions = {}): Promise<Model> {
  const { name, seed, network, compiled } = description;
  const layers = network.layers.map((layer) => layerFromConfig(layer.className, layer.config, layer.name));
  const options: ModelOptions = { name, seed, ...backend };
  const model = sequential(layers, options);
  model.build(network.inputShape);
  await model.setWeights(new Map([...weights].map(([weight, { data }]) => [weight, data])));
  if (compiled) {
    const known = compiled.metrics.filter((metric): metric is MetricName => (metricNames as readonly string[]).includes(metric));
    model.compile({
      optimizer: optimizerOf('loadModel', compiled.optimizer, compiled.optimizerConfig),
      loss: compiled.loss as LossName,
      metrics: known,
    });
  }
  return model;
}

/**
 * Saves a model as a folder: `model.json` and `model.safetensors`. It is there whole or not at all.
 *
 * @param folder made where it is not there
 * @throws FormatError where it cannot be written
 */
export async function saveModel(model: Model, folder: string, options: SaveOptions = {}): Promise<void> {
  const { writeModelFolder } = await import('../formats/node/model-files.ts');
  await writeModelFolder(folder, await storeModel(model, options));
}

/**
 * Loads a model from its folder.
 *
 * @throws FormatError where a file is missing, truncated or foreign
 * @example
 * const { model, description } = await loadModel('runs/train/weights/best');
 */
export async function loadModel(folder: string, backend: BackendOptions = {}): Promise<LoadedModel> {
  const { readModelFolder } = await import('../formats/node/model-files.ts');
  const stored = await readModelFolder(folder);
  return { model: await restoreModel(stored, backend), description: stored.description };
}
