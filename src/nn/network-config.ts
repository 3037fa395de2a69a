/** Networks as they are saved: plain data, much as Keras's configurations. Layers in a row are a list; any other wiring
 * says for each use of a layer where its inputs come from. */
import { OptionError } from '../core/errors.ts';
import { checkObject, show } from '../core/options.ts';
import { callLayer } from './layer-call.ts';
import { input } from './layers/input.ts';
import type { Layer, LayerConfig, LayerFactory } from './layers/layer.ts';
import { layerFromConfig } from './layers/table.ts';
import { Network } from './network.ts';
import type { CallOptions, LayerCall, SymbolicTensor } from './symbolic-tensor.ts';

/** A layer as it is saved. For a network within, `config` is its own configuration. */
export interface SavedLayer {
  readonly className: string;
  readonly name: string;
  readonly config: LayerConfig;
}

/** Where a value comes from: the layer's name, which of its uses, which output of that. */
export type SavedPlace = readonly [layer: string, call: number, output: number];

/** One use of a layer. */
export interface SavedCall extends CallOptions {
  readonly inputs: readonly SavedPlace[];
}

/** Layers in a row. */
export interface SequentialConfig {
  readonly inputShape: readonly number[];
  readonly layers: readonly SavedLayer[];
}

/** Layers wired freely, listed so that each comes after those that it reads first. */
export interface FunctionalConfig {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly layers: readonly (SavedLayer & { readonly calls: readonly SavedCall[] })[];
  readonly outputs: readonly SavedPlace[];
}

/** A network as it is saved. */
export type NetworkConfig = SequentialConfig | FunctionalConfig;

/** The saved form. @throws OptionError where a layer holds a function, which is no data */
export function networkConfig(network: Network): NetworkConfig {
  const save = ({ layer, name }: Network['layers'][number]): SavedLayer => saveLayer(layer, name);
  if (network.kind === 'Sequential') return { inputShape: network.inputShape, layers: network.layers.map(save) };
  const begins = new Map(network.inputs.map((tensor, index) => [tensor, network.inputNames[index]!]));
  const counts = new Map<Layer, number>();
  const places = new Map<LayerCall, [name: string, call: number]>();
  for (const call of network.calls) {
    const count = counts.get(call.layer) ?? 0;
    counts.set(call.layer, count + 1);
    places.set(call, [network.nameOf(call.layer), count]);
  }
  const placeOf = (tensor: SymbolicTensor): SavedPlace => {
    const begin = begins.get(tensor);
    return begin !== undefined ? [begin, 0, 0] : [...places.get(tensor.call)!, tensor.index];
  };
  return {
    inputs: network.inputs.map(({ shape }, index) => ({ name: network.inputNames[index]!, shape: shape.slice(1) })),
    layers: network.layers
      .filter((placed) => counts.has(placed.layer))
      .map((placed) => ({
        ...save(placed),
        calls: network.calls
          .filter(({ layer }) => layer === placed.layer)
          .map(({ inputs, options }) => ({ ...options, inputs: inputs.map(placeOf) })),
      })),
    outputs: network.outputs.map(placeOf),
  };
}

/**
 * A network from its saved form.
 *
 * @param custom kinds of layers that are the user's own
 * @throws OptionError for an unknown class, a place that is not there, or layers that wait for each other
 */
export function networkFromConfig(config: NetworkConfig, custom: readonly LayerFactory<never>[] = []): Network {
  checkObject('fromConfig', config, ['inputShape', 'layers']);
  const { layers }: { readonly layers: unknown } = config;
  if (!Array.isArray(layers)) {
    throw new OptionError(
      `fromConfig: expected a configuration with a list of layers, as getConfig gives it, received ${show(config)}.`,
    );
  }
  if (!('inputs' in config)) {
    // Folders of earlier versions list the input layer too.
    const saved = config.layers.filter(({ className }) => className !== 'InputLayer');
    return Network.sequential(
      saved.map((layer) => loadLayer(layer, custom)),
      config.inputShape,
    );
  }
  const values = new Map<string, SymbolicTensor>();
  const key = ([layer, call, output]: SavedPlace) => `${layer} ${call} ${output}`;
  const inputs = config.inputs.map(({ name, shape }) => {
    const tensor = input({ name, shape });
    values.set(key([name, 0, 0]), tensor);
    return tensor;
  });
  const waiting = config.layers.flatMap((saved) => {
    const layer = loadLayer(saved, custom);
    return saved.calls.map((call, index) => ({ saved, layer, call, index }));
  });
  // Round after round the calls whose inputs are there: what is left at the end waits for itself.
  while (waiting.length > 0) {
    const before = waiting.length;
    for (const item of [...waiting]) {
      const { saved, layer, index } = item;
      const { inputs: places, ...options } = item.call;
      const isFirst = !waiting.some((other) => other.layer === layer && other.index < index);
      if (!isFirst || !places.every((place) => values.has(key(place)))) continue;
      const given = places.map((place) => values.get(key(place))!);
      const { outputs } = callLayer(layer, given, options, saved.name);
      outputs.forEach((output, place) => {
        values.set(key([saved.name, index, place]), output);
      });
      waiting.splice(waiting.indexOf(item), 1);
    }
    if (waiting.length === before)
      throw notConnected(
        waiting.map(({ saved }) => saved.name),
        config,
      );
  }
  const outputs = config.outputs.map((place) => {
    const tensor = values.get(key(place));
    if (tensor) return tensor;
    throw new OptionError(`model: expected outputs of its layers, received ${show(place)}, which is none.`);
  });
  return new Network(inputs, outputs);
}

function notConnected(names: readonly string[], { inputs, layers }: FunctionalConfig): OptionError {
  const known = new Set([...inputs, ...layers].map(({ name }) => name));
  for (const { name, calls } of layers) {
    for (const [from] of calls.flatMap((call) => call.inputs)) {
      if (known.has(from)) continue;
      return new OptionError(`model: expected the inputs of "${name}" to be layers of the model, received "${from}".`);
    }
  }
  return new OptionError(
    `model: expected layers without a cycle, received ${[...new Set(names)].map((name) => `"${name}"`).join(', ')}, which wait for each other's outputs.`,
  );
}

function saveLayer(layer: Layer, name: string): SavedLayer {
  const { className, config, activityRegularizer, trainable, network } = layer;
  const own = network ? { ...networkConfig(network) } : config;
  for (const [option, value] of Object.entries({ ...own, activityRegularizer })) {
    if (typeof value !== 'function') continue;
    throw new OptionError(
      `${className} "${name}": expected options that can be saved, received a function for ${option}. Make it a layer of its own with defineLayer.`,
    );
  }
  const common = { ...(activityRegularizer && { activityRegularizer }), ...(!trainable && { trainable }) };
  return { className, name, config: { ...own, ...common } };
}

function loadLayer({ className, name, config }: SavedLayer, custom: readonly LayerFactory<never>[]): Layer {
  if (className !== 'Sequential' && className !== 'Functional') return layerFromConfig(className, config, name, custom);
  const { trainable = true, ...own } = config as unknown as NetworkConfig & { trainable?: boolean };
  const layer = networkFromConfig(own, custom).asLayer(name);
  layer.trainable = trainable;
  return layer;
}
