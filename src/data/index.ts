/** Data that runs anywhere: the dataset contract, arrays, splits and the record of how pictures are prepared. */
export { type ArrayDatasetOptions, type Arrays, arrayDataset, splitArrays } from './array-dataset.ts';
export { decodeInBrowser, decodePicture } from './browser/decode-picture.ts';
export { compareCodePoints } from './code-point-order.ts';
export { onWhite } from './convert-samples.ts';
export type { Batch, Dataset } from './dataset.ts';
export { type GroupPattern, groupsOf, parseGroupPattern } from './group-pattern.ts';
export { type BatchOptions, type ExampleSource, indexedDataset, type Sampling, samplings } from './indexed-dataset.ts';
export { type Fold, type FoldOptions, groupKFold, kFold, stratifiedGroupKFold, stratifiedKFold } from './k-fold.ts';
export { encodeLabels, type LabelMode, labelModes, targetShapeOf } from './label-mode.ts';
export { parseNpy } from './npy.ts';
export { orientPixels } from './orientation.ts';
export {
  checkPercentiles,
  createInputs,
  defaultPercentiles,
  describeScaling,
  inputTypeOf,
  percentileScaling,
  putScaled,
  sampleOfPicture,
} from './percentile-scaling.ts';
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
export {
  type ChannelStatistics,
  measurePictures,
  type StatisticsSource,
  type SubsetStatistics,
} from './picture-statistics.ts';
export { fitWindow, preparePicture } from './prepare-picture.ts';
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
} from './preprocessing.ts';
export { createSamples, type Raster, type Samples, type SampleType, sampleTypeOf, sampleTypes } from './raster.ts';
export { type Pixels, type ResizeWindow, resizePixels } from './resize.ts';
export { sharedContent, sharedContentWarnings } from './shared-content.ts';
export { showName } from './show-name.ts';
export {
  type Split,
  type SplitOptions,
  type Subset,
  splitByFraction,
  splitByGroup,
  splitByKnownGroups,
  takeFraction,
} from './split.ts';
export { type FoldChoice, type SplitByFoldOptions, splitByFold } from './split-folds.ts';
export {
  applySplitRecord,
  createSplitRecord,
  parseSplitRecord,
  type SplitEntry,
  type SplitMethod,
  type SplitRecord,
} from './split-record.ts';
export { channelNames, statisticsWarnings } from './statistics-warnings.ts';
export { toCategorical } from './to-categorical.ts';
export { type TrainTestSplitOptions, trainTestSplit } from './train-test-split.ts';
