/** Test-time augmentation: a model is asked about several views of each picture, and its answers are averaged. */
import { AugmentationProgram, checkNothingTrains } from '../augmentation/augmentation-program.ts';
import { dihedralViews, viewOf } from '../augmentation/dihedral-views.ts';
import { AbortError, ShapeError } from '../core/errors.ts';
import { checkKeys, checkNumber, checkSignal } from '../core/options.ts';
import { formatShape } from '../core/shape.ts';
import { checkTensor, type Tensor, tensor } from '../core/tensor.ts';
import type { Layer } from '../nn/layers/layer.ts';
import { Network } from '../nn/network.ts';
import type { Model } from './model.ts';

/** How views are drawn. */
export interface ViewOptions {
  /** Views of each picture where layers draw at random, the picture as it is among them; default 8. */
  readonly count?: number;
  /** What the draws follow from, together with the picture's number; default 0. */
  readonly seed?: number;
}

/** Options of `predictWithAugmentation`. */
export interface AugmentedPredictionOptions extends ViewOptions {
  /** Pictures at once; default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

/**
 * The mean of a model's predictions over several views of each picture. Of flips and quarter turns the views are all that
 * there are (2, 4 or 8), each once; other layers draw `count − 1` views by the seed and the picture's number, beside the picture
 * as it is. The same pictures and seed give the same predictions for any batch size.
 *
 * @param x pictures `[examples, height, width, channels]`, bytes or float32
 * @param layers as `augment` takes them
 * @returns `[examples, classes]`
 * @throws OptionError for unknown options, or layers with weights to train; ShapeError where layers cannot take the pictures
 * @example
 * const probabilities = await predictWithAugmentation(model, pictures, [layers.randomFlip(), layers.randomRot90()]);
 */
export async function predictWithAugmentation(
  model: Model,
  x: Tensor,
  layers: readonly Layer[],
  options: AugmentedPredictionOptions = {},
): Promise<Tensor> {
  const where = 'predictWithAugmentation';
  checkKeys(where, options, ['count', 'seed', 'batchSize', 'signal']);
  const { shape, data, dtype } = checkTensor(where, 'x', x);
  if (shape.length !== 4) {
    throw new ShapeError(
      `${where}: expected pictures [examples, height, width, channels], received ${formatShape(shape)}.`,
    );
  }
  const { signal } = options;
  checkSignal(where, signal);
  const batchSize = checkNumber(where, 'batchSize', options.batchSize ?? 32, { integer: true, min: 1 });
  const views = new PictureViews(layers, shape.slice(1), options);
  const [examples, ...one] = shape as [number, ...number[]];
  const size = data.length / Math.max(1, examples);
  const parts: Float32Array[] = [];
  let width: readonly number[] = model.network.outputShape.slice(1);
  for (let first = 0; first < examples; first += batchSize) {
    if (signal?.aborted) throw new AbortError(`${where}: stopped by its signal.`, { cause: signal.reason });
    const end = Math.min(examples, first + batchSize);
    const pictures = tensor(data.subarray(first * size, end * size), [end - first, ...one], dtype);
    const mean = await views.predict(model, pictures, first);
    parts.push(mean.data as Float32Array);
    width = mean.shape.slice(1);
  }
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((place, part) => {
    all.set(part, place);
    return place + part.length;
  }, 0);
  return tensor(all, [examples, ...width]);
}

/** The views that layers make of pictures of one shape. */
export class PictureViews {
  /** Views of each picture. */
  readonly count: number;
  /** Whether all views that there are are taken, instead of drawn ones. */
  readonly areFixed: boolean;
  readonly #network: Network;
  readonly #views: ReturnType<typeof dihedralViews>;
  readonly #seed: number;
  #program: Promise<AugmentationProgram> | undefined;

  /** @param shape of a picture @throws as `predictWithAugmentation` */
  constructor(layers: readonly Layer[], shape: readonly number[], { count = 8, seed = 0 }: ViewOptions = {}) {
    const where = 'predictWithAugmentation';
    checkNumber(where, 'count', count, { integer: true, min: 1 });
    this.#seed = checkNumber(where, 'seed', seed, { integer: true });
    this.#network = Network.sequential(layers, shape);
    checkNothingTrains(this.#network);
    this.#views = dihedralViews(layers);
    this.areFixed = this.#views !== undefined;
    this.count = this.#views?.length ?? count;
  }

  /** The mean predictions for some pictures, of which the first has this number. */
  async predict(model: Model, pictures: Tensor, first: number): Promise<Tensor> {
    const batch = pictures.shape[0]!;
    let sums: Float64Array | undefined;
    let shape: readonly number[] = [];
    for (let number = 0; number < this.count; number++) {
      const view = await this.#view(pictures, number, first);
      const predictions = await model.predict(view, { batchSize: batch });
      shape = predictions.shape;
      sums ??= new Float64Array(predictions.data.length);
      for (let place = 0; place < sums.length; place++) sums[place]! += predictions.data[place]!;
    }
    return tensor(
      Float32Array.from(sums!, (sum) => sum / this.count),
      shape,
    );
  }

  async #view(pictures: Tensor, number: number, first: number): Promise<Tensor> {
    if (this.#views) return viewOf(pictures, this.#views[number]!);
    if (number === 0) return pictures;
    const { dtype } = pictures;
    this.#program ??= AugmentationProgram.compile({
      network: this.#network,
      inputType: dtype,
      outputType: dtype === 'uint8' ? 'uint8' : 'float32',
      seed: this.#seed,
      mixes: false,
      backend: {},
    });
    const program = await this.#program;
    const indices = Uint32Array.from({ length: pictures.shape[0]! }, (_, place) => first + place);
    return program.run(pictures, { epoch: number, step: number, indices });
  }
}
