/** Augmentation: layers that change the pictures of a dataset at random before training sees them. They run as a program of
 * their own, ahead of the training step. */
import { checkKeys, checkName, checkNumber } from '../core/options.ts';
import type { Batch, Dataset } from '../data/dataset.ts';
import { type BackendOptions, backendOptionNames } from '../engine/choose-backend.ts';
import type { Layer } from '../nn/layers/layer.ts';
import { Network } from '../nn/network.ts';
import { AugmentationProgram, type AugmentedType, augmentedTypes, checkNothingTrains } from './augmentation-program.ts';

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
  return new AugmentedDataset(dataset, layers, options);
}

class AugmentedDataset implements Dataset {
  readonly inputShape: readonly number[];
  readonly inputType: AugmentedType;
  readonly classNames?: readonly string[];
  readonly #source: Dataset;
  readonly #prefetch: number;
  readonly #compile: () => Promise<AugmentationProgram>;
  #program: Promise<AugmentationProgram> | undefined;
  #nextEpoch = 0;

  constructor(source: Dataset, layers: readonly Layer[], options: AugmentOptions) {
    const { seed = 0, outputType, prefetch = 1, ...backend } = options;
    checkNumber('augment', 'seed', seed, { integer: true });
    this.#prefetch = checkNumber('augment', 'prefetch', prefetch, { integer: true, min: 0 });
    const usual = source.inputType === 'uint8' ? 'uint8' : 'float32';
    this.inputType = checkName('augment', 'outputType', outputType ?? usual, augmentedTypes);
    const network = Network.sequential(layers, source.inputShape);
    checkNothingTrains(network);
    this.inputShape = network.outputShape.slice(1);
    if (source.classNames) this.classNames = source.classNames;
    this.#source = source;
    const plan = { network, inputType: source.inputType, outputType: this.inputType, seed, backend };
    this.#compile = () => AugmentationProgram.compile(plan);
  }

  get size(): number {
    return this.#source.size;
  }

  get batchSize(): number {
    return this.#source.batchSize;
  }

  get batchCount(): number {
    return this.#source.batchCount;
  }

  get targetShape(): readonly number[] {
    return this.#source.targetShape;
  }

  async *epoch(index: number, from = 0): AsyncGenerator<Batch, void, undefined> {
    const ahead: Promise<Batch>[] = [];
    let number = from;
    for await (const batch of this.#source.epoch(index, from)) {
      const augmented = this.#augmented(batch, index, number++);
      // One that is made ahead may fail before anyone waits for it: its reader gets the error below.
      augmented.catch(() => undefined);
      ahead.push(augmented);
      if (ahead.length > this.#prefetch) yield await ahead.shift()!;
    }
    for (const batch of ahead) yield await batch;
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch> {
    return this.epoch(this.#nextEpoch++);
  }

  async close(): Promise<void> {
    this.#program = undefined;
    await this.#source.close();
  }

  async #augmented(batch: Batch, epoch: number, number: number): Promise<Batch> {
    this.#program ??= this.#compile();
    const program = await this.#program;
    const count = batch.inputs.shape[0]!;
    const first = number * this.batchSize;
    const indices = batch.indices ?? Uint32Array.from({ length: count }, (_, place) => first + place);
    const step = epoch * this.batchCount + number;
    return { ...batch, inputs: await program.run(batch.inputs, { epoch, step, indices }) };
  }
}
