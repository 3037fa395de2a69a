/** Augmentation: layers that change the pictures of a dataset at random before training sees them. They run as a program of
 * their own, ahead of the training step. */
import { checkKeys, checkName, checkNumber } from '../core/options.ts';
import type { Dataset } from '../data/dataset.ts';
import { type BackendOptions, backendOptionNames } from '../engine/choose-backend.ts';
import type { Layer } from '../nn/layers/layer.ts';
import { Network } from '../nn/network.ts';
import { AugmentationProgram, type AugmentedType, augmentedTypes, checkNothingTrains } from './augmentation-program.ts';
import { ChangedDataset } from './changed-dataset.ts';

/** How pictures are augmented. */
export interface AugmentOptions extends BackendOptions {
  /** What all random numbers follow from, together with the epoch and the picture; by default 0. */
  readonly seed?: number;
  /** By default bytes where the dataset gives bytes: rounded, and kept within 0…255. Otherwise float32 as they come. */
  readonly outputType?: AugmentedType;
  /** Batches that are augmented ahead while one is being used, by default 1. */
  readonly prefetch?: number;
}

/**
 * A dataset whose pictures go through layers as in training: flips, rotations, zooms and all others that draw at random. What
 * is drawn for a picture follows from the seed, the layer's name, the epoch and the picture's number in the dataset alone: not
 * from threads, batches, or what was read before. A dataset that does not number its examples (`indices`) has their places in
 * the epoch taken instead. Targets, names and weights stay as they are.
 *
 * @param dataset of pictures `[height, width, channels]`, bytes or float32
 * @param layers in the order in which they run; layers without weights to train
 * @returns the same batches in the same order, in the shape that the layers give
 * @throws OptionError for unknown options, or layers with weights to train
 * @throws ShapeError where a layer cannot take the pictures
 * @example
 * const { training } = await folder('pictures', { height: 150, width: 150 });
 * const augmented = augment(training, [layers.randomFlip(), layers.randomRotation({ factor: 0.1 })], { seed: 7 });
 * await model.fit(augmented, { epochs: 10 });
 */
export function augment(dataset: Dataset, layers: readonly Layer[], options: AugmentOptions = {}): Dataset {
  checkKeys('augment', options, ['seed', 'outputType', 'prefetch', ...backendOptionNames]);
  const { seed = 0, outputType, prefetch = 1, ...backend } = options;
  checkNumber('augment', 'seed', seed, { integer: true });
  const usual = dataset.inputType === 'uint8' ? 'uint8' : 'float32';
  const inputType = checkName('augment', 'outputType', outputType ?? usual, augmentedTypes);
  const network = Network.sequential(layers, dataset.inputShape);
  checkNothingTrains(network);
  let program: Promise<AugmentationProgram> | undefined;
  const compiled = (): Promise<AugmentationProgram> => {
    program ??= AugmentationProgram.compile({
      network,
      inputType: dataset.inputType,
      outputType: inputType,
      seed,
      backend,
    });
    return program;
  };
  return new ChangedDataset('augment', dataset, {
    inputShape: network.outputShape.slice(1),
    inputType,
    prefetch,
    change: async (batch, place) => ({ ...batch, inputs: await (await compiled()).run(batch.inputs, place) }),
    close() {
      program = undefined;
    },
  });
}
