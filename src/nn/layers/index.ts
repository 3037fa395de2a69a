/** Layers, as `import { conv2d, dense } from 'cajal/layers'`. */
import { layers } from './table.ts';

export const {
  input,
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
} = layers;
export type { ActivationOptions } from './activation.ts';
export type { NormalizationLayer } from './adapt.ts';
export type { BatchNormalizationOptions } from './batch-normalization.ts';
export type { ConcatenateOptions } from './concatenate.ts';
export type { Conv2dOptions } from './conv2d.ts';
export type { Conv2dTransposeOptions } from './conv2d-transpose.ts';
export type { Cropping2dOptions } from './cropping2d.ts';
export type { DenseOptions } from './dense.ts';
export type { DepthwiseConv2dOptions } from './depthwise-conv2d.ts';
export type { DropoutOptions, GaussianDropoutOptions, SpatialDropout2dOptions } from './dropout.ts';
export type { EluOptions } from './elu.ts';
export type { FlattenOptions } from './flatten.ts';
export type { GaussianNoiseOptions } from './gaussian-noise.ts';
export type { GlobalPooling2dOptions } from './global-pooling.ts';
export type { GroupNormalizationOptions } from './group-normalization.ts';
export type { InputOptions } from './input.ts';
export type { Layer, LayerDefinition } from './layer.ts';
export type { LayerNormalizationOptions } from './layer-normalization.ts';
export type { LeakyReLUOptions } from './leaky-re-lu.ts';
export type { NormalizationOptions } from './normalization.ts';
export type { PermuteOptions } from './permute.ts';
export type { Pooling2dOptions } from './pooling.ts';
export type { PReluOptions } from './prelu.ts';
export type { ReLUOptions } from './re-lu.ts';
export type { RescalingOptions } from './rescaling.ts';
export type { ReshapeOptions } from './reshape.ts';
export type { CenterCropOptions, ResizingOptions } from './resizing.ts';
export type { SeparableConv2dOptions } from './separable-conv2d.ts';
export type { SoftmaxOptions } from './softmax.ts';
export type { UpSampling2dOptions } from './up-sampling2d.ts';
export type { ZeroPadding2dOptions } from './zero-padding2d.ts';
