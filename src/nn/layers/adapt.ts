/** Normalization's `adapt`: mean and variance over arrays or a dataset, before a model is built. */
import { DataError, OptionError, ShapeError } from '../../core/errors.ts';
import { elementCount, formatShape, type Shape, sameShape } from '../../core/shape.ts';
import { checkTensor, type Tensor } from '../../core/tensor.ts';
import { type CommonOptions, type Layer, layerFactory } from './layer.ts';
import {
  isUsed,
  type NormalizationConfig,
  type NormalizationOptions,
  normalization,
  placesOf,
} from './normalization.ts';

/** Batches with the examples as `inputs`, as datasets give them. */
export interface Batches {
  /** The batches of an epoch. */
  epoch(index: number): AsyncIterable<{ readonly inputs: Tensor }>;
}

/** A normalization layer. */
export interface NormalizationLayer extends Layer {
  /**
   * Takes mean and variance from data.
   *
   * @param data examples `[batch, …]`, a list of such batches, or a dataset, of which one epoch is read
   * @throws DataError where there are no examples; OptionError where a model has been built with the layer already
   * @example
   * const scale = layers.normalization();
   * await scale.adapt(pictures);
   * const model = sequential([scale, layers.flatten(), layers.dense({ units: 4 })]);
   */
  adapt(data: Tensor | Iterable<Tensor> | Batches): Promise<void>;
}

const make = layerFactory(normalization);

/** Makes a normalization layer that can be adapted. */
export function adaptableNormalization(options?: NormalizationOptions & CommonOptions): NormalizationLayer {
  const layer = make(options);
  const config = layer.config as NormalizationConfig;
  const adapt = async (data: Tensor | Iterable<Tensor> | Batches): Promise<void> => {
    const where = layer.name === undefined ? layer.className : `${layer.className} "${layer.name}"`;
    if (isUsed(config)) {
      throw new OptionError(`${where}: expected adapt before the layer is in a model, received it afterwards.`);
    }
    Object.assign(config, await measure(where, config.axis, batchesOf(`${where}: adapt`, data)));
  };
  return Object.assign(layer, { adapt });
}

async function* batchesOf(where: string, data: Tensor | Iterable<Tensor> | Batches): AsyncIterable<Tensor> {
  const { epoch } = (data ?? {}) as Partial<Batches>;
  const isList = typeof (data as Partial<Iterable<Tensor>> | null)?.[Symbol.iterator] === 'function';
  if (typeof epoch === 'function') for await (const { inputs } of (data as Batches).epoch(0)) yield inputs;
  else if (isList) for (const batch of data as Iterable<Tensor>) yield checkTensor(where, 'data', batch);
  else yield checkTensor(where, 'data', data);
}

/** Mean and variance of each place, by Welford's method: in one pass, and exact also where the mean is large. */
async function measure(
  where: string,
  axis: NormalizationConfig['axis'],
  batches: AsyncIterable<Tensor>,
): Promise<{ mean: number[]; variance: number[] }> {
  let shape: Shape | undefined;
  let places = new Int32Array();
  let mean = new Float64Array();
  let squares = new Float64Array();
  let counts = new Float64Array();
  for await (const { data, shape: given } of batches) {
    const example = given.slice(1);
    if (shape === undefined) {
      shape = example;
      const kept = placesOf(where, axis, given);
      places = placeOfEach(example, kept);
      [mean, squares, counts] = [0, 1, 2].map(() => new Float64Array(elementCount(kept))) as [
        Float64Array<ArrayBuffer>,
        Float64Array<ArrayBuffer>,
        Float64Array<ArrayBuffer>,
      ];
    }
    if (!sameShape(shape, example)) {
      throw new ShapeError(
        `${where}: expected examples of one shape, received ${formatShape(shape)} and ${formatShape(example)}.`,
      );
    }
    for (let index = 0; index < data.length; index++) {
      const place = places[index % places.length]!;
      const value = data[index]!;
      const distance = value - mean[place]!;
      counts[place]!++;
      mean[place]! += distance / counts[place]!;
      squares[place]! += distance * (value - mean[place]!);
    }
  }
  if (!counts[0]) throw new DataError(`${where}: expected examples to adapt to, received none.`);
  return { mean: [...mean], variance: [...squares.map((square, place) => square / counts[place]!)] };
}

/** For each value of an example, its place among those that have a mean of their own. */
function placeOfEach(example: Shape, kept: Shape): Int32Array<ArrayBuffer> {
  let places = [0];
  example.forEach((size, axis) => {
    const isKept = kept[axis] !== 1;
    places = places.flatMap((place) =>
      Array.from({ length: size }, (_, index) => (isKept ? place * size + index : place)),
    );
  });
  return Int32Array.from(places);
}
