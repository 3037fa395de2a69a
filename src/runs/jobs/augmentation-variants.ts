/** Pictures as training sees them in one epoch after the other: the same numbers as those of a training with the same settings. */
import { augment } from '../../augmentation/augment.ts';
import { augmentationLayersOf } from '../../augmentation/augmentation-words.ts';
import { ChangedDataset } from '../../augmentation/changed-dataset.ts';
import type { Batch } from '../../data/index.ts';
import { type FolderDatasets, openPictures } from '../../data/node/index.ts';
import type { AugmentationSheet, SheetRow } from '../augmentation-sheet.ts';
import { cajalVersion } from './cajal-version.ts';
import { batchPictures } from './report-pictures.ts';
import type { TrainSettings } from './train-settings.ts';
import { describeSkipped, openTrainingPictures, type ReadOptions } from './training-data.ts';

/** The training pictures of a folder. */
type TrainingSide = Pick<FolderDatasets, 'listing' | 'split' | 'preprocessing' | 'classNames'>;

/** What is done to them. */
export interface VariantOptions {
  readonly words: readonly string[];
  readonly seed: number;
  /** How many epochs, from the first. */
  readonly epochs: number;
}

/** Places of some training pictures, of each class as many: where there are more classes than pictures, of the first ones. */
export function choosePlaces({ split, classNames }: TrainingSide, count: number): number[] {
  const byClass = classNames.map((_, label) =>
    split.training.flatMap((file, place) => (file.label === label ? [place] : [])),
  );
  const perClass = Math.ceil(count / Math.max(1, byClass.filter((places) => places.length > 0).length));
  // Neighbours in a folder are often of one series.
  const chosen = byClass.map((places) =>
    Array.from(
      { length: Math.min(perClass, places.length) },
      (_, index) => places[Math.floor((index * places.length) / Math.min(perClass, places.length))]!,
    ),
  );
  const inTurns = Array.from({ length: perClass }, (_, turn) => chosen.flatMap((places) => places[turn] ?? [])).flat();
  return inTurns.slice(0, count).sort((a, b) => a - b);
}

/**
 * A row for each picture: as it is prepared, then of each epoch.
 *
 * @param places of the pictures among the training pictures: what is drawn follows from them
 */
export async function drawVariants(
  side: TrainingSide,
  places: readonly number[],
  { words, seed, epochs }: VariantOptions,
): Promise<SheetRow[]> {
  const { listing, split, preprocessing, classNames } = side;
  const files = places.map((place) => split.training[place]!);
  const source = openPictures(
    { ...listing, files },
    { preprocessing, labelMode: 'int', batchSize: Math.max(1, files.length), shuffle: false, prefetch: 0 },
  );
  const numbered = new ChangedDataset('augment', source, {
    inputShape: source.inputShape,
    inputType: source.inputType,
    prefetch: 0,
    change: async (batch) => ({ ...batch, indices: Uint32Array.from(places) }),
  });
  const changed =
    words.length === 0 ? numbered : augment(numbered, augmentationLayersOf('augment', words), { seed, prefetch: 0 });
  // All pictures are one batch.
  const batches: Batch[] = [];
  for await (const batch of numbered.epoch(0)) batches.push(batch);
  for (let epoch = 0; epoch < epochs; epoch++) for await (const batch of changed.epoch(epoch)) batches.push(batch);
  const shown = batches.map((batch) => batchPictures(batch, classNames, preprocessing, files.length));
  await changed.close();
  return files.map(({ path: file, label }, row) => ({
    title: classNames[label]!,
    file,
    pictures: shown.map((pictures) => pictures[row]!.picture),
  }));
}

/** How much of a sheet is drawn. */
export interface SheetOptions extends ReadOptions {
  readonly count: number;
  readonly epochs: number;
}

/** Some training pictures by the settings' augmentations together, and one of them by each alone. @throws as a training */
export async function drawSheet(settings: TrainSettings, options: SheetOptions): Promise<AugmentationSheet> {
  const { folder, augment: words = [], seed } = settings;
  const { count, epochs, observer } = options;
  const side = await openTrainingPictures({ ...settings, augment: [] }, options);
  for (const warning of [...side.warnings, describeSkipped(side.skipped)]) if (warning) observer.warn(warning);
  const places = choosePlaces(side, count);
  const rows = await drawVariants(side, places, { words, seed, epochs });
  const single: SheetRow[] = [];
  for (const word of words.length > 1 ? words : []) {
    const [row] = await drawVariants(side, places.slice(0, 1), { words: [word], seed, epochs });
    single.push({ ...row!, title: word });
  }
  return { folder, words, seed, rows, single, version: cajalVersion() };
}
