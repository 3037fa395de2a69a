/** The checkpoint of a run: all that a training needs to go on after a crash as if there had been none, replaced whole at the
 * end of each epoch. */
import { readCheckpointFolder, writeCheckpointFolder } from '../../formats/node/checkpoint-files.ts';
import type { Model } from '../../model/model.ts';
import { readTrainingState, writeTrainingState } from '../../training/training-state.ts';
import { type RunFolder, runFiles } from '../run-folder.ts';
import type { HistoryRow } from '../run-record.ts';

/** What a run notes beside the state of its training. Callbacks go on from the history. */
export interface Checkpoint {
  /** Epochs that are done. */
  readonly epoch: number;
  /** When the run began, in ISO 8601. */
  readonly startedAt: string;
  /** How long it has trained, crashes aside. */
  readonly seconds: number;
  readonly history: readonly HistoryRow[];
}

const noted: readonly (keyof Checkpoint)[] = ['epoch', 'startedAt', 'seconds', 'history'];

/** Writes the checkpoint of a training in one step. @throws StorageError where it cannot; the old one is kept */
export async function writeCheckpoint(run: RunFolder, model: Model, checkpoint: Checkpoint): Promise<void> {
  const state = await readTrainingState(await model.trainer(), model.compiled!.optimizer);
  await writeCheckpointFolder(run.pathOf(runFiles.checkpoint), { state, notes: { ...checkpoint } });
}

/**
 * Puts the last checkpoint of a run into a compiled model.
 *
 * @returns what it says, or undefined where the run had not finished an epoch
 * @throws FormatError where it is damaged or of another network
 */
export async function restoreCheckpoint(run: RunFolder, model: Model): Promise<Checkpoint | undefined> {
  const folder = run.pathOf(runFiles.checkpoint);
  const stored = await readCheckpointFolder(folder, noted);
  if (!stored) return undefined;
  await writeTrainingState(folder, await model.trainer(), model.compiled!.optimizer, stored.state);
  return stored.notes as unknown as Checkpoint;
}
