/** `fit` of `imageDataGenerator`: what normalization needs, from data. */
import { DataError, ShapeError } from '../core/errors.ts';
import { elementCount, formatShape, sameShape } from '../core/shape.ts';
import { checkTensor, type Tensor, tensor } from '../core/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { ChannelMoments } from '../data/pictures/channel-moments.ts';
import type { GeneratorSettings } from './generator-options.ts';
import { type FittedStatistics, preprocess } from './generator-program.ts';
import { whiteningAxes } from './whitening.ts';

/** Transforms before the measurement. */
export interface FitAugmentation {
  readonly rounds: number;
  change(pictures: Tensor, round: number, indices: Uint32Array): Promise<Tensor>;
}

const where = 'imageDataGenerator.fit';
const picturesAtOnce = 32;

/** Mean, standard deviation and whitening axes, as far as the settings ask for them. @throws DataError where nothing is given */
export async function fitGenerator(
  settings: GeneratorSettings,
  x: Tensor | Dataset,
  augmentation: FitAugmentation | undefined,
): Promise<FittedStatistics> {
  const { featurewiseCenter, featurewiseStdNormalization, zcaWhitening, zcaEpsilon, backend } = settings;
  if (!featurewiseCenter) return {};
  let moments: ChannelMoments | undefined;
  let shape: readonly number[] = [];
  const kept: Float32Array[] = [];
  for await (const pictures of preparedPictures(settings, x, augmentation)) {
    const own = pictures.shape.slice(1);
    if (!moments) [moments, shape] = [new ChannelMoments(own[2]!), own];
    if (!sameShape(shape, own)) {
      throw new ShapeError(
        `${where}: expected pictures of one shape, received ${formatShape(shape)} and ${formatShape(own)}.`,
      );
    }
    moments.add(pictures.data);
    if (zcaWhitening) kept.push(pictures.data as Float32Array);
  }
  if (!moments || moments.count === 0) throw new DataError(`${where}: expected pictures, received none.`);
  const { mean, deviation } = moments;
  if (!zcaWhitening) return { mean, ...(featurewiseStdNormalization && { deviation }) };
  const features = elementCount(shape);
  const count = kept.reduce((sum, { length }) => sum + length, 0) / features;
  const centred = new Float32Array(count * features);
  let place = 0;
  for (const part of kept) {
    for (let index = 0; index < part.length; index++, place++)
      centred[place] = part[index]! - mean[index % mean.length]!;
  }
  return { mean, whitening: await whiteningAxes(centred, count, features, zcaEpsilon, backend) };
}

/** Pictures as they are when their statistics are subtracted: transformed if asked for, preprocessed and rescaled. */
async function* preparedPictures(
  settings: GeneratorSettings,
  x: Tensor | Dataset,
  augmentation: FitAugmentation | undefined,
): AsyncGenerator<Tensor, void, undefined> {
  const { preprocessingFunction, rescale } = settings;
  for await (const { pictures, indices } of givenPictures(x)) {
    for (let round = 0; round < (augmentation?.rounds ?? 1); round++) {
      const changed = augmentation ? await augmentation.change(pictures, round, indices) : pictures;
      const { shape, data } = preprocessingFunction ? preprocess(changed, preprocessingFunction) : changed;
      yield tensor(
        Float32Array.from(data, (value) => value * rescale),
        shape,
      );
    }
  }
}

async function* givenPictures(x: Tensor | Dataset): AsyncGenerator<{ pictures: Tensor; indices: Uint32Array }> {
  const numbered = (first: number, count: number) => Uint32Array.from({ length: count }, (_, place) => first + place);
  let seen = 0;
  if (typeof (x as Partial<Dataset> | null)?.epoch === 'function') {
    for await (const { inputs, indices } of (x as Dataset).epoch(0)) {
      const count = inputs.shape[0]!;
      yield { pictures: inputs, indices: indices ?? numbered(seen, count) };
      seen += count;
    }
    return;
  }
  const { shape, data, dtype } = checkTensor(where, 'x', x);
  if (shape.length !== 4) {
    throw new ShapeError(
      `${where}: expected pictures [examples, height, width, channels], received ${formatShape(shape)}.`,
    );
  }
  const [count, ...one] = shape as [number, ...number[]];
  const size = elementCount(one);
  for (let first = 0; first < count; first += picturesAtOnce) {
    const end = Math.min(count, first + picturesAtOnce);
    const pictures = tensor(data.subarray(first * size, end * size), [end - first, ...one], dtype);
    yield { pictures, indices: numbered(first, end - first) };
  }
}
