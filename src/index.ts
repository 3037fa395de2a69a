/** cajal: image classification with deep learning in TypeScript. What runs in Node and in a browser; folders of pictures
 * and well-known sets are in `cajal/data/node`. */
export { type AugmentOptions, augment } from './augmentation/augment.ts';
export { type BatchMixer, type CutMixOptions, cutMix, type MixUpOptions, mixUp } from './augmentation/batch-mixer.ts';
export type { FlowOptions, GeneratorFlow } from './augmentation/flow.ts';
export type { FlowFromDirectoryOptions } from './augmentation/flow-from-directory.ts';
export type { ImageDataGeneratorOptions } from './augmentation/generator-options.ts';
export {
  type FitGeneratorOptions,
  type ImageDataGenerator,
  imageDataGenerator,
} from './augmentation/image-data-generator.ts';
export type { TransformParameters } from './augmentation/transform-parameters.ts';
export { type CompareOptions, compare } from './comparison/compare.ts';
export type {
  ComparedRun,
  CompareRunsOptions,
  Comparison,
  RunSummary,
  RunValues,
  SettingSummary,
  TestedPair,
  UntestedPair,
} from './comparison/comparison.ts';
export { formatComparison } from './comparison/comparison-text.ts';
export { adjustByHolm } from './comparison/holm.ts';
export { type MeanInterval, meanInterval } from './comparison/mean-interval.ts';
export type { SharedMetricName } from './comparison/shared-metrics.ts';
export { argMax } from './core/arg-max.ts';
export type { DType, TypedArray } from './core/dtype.ts';
export {
  AbortError,
  BackendError,
  CajalError,
  DataError,
  FormatError,
  OptionError,
  ShapeError,
  StorageError,
  TrainingError,
} from './core/errors.ts';
export { Random } from './core/random.ts';
export type { Shape } from './core/shape.ts';
export { type NestedNumbers, type Tensor, tensor } from './core/tensor.ts';
export type { MultiBatch, Tensors } from './data/dataset.ts';
export {
  arrayDataset,
  type Batch,
  type Dataset,
  type Fold,
  type FoldOptions,
  groupKFold,
  kFold,
  stratifiedGroupKFold,
  stratifiedKFold,
  toCategorical,
  trainTestSplit,
} from './data/index.ts';
export { type BackendOptions, chooseBackend, defaultBackend } from './engine/choose-backend.ts';
export type { EvaluateArraysOptions, FitArraysOptions } from './model/fit-data.ts';
export {
  type LearningRateFinderArraysOptions,
  type LearningRateFinderOptions,
  type LearningRateSearch,
  type LearningRateStep,
  learningRateFinder,
} from './model/learning-rate-finder.ts';
export { type LoadedModel, loadModel } from './model/load-model.ts';
export {
  type CustomLayers,
  type FunctionalOptions,
  Model,
  type ModelOptions,
  type ModelPart,
  model,
  sequential,
} from './model/model.ts';
export { type PlotOptions, plotModel } from './model/plot-model.ts';
export type { PredictOptions } from './model/predict.ts';
export {
  type AugmentedPredictionOptions,
  predictWithAugmentation,
  type ViewOptions,
} from './model/predict-with-augmentation.ts';
export type { SaveOptions } from './model/store.ts';
export {
  type LossContext,
  type LossWriter,
  type ValueAndGradients,
  valueAndGradients,
} from './model/value-and-gradients.ts';
export { activationNames, activations } from './nn/activations/table.ts';
export { type ConstraintPart, constraintNames, constraints } from './nn/constraints/table.ts';
export { type InitializerPart, initializerNames, initializers } from './nn/initializers/table.ts';
export { defineLayer } from './nn/layers/define-layer.ts';
export { type InputOptions, input } from './nn/layers/input.ts';
export type {
  CallContext,
  CommonOptions,
  Layer,
  LayerDefinition,
  LayerFactory,
  WeightSpec,
} from './nn/layers/layer.ts';
export { layers } from './nn/layers/table.ts';
export type { LossFunction } from './nn/losses/loss.ts';
export { losses, lossNames } from './nn/losses/table.ts';
export {
  type ClassificationReport,
  classificationReport,
  formatClassificationReport,
} from './nn/metrics/classification-report.ts';
export { confusionMatrix } from './nn/metrics/confusion-matrix.ts';
export type { Metric } from './nn/metrics/metric.ts';
export { metricNames, metrics } from './nn/metrics/table.ts';
export type { NetworkConfig } from './nn/network-config.ts';
export type { CommonOptions as OptimizerOptions } from './nn/optimizers/common-options.ts';
export { defineOptimizer, type Optimizer, type OptimizerDefinition } from './nn/optimizers/optimizer.ts';
export { optimizerNames, optimizers } from './nn/optimizers/table.ts';
export type { PlacedLayer } from './nn/placed-layer.ts';
export { type RegularizerPart, regularizerNames, regularizers } from './nn/regularizers/table.ts';
export { type Schedule, type SchedulePart, scheduleNames, schedules } from './nn/schedules/table.ts';
export type { CallOptions, SymbolicTensor } from './nn/symbolic-tensor.ts';
export * from './training/callbacks/index.ts';
export type { CompileOptions } from './training/compile-options.ts';
export type { EvaluateOptions } from './training/evaluate-loop.ts';
export type { FitLoopOptions } from './training/fit-loop.ts';
export type { Profile, ProfileOptions, ProfilePhase, ProfileRow } from './training/profile.ts';
export { architecture, architectureNames } from './zoo/table.ts';
