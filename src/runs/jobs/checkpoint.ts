/** Checkpoints: all that a training needs to go on after a crash as if there had been none. One folder in the run, replaced
 * whole at the end of each epoch. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FormatError } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import { failureCode, storageFailure } from '../../formats/node/storage-failure.ts';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors.ts';
import { sha256 } from '../../formats/sha256.ts';
import type { Model } from '../../model/model.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { HistoryRow } from '../run-record.ts';
import { recoverFolder, replaceFolder } from './replace-folder.ts';

const names = { state: 'state.safetensors', description: 'checkpoint.json' } as const;
const version = 1;

/** What a checkpoint says beside the weights and the optimizer's slots. Callbacks go on from the history. */
export interface Checkpoint {
  /** Epochs that are done. */
  readonly epoch: number;
  /** Training steps that are done: what optimizers and dropout count. */
  readonly iterations: number;
  readonly learningRate: number;
  /** When the run began, in ISO 8601. */
  readonly startedAt: string;
  /** How long it has trained, crashes aside. */
  readonly seconds: number;
  readonly history: readonly HistoryRow[];
}

/** Writes the checkpoint of a training in one step. @throws StorageError where it cannot; the old one is kept */
export async function writeCheckpoint(
  run: RunFolder,
  model: Model,
  checkpoint: Omit<Checkpoint, 'iterations' | 'learningRate'>,
): Promise<void> {
  const trainer = await model.trainer();
  const { memory, iterations } = trainer;
  const wanted = [...model.network.weights.map(({ name }) => name), ...trainer.slotNames];
  const shapes = new Map(memory.types.map(({ name, shape }) => [name, shape as readonly number[]]));
  const entries = await Promise.all(
    wanted.map(async (name) => [name, tensor(await memory.read(name), shapes.get(name)!)] as const),
  );
  const state = encodeSafetensors(new Map(entries), { format: 'cajal checkpoint' });
  const { learningRate } = model.compiled!.optimizer;
  const description = {
    format: 'cajal checkpoint',
    version,
    iterations,
    learningRate,
    ...checkpoint,
    stateHash: await sha256(state),
  };
  await replaceFolder(
    run.pathOf(runFiles.checkpoint),
    new Map<string, string | Uint8Array>([
      [names.state, state],
      [names.description, `${JSON.stringify(description, null, 2)}\n`],
    ]),
  );
}

/**
 * Puts the last checkpoint of a run into a compiled model.
 *
 * @returns what it says, or undefined where the run had not finished an epoch
 * @throws FormatError where it is damaged or of another network
 */
export async function restoreCheckpoint(run: RunFolder, model: Model): Promise<Checkpoint | undefined> {
  const folder = run.pathOf(runFiles.checkpoint);
  await recoverFolder(folder);
  const text = await readOrNothing(path.join(folder, names.description));
  if (text === undefined) return undefined;
  const place = path.join(folder, names.state);
  const { stateHash, checkpoint } = parse(path.join(folder, names.description), text.toString('utf8'));
  const bytes = await readOrNothing(place);
  if (bytes === undefined || (await sha256(bytes)) !== stateHash) {
    throw new FormatError(
      `${place}: expected the state that ${names.description} was written with, received ${bytes ? 'another' : 'none'}. Start a new run.`,
    );
  }
  const { tensors } = decodeSafetensors(place, bytes);
  const trainer = await model.trainer();
  for (const name of [...model.network.weights.map((weight) => weight.name), ...trainer.slotNames]) {
    const stored = tensors.get(name);
    if (!stored)
      throw new FormatError(`${place}: expected "${name}", received a checkpoint of another network. Start a new run.`);
    await trainer.memory.write(name, stored.data);
  }
  trainer.iterations = checkpoint.iterations;
  const { optimizer } = model.compiled!;
  if (!optimizer.hasSchedule) optimizer.learningRate = checkpoint.learningRate;
  return checkpoint;
}

async function readOrNothing(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return undefined;
    throw storageFailure(file, error);
  }
}

function parse(where: string, text: string): { stateHash: string; checkpoint: Checkpoint } {
  let json: (Partial<Checkpoint> & { format?: string; version?: number; stateHash?: string }) | undefined;
  try {
    json = JSON.parse(text) as typeof json;
  } catch {
    json = undefined;
  }
  const {
    format,
    version: written,
    stateHash,
    epoch,
    iterations,
    learningRate,
    startedAt,
    seconds,
    history,
  } = json ?? {};
  const isWhole =
    [epoch, iterations, learningRate, seconds].every(Number.isFinite) &&
    Array.isArray(history) &&
    startedAt !== undefined;
  if (format !== 'cajal checkpoint' || written !== version || stateHash === undefined || !isWhole) {
    throw new FormatError(
      `${where}: expected a checkpoint of version ${version}, received something else. Start a new run.`,
    );
  }
  return {
    stateHash,
    checkpoint: {
      epoch: epoch!,
      iterations: iterations!,
      learningRate: learningRate!,
      startedAt,
      seconds: seconds!,
      history: history!,
    },
  };
}
