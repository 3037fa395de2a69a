/** The models of a run: `weights/best` and `weights/last` are model folders, each there whole or not at all. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError, FormatError } from '../../core/errors.ts';
import { type Preprocessing, parsePreprocessing } from '../../data/index.ts';
import { encodeModelFolder, modelFiles } from '../../formats/model-folder.ts';
import { readModelFolder } from '../../formats/node/model-files.ts';
import { recoverFolder, replaceFolder } from '../../formats/node/replace-folder.ts';
import { loadModel } from '../../model/load-model.ts';
import type { Model } from '../../model/model.ts';
import { type SaveOptions, storeModel } from '../../model/store.ts';
import { runFiles } from '../run-files.ts';

/** Saves a model as a folder in one step. @throws StorageError where it cannot be written; the old one is kept */
export async function saveRunModel(model: Model, folder: string, options: SaveOptions): Promise<void> {
  await replaceFolder(folder, await encodeModelFolder(await storeModel(model, options)));
}

/** Puts a saved model's weights into a model of the same network. */
export async function restoreWeights(model: Model, folder: string): Promise<void> {
  const { weights } = await readModelFolder(folder);
  await model.setWeights(new Map([...weights].map(([name, { data }]) => [name, data])));
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/**
 * The model folder that a person means: itself, or the best (else the last) model of a run.
 *
 * @throws DataError where there is neither
 */
export async function findModelFolder(place: string): Promise<string> {
  if (await isThere(path.join(place, modelFiles.description))) return place;
  for (const name of [runFiles.best, runFiles.last]) {
    const folder = path.join(place, name);
    if (await isThere(path.dirname(folder))) await recoverFolder(folder);
    if (await isThere(folder)) return folder;
  }
  const isRun = await isThere(path.join(place, runFiles.arguments));
  const received = isRun
    ? 'a run that has saved none yet'
    : (await isThere(place))
      ? 'another folder'
      : 'a path where nothing is';
  throw new DataError(
    `${place}: expected a run or a model folder, received ${received}. Name the folder that a training printed, as runs/train.`,
  );
}

/** A model that can be shown pictures: it knows its classes and how pictures are prepared. */
export interface PictureModel {
  readonly model: Model;
  readonly folder: string;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** Loads the model of a run or of a model folder. @throws DataError or FormatError where it is not there or not whole */
export async function openPictureModel(place: string): Promise<PictureModel> {
  const folder = await findModelFolder(place);
  const { model, description } = await loadModel(folder);
  const { classNames, preprocessing } = description;
  if (!classNames) {
    throw new FormatError(
      `${path.join(folder, modelFiles.description)}: expected the names of the classes, received none. Save the model with classNames.`,
    );
  }
  return {
    model,
    folder,
    classNames,
    preprocessing: parsePreprocessing(path.join(folder, modelFiles.description), preprocessing),
  };
}
