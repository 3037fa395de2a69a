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
  autoContrast,
  contrastLimitedAdaptiveHistogramEqualization,
  equalization,
  randAugment,
  randomElasticTransform,
  randomErasing,
  randomGaussianBlur,
  randomAffine,
  randomCrop,
  randomFlip,
  randomPerspective,
  randomRot90,
  randomRotation,
  randomShear,
  randomTranslation,
  randomZoom,
  randomBrightness,
  randomChannelShift,
  randomColorDegeneration,
  randomColorJitter,
  randomContrast,
  randomGrayscale,
  randomHue,
  randomInvert,
  randomPosterization,
  randomSaturation,
  randomSharpness,
  solarization,
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
export type { AutoContrastOptions } from './augmentation/auto-contrast.ts';
export type { ContrastLimitedAdaptiveHistogramEqualizationOptions } from './augmentation/contrast-limited-adaptive-histogram-equalization.ts';
export type { EqualizationOptions } from './augmentation/equalization.ts';
export type { RandAugmentOptions } from './augmentation/rand-augment.ts';
export type { RandomAffineOptions } from './augmentation/random-affine.ts';
export type { RandomBrightnessOptions } from './augmentation/random-brightness.ts';
export type { RandomChannelShiftOptions } from './augmentation/random-channel-shift.ts';
export type { RandomColorDegenerationOptions } from './augmentation/random-color-degeneration.ts';
export type { RandomColorJitterOptions } from './augmentation/random-color-jitter.ts';
export type { RandomContrastOptions } from './augmentation/random-contrast.ts';
export type { RandomCropOptions } from './augmentation/random-crop.ts';
export type { RandomElasticTransformOptions } from './augmentation/random-elastic-transform.ts';
export type { RandomErasingOptions } from './augmentation/random-erasing.ts';
export type { RandomFlipOptions } from './augmentation/random-flip.ts';
export type { RandomGaussianBlurOptions } from './augmentation/random-gaussian-blur.ts';
export type { RandomGrayscaleOptions } from './augmentation/random-grayscale.ts';
export type { RandomHueOptions } from './augmentation/random-hue.ts';
export type { RandomInvertOptions } from './augmentation/random-invert.ts';
export type { RandomPerspectiveOptions } from './augmentation/random-perspective.ts';
export type { RandomPosterizationOptions } from './augmentation/random-posterization.ts';
export type { RandomRot90Options } from './augmentation/random-rot90.ts';
export type { RandomRotationOptions } from './augmentation/random-rotation.ts';
export type { RandomSaturationOptions } from './augmentation/random-saturation.ts';
export type { RandomSharpnessOptions } from './augmentation/random-sharpness.ts';
export type { RandomShearOptions } from './augmentation/random-shear.ts';
export type { RandomTranslationOptions } from './augmentation/random-translation.ts';
export type { RandomZoomOptions } from './augmentation/random-zoom.ts';
export type { SolarizationOptions } from './augmentation/solarization.ts';
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
