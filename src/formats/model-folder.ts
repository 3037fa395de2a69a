/** cajal's model folder as bytes: `model.json` says what the model is and how pictures are prepared for it,
 * `model.safetensors` holds the weights. Reading and writing the files is in formats/node. */

import { FormatError } from '../core/errors.ts';
import { formatShape, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Preprocessing } from '../data/pictures/preprocessing.ts';
import type { LayerFactory } from '../nn/layers/layer.ts';
import type { Network } from '../nn/network.ts';
import { type NetworkConfig, networkFromConfig } from '../nn/network-config.ts';
import type { OptimizerConfig } from '../nn/optimizers/optimizer.ts';
import type { PartConfig } from '../nn/part.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { sha256 } from './sha256.ts';

/** The files of a model folder. */
export const modelFiles = { description: 'model.json', weights: 'model.safetensors' } as const;

/** The version that is written, and the newest that can be read. */
export const modelFolderVersion = 1;

/** A loss or metric: its name, or its name with options. */
export type SavedPart = string | PartConfig;

/** Metrics of all outputs, or by the outputs' names. */
export type SavedMetrics = readonly SavedPart[] | Readonly<Record<string, readonly SavedPart[]>>;

/** What a model folder says about its model, besides the weights. */
export interface ModelDescription {
  readonly name: string;
  readonly seed: number;
  readonly network: NetworkConfig;
  /** What each output means, in their order. */
  readonly classNames?: readonly string[];
  /** How a picture becomes the network's input. */
  readonly preprocessing?: Preprocessing;
  /** Numbers that were measured on it, as `val_accuracy`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** How it was compiled: names, or names with options. Absent where the loss is a function. */
  readonly compiled?: {
    readonly optimizer: string;
    readonly optimizerConfig: OptimizerConfig;
    /** One, or one for each output: a list, or by name. */
    readonly loss: SavedPart | readonly SavedPart[] | Readonly<Record<string, SavedPart>>;
    readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
    readonly metrics: SavedMetrics;
    readonly weightedMetrics?: SavedMetrics;
  };
}

/** A model as it is in its folder. */
export interface StoredModel {
  readonly description: ModelDescription;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** The folder's files by name. */
export async function encodeModelFolder({ description, weights }: StoredModel): Promise<Map<string, Uint8Array>> {
  const numbers = encodeSafetensors(weights, { format: 'cajal' });
  const header = { format: 'cajal model', version: modelFolderVersion };
  const json = { ...header, ...description, weights: { file: modelFiles.weights, sha256: await sha256(numbers) } };
  return new Map([
    [modelFiles.weights, numbers],
    [modelFiles.description, new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`)],
  ]);
}

/**
 * Reads the folder's files.
 *
 * @param where the folder, for messages
 * @param customLayers kinds of layers of the user's own
 * @throws FormatError where a file is missing, truncated, foreign or newer, or where weights and network do not fit
 */
export async function decodeModelFolder(
  where: string,
  files: ReadonlyMap<string, Uint8Array>,
  customLayers: readonly LayerFactory<never>[] = [],
): Promise<StoredModel> {
  const description = parseDescription(`${where}/${modelFiles.description}`, files.get(modelFiles.description));
  const place = `${where}/${modelFiles.weights}`;
  const bytes = files.get(modelFiles.weights);
  if (!bytes) {
    throw new FormatError(
      `${place}: expected the model's weights, received no such file. Copy the whole model folder.`,
    );
  }
  const { tensors } = decodeSafetensors(place, bytes);
  const { weights: stored, ...rest } = description;
  const network = readNetwork(`${where}/${modelFiles.description}`, rest.network, customLayers);
  checkWeights(place, network, tensors);
  if (stored?.sha256 && stored.sha256 !== (await sha256(bytes))) {
    throw new FormatError(
      `${place}: expected the weights that model.json was written with, received others (their SHA-256 differs). Copy both files from the same folder.`,
    );
  }
  return { description: rest, weights: tensors };
}

type Written = ModelDescription & { readonly weights?: { readonly sha256?: string } };

function parseDescription(where: string, bytes: Uint8Array | undefined): Written {
  if (!bytes)
    throw new FormatError(`${where}: expected a model folder, received no such file. Name a run or a model folder.`);
  let json: { format?: unknown; version?: unknown } & Written;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError(`${where}: expected JSON, received something else. ${(cause as Error).message}`, { cause });
  }
  if (json?.format !== 'cajal model' || !json.network) {
    throw new FormatError(
      `${where}: expected "format": "cajal model" and a network, received ${JSON.stringify(json?.format) ?? 'neither'}.`,
    );
  }
  if (typeof json.version !== 'number' || json.version > modelFolderVersion) {
    throw new FormatError(
      `${where}: expected a version up to ${modelFolderVersion}, received ${JSON.stringify(json.version)}. Install a newer cajal.`,
    );
  }
  const { format: _, version: __, ...description } = json;
  return description;
}

function readNetwork(where: string, config: NetworkConfig, customLayers: readonly LayerFactory<never>[]): Network {
  try {
    return networkFromConfig(config, customLayers);
  } catch (cause) {
    throw new FormatError(
      `${where}: expected a network of layers, received one that cannot be built. ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

/** Throws where tensors are not a network's weights, all of them and no others. @throws FormatError that names `where` */
export function checkWeights(where: string, network: Network, tensors: ReadonlyMap<string, Tensor>): void {
  const known = new Set(network.weights.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (known.has(name)) continue;
    throw new FormatError(
      `${where}: expected the weights ${[...known].join(', ')}, received "${name}" too. These are another model's weights.`,
    );
  }
  for (const { name, shape } of network.weights) {
    const stored = tensors.get(name);
    if (stored && sameShape(stored.shape, shape) && stored.dtype === 'float32') continue;
    const received = stored ? `${stored.dtype} ${formatShape(stored.shape)}` : 'none';
    throw new FormatError(
      `${where}: expected "${name}" as float32 ${formatShape(shape)}, received ${received}. These are another model's weights.`,
    );
  }
}
