/** What settings do to training pictures ahead of the network: layers that change them at random, and mixing. */
import { augment } from '../../augmentation/augment.ts';
import { augmentationLayersOf } from '../../augmentation/augmentation-words.ts';
import { batchMixersOf } from '../../augmentation/mixing-words.ts';
import type { Dataset } from '../../data/index.ts';
import { Network } from '../../nn/network.ts';
import type { TrainSettings } from './train-settings.ts';

/** Checks augmentations before any picture is read. @throws OptionError for unknown ones, ShapeError where one does not take the pictures */
export function checkAugmentation(
  where: string,
  { augment: words = [], size }: Pick<TrainSettings, 'augment' | 'size'>,
  channels: number,
): void {
  const layers = augmentationLayersOf(where, words);
  if (layers.length > 0) Network.sequential(layers, [size, size, channels]);
}

/** The pictures of a dataset, changed at random where the settings say so. */
export function changedPictures(
  { augment: words = [], mix = [], seed }: Pick<TrainSettings, 'augment' | 'mix' | 'seed'>,
  dataset: Dataset,
): Dataset {
  if (words.length === 0 && mix.length === 0) return dataset;
  const batchMix = batchMixersOf('train', mix);
  return augment(dataset, augmentationLayersOf('train', words), { seed, ...(mix.length > 0 && { batchMix }) });
}
