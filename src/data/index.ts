/** Data that runs anywhere: the dataset contract, arrays, splits and the record of how pictures are prepared. */
export { type ArrayDatasetOptions, type Arrays, arrayDataset, splitArrays } from './array-dataset.ts';
export { decodeInBrowser, decodePicture } from './browser/decode-picture.ts';
export { compareCodePoints } from './code-point-order.ts';
export type { Batch, Dataset } from './dataset.ts';
export { type BatchOptions, type ExampleSource, indexedDataset, type Sampling, samplings } from './indexed-dataset.ts';
export { encodeLabels, type LabelMode, labelModes, targetShapeOf } from './label-mode.ts';
export { parseNpy } from './npy.ts';
export {
  brokenReasons,
  checkSameClasses,
  countByClass,
  countByReason,
  type FolderListing,
  type PictureFile,
  type SkippedFile,
  type SkipReason,
  type VerifiedPicture,
} from './picture-file.ts';
export { onWhite } from './pictures/convert-samples.ts';
export { orientPixels } from './pictures/orientation.ts';
export {
  checkPercentiles,
  createInputs,
  defaultPercentiles,
  describeScaling,
  inputTypeOf,
  percentileScaling,
  putScaled,
  sampleOfPicture,
} from './pictures/percentile-scaling.ts';
export {
  type ChannelStatistics,
  measurePictures,
  type StatisticsSource,
  type SubsetStatistics,
} from './pictures/picture-statistics.ts';
export { fitWindow, preparePicture } from './pictures/prepare-picture.ts';
export {
  type ColorMode,
  channelsOf,
  colorModes,
  createPreprocessing,
  type Interpolation,
  interpolations,
  type Preprocessing,
  type PreprocessingOptions,
  parsePreprocessing,
  pictureShape,
  type ResizeFit,
  resizeFits,
  type SampleScaling,
} from './pictures/preprocessing.ts';
export {
  createSamples,
  type Raster,
  type Samples,
  type SampleType,
  sampleTypeOf,
  sampleTypes,
} from './pictures/raster.ts';
export { type Pixels, type ResizeWindow, resizePixels } from './pictures/resize.ts';
export { channelNames, statisticsWarnings } from './pictures/statistics-warnings.ts';
export { showName } from './show-name.ts';
export { type GroupPattern, groupsOf, parseGroupPattern } from './splits/group-pattern.ts';
export {
  type Fold,
  type FoldOptions,
  groupKFold,
  kFold,
  stratifiedGroupKFold,
  stratifiedKFold,
} from './splits/k-fold.ts';
export { sharedContent, sharedContentWarnings } from './splits/shared-content.ts';
export {
  type Split,
  type SplitOptions,
  type Subset,
  splitByFraction,
  splitByGroup,
  splitByKnownGroups,
  takeFraction,
} from './splits/split.ts';
export { type FoldChoice, type SplitByFoldOptions, splitByFold } from './splits/split-folds.ts';
export {
  applySplitRecord,
  createSplitRecord,
  parseSplitRecord,
  type SplitEntry,
  type SplitMethod,
  type SplitRecord,
} from './splits/split-record.ts';
export { type TrainTestSplitOptions, trainTestSplit } from './splits/train-test-split.ts';
export { toCategorical } from './to-categorical.ts';
