/** The table of layers: a row per kind. Files and Keras configurations name them by `className`. */
import { OptionError } from '../../core/errors.ts';
import { didYouMean } from '../../core/options.ts';
import type { SymbolicTensor } from '../symbolic-tensor.ts';
import { activation } from './activation.ts';
import { adaptableNormalization } from './adapt.ts';
import { augmentationLayers } from './augmentation/table.ts';
import { batchNormalization } from './batch-normalization.ts';
import { concatenate } from './concatenate.ts';
import { conv2d } from './conv2d.ts';
import { conv2dTranspose } from './conv2d-transpose.ts';
import { cropping2d } from './cropping2d.ts';
import { dense } from './dense.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { dropout, gaussianDropout, spatialDropout2d } from './dropout.ts';
import { elu } from './elu.ts';
import { flatten } from './flatten.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { globalAveragePooling2d, globalMaxPooling2d } from './global-pooling.ts';
import { groupNormalization } from './group-normalization.ts';
import { identity } from './identity.ts';
import { type InputOptions, input } from './input.ts';
import { type Layer, type LayerConfig, type LayerDefinition, type LayerFactory, layerFactory } from './layer.ts';
import { layerNormalization } from './layer-normalization.ts';
import { leakyReLU } from './leaky-re-lu.ts';
import { add, average, maximum, minimum, multiply, subtract } from './merge.ts';
import { normalization } from './normalization.ts';
import { permute } from './permute.ts';
import { averagePooling2d, maxPooling2d } from './pooling.ts';
import { prelu } from './prelu.ts';
import { reLU } from './re-lu.ts';
import { rescaling } from './rescaling.ts';
import { reshape } from './reshape.ts';
import { centerCrop, resizing } from './resizing.ts';
import { separableConv2d } from './separable-conv2d.ts';
import { softmax } from './softmax.ts';
import { upSampling2d } from './up-sampling2d.ts';
import { zeroPadding2d } from './zero-padding2d.ts';

const rows = {
  rescaling,
  normalization,
  conv2d,
  separableConv2d,
  depthwiseConv2d,
  conv2dTranspose,
  dense,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  flatten,
  reshape,
  permute,
  zeroPadding2d,
  cropping2d,
  upSampling2d,
  resizing,
  centerCrop,
  ...augmentationLayers,
  batchNormalization,
  layerNormalization,
  groupNormalization,
  dropout,
  spatialDropout2d,
  gaussianDropout,
  gaussianNoise,
  activation,
  reLU,
  leakyReLU,
  prelu,
  elu,
  softmax,
  add,
  subtract,
  multiply,
  average,
  maximum,
  minimum,
  concatenate,
  identity,
};

/** The kinds of layers by the names of their functions. */
export const layerDefinitions: Readonly<Record<string, LayerDefinition<object, object>>> = rows as never;

type Factories = {
  [K in Exclude<keyof typeof rows, 'normalization'>]: (typeof rows)[K] extends LayerDefinition<
    infer Options,
    infer Config
  >
    ? ReturnType<typeof layerFactory<Options, Config>>
    : never;
} & {
  readonly input: (options: InputOptions) => SymbolicTensor;
  readonly normalization: typeof adaptableNormalization;
};

/**
 * The layers, as functions: `layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' })`.
 *
 * @example
 * const model = sequential([layers.dense({ units: 1, activation: 'sigmoid' })]);
 */
export const layers: Factories = {
  ...Object.fromEntries(
    Object.entries(rows).map(([name, definition]) => [
      name,
      layerFactory(definition as LayerDefinition<object, object>),
    ]),
  ),
  input,
  normalization: adaptableNormalization,
} as unknown as Factories;

const byClass = new Map(
  Object.entries(rows).map(([name, { className }]) => [className, layers[name as keyof Factories]]),
);

/**
 * Makes a layer from its saved form.
 *
 * @param custom kinds of layers that are not in the table
 * @throws OptionError where the class is not known
 */
export function layerFromConfig(
  className: string,
  config: LayerConfig,
  name?: string,
  custom: readonly LayerFactory<never>[] = [],
): Layer {
  const own = custom.find((factory) => factory.className === className);
  const factory = (own ?? byClass.get(className)) as ((options: object) => Layer) | undefined;
  if (!factory) {
    const known = [...custom.map((factory) => factory.className), ...byClass.keys()];
    throw new OptionError(
      `layer: unknown class "${className}".${didYouMean(className, known)} Choose from ${known.join(', ')}. For a layer of your own, give the function that makes it: { customLayers: [itsFunction] }.`,
    );
  }
  return factory({ ...config, ...(name !== undefined && { name }) });
}

/** The name that layers of a class get when the user gives none: `conv2d`, then `conv2d_1`. */
export function baseName(className: string): string {
  return className
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
