/** Model folders on disk. Writing is all or nothing: files are written beside their places and renamed, the description
 * last, so that a folder with a `model.json` is whole. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FormatError, OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { LayerFactory } from '../../nn/layers/layer.ts';
import type { Network } from '../../nn/network.ts';
import { checkWeights, decodeModelFolder, encodeModelFolder, modelFiles, type StoredModel } from '../model-folder.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts';
import { storageFailure } from './storage-failure.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

/** Writes a model folder, made where it is not there. @throws StorageError where it cannot be written */
export async function writeModelFolder(folder: string, model: StoredModel): Promise<void> {
  await makeFolder(checkPath('save', folder));
  for (const [name, bytes] of await encodeModelFolder(model)) await writeFileAtomic(join(folder, name), bytes);
}

/** Reads a model folder, which may have the given kinds of layers. @throws FormatError where it is not a whole model */
export async function readModelFolder(
  folder: string,
  customLayers?: readonly LayerFactory<never>[],
): Promise<StoredModel> {
  checkPath('loadModel', folder);
  const files = new Map<string, Uint8Array>();
  for (const name of Object.values(modelFiles)) {
    const bytes = await readOrNothing(join(folder, name));
    if (bytes) files.set(name, bytes);
  }
  return decodeModelFolder(folder, files, customLayers);
}

/** Writes weights as one safetensors file; its folder is made. @throws StorageError where it cannot be written */
export async function writeWeightsFile(file: string, weights: ReadonlyMap<string, Tensor>): Promise<void> {
  await makeFolder(dirname(checkPath('saveWeights', file)));
  await writeFileAtomic(file, encodeSafetensors(weights, { format: 'cajal' }));
}

/** The numbers of a network's weights by name. @throws FormatError where the file is not its weights */
export async function readWeightsFile(file: string, network: Network): Promise<Map<string, Tensor['data']>> {
  const bytes = await readOrNothing(checkPath('loadWeights', file));
  if (!bytes) throw new FormatError(`${file}: expected a safetensors file, received no such file.`);
  const { tensors } = decodeSafetensors(file, bytes);
  checkWeights(file, network, tensors);
  return new Map([...tensors].map(([name, { data }]) => [name, data]));
}

/** A path on disk. @throws OptionError where it is no text */
function checkPath(where: string, path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  throw new OptionError(`${where}: expected a path as text, received ${show(path)}. Give one as 'models/cats'.`);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw storageFailure(folder, error);
  }
}

async function readOrNothing(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new FormatError(`${file}: expected to read it, received "${(cause as Error).message}".`, { cause });
  }
}
