/** `imageDataGenerator`: Keras's older way to augment and to normalize, with its names and defaults. Where Keras does other than
 * its documentation says, this does what the documentation says (docs/decisions/image-data-generator.md). */
import { ShapeError } from '../core/errors.ts';
import { checkKeys, checkNumber, checkSwitch } from '../core/options.ts';
import { Random } from '../core/random.ts';
import { formatShape } from '../core/shape.ts';
import { checkTensor, type Tensor, tensor } from '../core/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { fitGenerator } from './fit-generator.ts';
import { type FlowOptions, flowArrays, type GeneratorFlow } from './flow.ts';
import { type FlowFromDirectoryOptions, flowDirectory } from './flow-from-directory.ts';
import { type GeneratorSettings, generatorSettings, type ImageDataGeneratorOptions } from './generator-options.ts';
import { type FittedStatistics, GeneratorProgram } from './generator-program.ts';
import { drawTransform, type TransformParameters } from './transform-parameters.ts';

/** How `fit` looks at the data. */
export interface FitGeneratorOptions {
  /** Whether the pictures are transformed at random first; default false. */
  readonly augment?: boolean;
  /** With `augment`: how often each picture is taken; default 1. */
  readonly rounds?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Augments and normalizes pictures by the options of Keras's `ImageDataGenerator`.
 *
 * @throws OptionError for unknown or wrong options
 * @example
 * const generator = imageDataGenerator({ rescale: 1 / 255, rotationRange: 40, widthShiftRange: 0.2, horizontalFlip: true });
 * const training = await generator.flowFromDirectory('cells', { targetSize: [150, 150], batchSize: 32 });
 * await model.fit(training, { epochs: 10 });
 */
export function imageDataGenerator(options: ImageDataGeneratorOptions = {}): ImageDataGenerator {
  return new ImageDataGenerator(generatorSettings(options));
}

/** What `imageDataGenerator` makes. */
export class ImageDataGenerator {
  readonly #settings: GeneratorSettings;
  readonly #programs = new Map<string, GeneratorProgram>();
  #fitted: FittedStatistics = {};
  #drawn = 0;

  /** Use `imageDataGenerator`. */
  constructor(settings: GeneratorSettings) {
    this.#settings = settings;
  }

  /** Each channel's mean over the data that `fit` saw. */
  get mean(): readonly number[] | undefined {
    return this.#fitted.mean;
  }

  /** Each channel's standard deviation over the data that `fit` saw. */
  get std(): readonly number[] | undefined {
    return this.#fitted.deviation;
  }

  /**
   * Batches of transformed and standardized pictures from tensors in memory. What is drawn follows from the seed, the epoch and
   * the picture's number.
   *
   * @param x `[examples, height, width, channels]`
   * @param y targets, `[examples, classes]`, `[examples, 1]` or `[examples]`; absent: targets of no numbers
   * @returns batches of float32 pictures; iterating again gives the next epoch
   * @throws OptionError where a subset is asked for without `validationSplit`, or lacks classes that the other one has
   */
  flow(x: Tensor, y?: Tensor | null, options: FlowOptions = {}): GeneratorFlow {
    return flowArrays(this, this.#settings, x, y ?? undefined, options);
  }

  /**
   * The same from a directory with one folder for each class, in Node. With `subset`, the first ⌊validationSplit · files⌋ of
   * each class are for validation.
   *
   * @throws DataError where the directory or its pictures are not what they should be
   */
  flowFromDirectory(directory: string, options: FlowFromDirectoryOptions = {}): Promise<GeneratorFlow> {
    return flowDirectory(this, this.#settings, directory, options);
  }

  /**
   * Takes from data what featurewise normalization and ZCA whitening need: give it the training pictures only.
   *
   * @param x `[examples, height, width, channels]`, or a dataset, of which one epoch is read
   */
  async fit(x: Tensor | Dataset, options: FitGeneratorOptions = {}): Promise<void> {
    checkKeys('imageDataGenerator.fit', options, ['augment', 'rounds', 'seed']);
    const { seed = 0 } = options;
    const augment = checkSwitch('imageDataGenerator.fit', 'augment', options.augment ?? false);
    const rounds = checkNumber('imageDataGenerator.fit', 'rounds', options.rounds ?? 1, { integer: true, min: 1 });
    checkNumber('imageDataGenerator.fit', 'seed', seed, { integer: true });
    const change = (pictures: Tensor, round: number, indices: Uint32Array) =>
      this.#run(pictures, this.#drawAll(pictures, seed, round, indices), false);
    this.#fitted = await fitGenerator(this.#settings, x, augment ? { rounds, change } : undefined);
    this.#programs.clear();
  }

  /**
   * The pictures standardized: `preprocessingFunction`, `rescale`, samplewise, then featurewise normalization, ZCA.
   *
   * @param x one picture `[height, width, channels]`, or several `[examples, height, width, channels]`, each by itself
   * @returns a new tensor, float32
   */
  standardize(x: Tensor): Promise<Tensor> {
    return this.#withBatch('standardize', x, (pictures) => this.#run(pictures, undefined, true));
  }

  /** Draws a transform for a picture `[height, width, channels]`; without a seed, another one each time. */
  getRandomTransform(imgShape: readonly number[], seed?: number): Required<TransformParameters> {
    const random = seed === undefined ? new Random(0, stream, 0, this.#drawn++) : new Random(seed, stream);
    return drawTransform(this.#settings, [imgShape[0]!, imgShape[1]!], random);
  }

  /** A picture `[height, width, channels]` after a transform. */
  applyTransform(x: Tensor, transformParameters: TransformParameters): Promise<Tensor> {
    return this.#withBatch('applyTransform', x, (pictures) =>
      this.#run(pictures, Array(pictures.shape[0]).fill(transformParameters), false),
    );
  }

  /** A picture after a transform that is drawn. */
  randomTransform(x: Tensor, seed?: number): Promise<Tensor> {
    return this.applyTransform(x, this.getRandomTransform(x.shape, seed));
  }

  /** A batch as `flow` gives it: transformed by what is drawn for each picture, and standardized. */
  changeBatch(pictures: Tensor, seed: number, epoch: number, indices: Uint32Array): Promise<Tensor> {
    return this.#run(pictures, this.#drawAll(pictures, seed, epoch, indices), true);
  }

  #drawAll({ shape }: Tensor, seed: number, epoch: number, indices: Uint32Array): TransformParameters[] {
    const size = [shape[1]!, shape[2]!] as const;
    return Array.from(indices, (index) => drawTransform(this.#settings, size, new Random(seed, stream, epoch, index)));
  }

  #run(
    pictures: Tensor,
    parameters: readonly TransformParameters[] | undefined,
    standardizes: boolean,
  ): Promise<Tensor> {
    const shape = pictures.shape.slice(1);
    const key = shape.join();
    const program = this.#programs.get(key) ?? new GeneratorProgram(this.#settings, shape, this.#fitted);
    this.#programs.set(key, program);
    return program.run(pictures, parameters, standardizes);
  }

  async #withBatch(where: string, x: Tensor, change: (pictures: Tensor) => Promise<Tensor>): Promise<Tensor> {
    const { shape, data, dtype } = checkTensor(`imageDataGenerator.${where}`, 'x', x);
    if (shape.length === 4) return change(x);
    if (shape.length !== 3) {
      throw new ShapeError(
        `imageDataGenerator.${where}: expected a picture [height, width, channels], received ${formatShape(shape)}.`,
      );
    }
    return tensor((await change(tensor(data, [1, ...shape], dtype))).data, shape);
  }
}

const stream = 'imageDataGenerator';
