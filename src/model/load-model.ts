/** Loading models. Files need Node; that part is imported only when it is used, so pages can hold the rest. */
import { FormatError } from '../core/errors.ts';
import { checkObject, show } from '../core/options.ts';
import type { BackendOptions } from '../engine/choose-backend.ts';
import type { ModelDescription, SavedMetrics, SavedPart, StoredModel } from '../formats/model-folder.ts';
import { checkMetric, metricNames } from '../nn/metrics/table.ts';
import { optimizerNames, optimizerOf } from '../nn/optimizers/table.ts';
import type { CompileOptions } from '../training/compile-options.ts';
import { type CustomLayers, Model } from './model.ts';

/** A loaded model, and what was stored with it. */
export interface LoadedModel {
  readonly model: Model;
  readonly description: ModelDescription;
}

/** A model from what its folder holds, compiled as it was saved. */
export async function restoreModel(
  { description, weights }: StoredModel,
  options: BackendOptions & CustomLayers = {},
): Promise<Model> {
  const { name, seed, network, compiled } = description;
  const model = Model.fromConfig(network, { name, seed, ...options });
  await model.setWeights(new Map([...weights].map(([weight, { data }]) => [weight, data])));
  // An optimizer of the user's own is not known here: the model is compiled by whoever has it.
  if (compiled && (optimizerNames as readonly string[]).includes(compiled.optimizer)) {
    model.compile({
      optimizer: optimizerOf('loadModel', compiled.optimizer, compiled.optimizerConfig),
      loss: compiled.loss as CompileOptions['loss'],
      ...(compiled.lossWeights && { lossWeights: compiled.lossWeights }),
      metrics: knownMetrics(compiled.metrics),
      weightedMetrics: knownMetrics(compiled.weightedMetrics ?? []),
    });
  }
  return model;
}

/** The metrics that are known by name: older folders name those of the user's own too. */
function knownMetrics(saved: SavedMetrics): CompileOptions['metrics'] & object {
  const isKnown = (metric: SavedPart) =>
    typeof metric !== 'string' || (metricNames as readonly string[]).includes(metric);
  const known = (list: readonly SavedPart[]) => list.filter(isKnown).map((metric) => checkMetric('loadModel', metric));
  const lists = Array.isArray(saved) ? [saved] : Object.values(saved ?? {});
  if (!saved || !lists.every(Array.isArray)) {
    throw new FormatError(`loadModel: expected metrics as lists, received ${show(saved)}. Save the model again.`);
  }
  if (Array.isArray(saved)) return known(saved);
  return Object.fromEntries(Object.entries(saved).map(([name, list]) => [name, known(list as readonly SavedPart[])]));
}

/**
 * Loads a model from its folder.
 *
 * @param options the backend, and `customLayers`, kinds of layers of your own that the model has
 * @throws FormatError where a file is missing, truncated or foreign
 * @example
 * const { model, description } = await loadModel('runs/train/weights/best');
 */
export async function loadModel(folder: string, options: BackendOptions & CustomLayers = {}): Promise<LoadedModel> {
  checkObject('loadModel', options, ['customLayers']);
  const { readModelFolder } = await import('../formats/node/model-files.ts');
  const stored = await readModelFolder(folder, options.customLayers);
  return { model: await restoreModel(stored, options), description: stored.description };
}
