/** Augmentation: layers that change the pictures of a dataset at random before training sees them. They run as a program of
 * their own, ahead of the training step. */
import type { TypedArray } from '../core/dtype.ts';
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { batchAxis, formatShape } from '../core/shape.ts';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { type BackendOptions, backendOptionNames } from '../engine/choose-backend.ts';
import { identity } from '../nn/layers/identity.ts';
import { type Layer, layerFactory } from '../nn/layers/layer.ts';
import { Network } from '../nn/network.ts';
import { AugmentationProgram, type AugmentedType, augmentedTypes, checkNothingTrains } from './augmentation-program.ts';
import { type BatchMixer, drawPartners, mixedTargets } from './batch-mixer.ts';
import { type BatchPlace, ChangedDataset } from './changed-dataset.ts';

/** How pictures are augmented. */
export interface AugmentOptions extends BackendOptions {
  /** What all random numbers follow from, together with the epoch and the picture; by default 0. */
  readonly seed?: number;
  /** By default bytes where the dataset gives bytes: rounded, and kept within 0…255. Otherwise float32 as they come. */
  readonly outputType?: AugmentedType;
  /** Mixes pictures of a batch, and their targets, after the layers: `mixUp()` or `cutMix()`. A list: one of them, drawn for each
   * batch. Targets must be one-hot rows. */
  readonly batchMix?: BatchMixer | readonly BatchMixer[];
  /** Mixes the targets of all classes in: (1 − s) · target + s / classes, from 0 to 1; default 0. Targets must be one-hot rows. */
  readonly labelSmoothing?: number;
  /** Batches that are augmented ahead while one is being used, by default 1. */
  readonly prefetch?: number;
}

/**
 * A dataset whose pictures go through layers as in training: flips, rotations, zooms and all others that draw at random. What
 * is drawn for a picture follows from the seed, the layer's name, the epoch and the picture's number in the dataset alone: not
 * from threads, batches, or what was read before. A dataset that does not number its examples (`indices`) has their places in
 * the epoch taken instead. Names and weights stay as they are; targets change by `batchMix` and
 * `labelSmoothing` alone.
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
  checkKeys('augment', options, [
    'seed',
    'outputType',
    'batchMix',
    'labelSmoothing',
    'prefetch',
    ...backendOptionNames,
  ]);
  const { seed = 0, outputType, batchMix = [], labelSmoothing = 0, prefetch = 1, ...backend } = options;
  const mixers = [batchMix].flat();
  checkNumber('augment', 'labelSmoothing', labelSmoothing, { min: 0, max: 1 });
  if (mixers.length > 0 || labelSmoothing > 0) checkOneHot(dataset, mixers);
  checkNumber('augment', 'seed', seed, { integer: true });
  const usual = dataset.inputType === 'uint8' ? 'uint8' : 'float32';
  const inputType = checkName('augment', 'outputType', outputType ?? usual, augmentedTypes);
  // Mixing and smoothing need no layers.
  const parts = layers.length === 0 && (mixers.length > 0 || labelSmoothing > 0) ? [layerFactory(identity)()] : layers;
  const network = Network.sequential(parts, dataset.inputShape);
  checkNothingTrains(network);
  let program: Promise<AugmentationProgram> | undefined;
  const compiled = (): Promise<AugmentationProgram> => {
    program ??= AugmentationProgram.compile({
      network,
      inputType: dataset.inputType,
      outputType: inputType,
      seed,
      mixes: mixers.length > 0,
      backend,
    });
    return program;
  };
  const shape = network.outputShape.slice(1);
  return new ChangedDataset('augment', dataset, {
    inputShape: shape,
    inputType,
    prefetch,
    async change(batch, place) {
      const running = await compiled();
      if (mixers.length === 0) {
        const targets = smoothed(batch.targets, labelSmoothing);
        return { ...batch, inputs: await running.run(batch.inputs, place), targets };
      }
      const [height, width] = shape as [number, number];
      const { inputs, mix } = mixtureOf(mixers, seed, place, [height, width]);
      const targets = smoothed(mix(batch.targets), labelSmoothing);
      return { ...batch, inputs: await running.run(batch.inputs, place, inputs), targets };
    },
    close() {
      program = undefined;
    },
  });
}

/** The inputs of mixing for a batch, and what it does to targets. */
function mixtureOf(
  mixers: readonly BatchMixer[],
  seed: number,
  { epoch, step, indices }: BatchPlace,
  size: readonly [height: number, width: number],
): { inputs: Readonly<Record<string, TypedArray>>; mix: (targets: Tensor) => Tensor } {
  const chosen = mixers[mixers.length > 1 ? new Random(seed, 'mixer', step).integer(mixers.length) : 0]!;
  const randoms = Array.from(indices, (index) => new Random(seed, chosen.name, epoch, index));
  const partners = drawPartners(randoms);
  const { rows, columns, shares } = chosen.draw(size, randoms);
  return {
    inputs: { partners, rows, columns },
    mix({ data, shape }) {
      const classes = shape[1]!;
      return tensor(mixedTargets(Float32Array.from(data), classes, partners, shares), shape);
    },
  };
}

function smoothed(targets: Tensor, smoothing: number): Tensor {
  if (smoothing === 0) return targets;
  const { data, shape } = targets;
  return tensor(
    Float32Array.from(data, (target) => (1 - smoothing) * target + smoothing / shape[1]!),
    shape,
  );
}

/** @throws OptionError where targets are no one-hot rows */
function checkOneHot({ targetShape }: Dataset, mixers: readonly BatchMixer[]): void {
  if (targetShape.length === 1 && targetShape[0]! > 1) return;
  throw new OptionError(
    `augment: ${mixers.length > 0 ? 'batchMix' : 'labelSmoothing'} needs one-hot targets [batch, classes], received ` +
      `${formatShape([batchAxis, ...targetShape])}. Give labelMode: 'categorical', or toCategorical(labels).`,
  );
}
