/** A checkpoint as files: `state.safetensors` holds weights and optimizer slots, `checkpoint.json` the numbers that belong to
 * them, with the hash of the first, so that files of two moments are never taken for one. */
import { FormatError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { sha256 } from './sha256.ts';

/** The files of a checkpoint's folder. */
export const checkpointFiles = { state: 'state.safetensors', description: 'checkpoint.json' } as const;

const version = 1;

/** All that a training needs to go on later, to the same bits: random numbers follow from the seed and the step. */
export interface TrainingState {
  /** Training steps that are done: what optimizers and dropout count. */
  readonly iterations: number;
  readonly learningRate: number;
  /** Weights and the optimizer's slots by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A state, and what its writer noted beside it. */
export interface StoredCheckpoint {
  readonly state: TrainingState;
  /** Plain data. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** The folder's files by name. */
export async function encodeCheckpoint({ state, notes }: StoredCheckpoint): Promise<Map<string, string | Uint8Array>> {
  const { iterations, learningRate, tensors } = state;
  const bytes = encodeSafetensors(tensors, { format: 'cajal checkpoint' });
  const stateHash = await sha256(bytes);
  const description = { format: 'cajal checkpoint', version, iterations, learningRate, ...notes, stateHash };
  return new Map<string, string | Uint8Array>([
    [checkpointFiles.state, bytes],
    [checkpointFiles.description, `${JSON.stringify(description, null, 2)}\n`],
  ]);
}

/**
 * Reads the folder's files.
 *
 * @param where the folder, for messages
 * @param noted the names that `notes` must have; of a checkpoint that lacks one, nothing is read
 * @throws FormatError where they are damaged or foreign
 */
export async function decodeCheckpoint(
  where: string,
  files: ReadonlyMap<string, Uint8Array>,
  noted: readonly string[],
): Promise<StoredCheckpoint> {
  const json = parse(new TextDecoder().decode(files.get(checkpointFiles.description)));
  const { format, version: written, stateHash, iterations, learningRate, ...notes } = json ?? {};
  const isWhole =
    Number.isFinite(iterations) && Number.isFinite(learningRate) && noted.every((name) => notes[name] !== undefined);
  if (format !== 'cajal checkpoint' || written !== version || stateHash === undefined || !isWhole) {
    throw new FormatError(
      `${where}/${checkpointFiles.description}: expected a checkpoint of version ${version}, received something else. Start anew without it.`,
    );
  }
  const place = `${where}/${checkpointFiles.state}`;
  const bytes = files.get(checkpointFiles.state);
  if (!bytes || (await sha256(bytes)) !== stateHash) {
    throw new FormatError(
      `${place}: expected the state that ${checkpointFiles.description} was written with, received ${bytes ? 'another' : 'none'}. Start anew without it.`,
    );
  }
  const { tensors } = decodeSafetensors(place, bytes);
  return { state: { iterations: iterations as number, learningRate: learningRate as number, tensors }, notes };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
