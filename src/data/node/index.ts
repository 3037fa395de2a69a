/** Data from files: folders of pictures, decoding, and readers of well-known sets. */
export type { ArraySource } from './arrays/array-source.ts';
export { listHdf5, readHdf5 } from './arrays/read-hdf5.ts';
export { type ReadIdxOptions, readIdx } from './arrays/read-idx.ts';
export { readNpy, readNpz } from './arrays/read-npy.ts';
export { chooseDepth, type Depth, type DepthOptions } from './choose-depth.ts';
export { readCifar10 } from './datasets/cifar10.ts';
export * as datasets from './datasets/index.ts';
export { type DecodedRaster, defaultPixelLimit, type RasterOptions } from './decode/decode-options.ts';
export { decodeRaster } from './decode/decode-raster.ts';
export { type PictureFormat, pictureFormats } from './decode/picture-format.ts';
export { type PictureMetadata, readPictureMetadata } from './decode/picture-metadata.ts';
export { type DecodeOptions, decodePicture, pictureExtensions } from './decode-picture.ts';
export { type DecodeResult, decodePictures, listPictures } from './decode-pictures.ts';
export type { DirectoryDataset } from './directory-dataset.ts';
export { cacheFolder } from './disk-cache/cache-folder.ts';
export type { DiskCacheOptions } from './disk-cache/disk-cache.ts';
export { clearSegments, describeSegment, listSegments, type StoredSegment } from './disk-cache/stored-segments.ts';
export {
  type ClassMode,
  classModes,
  type FlowFromDirectoryOptions,
  flowFromDirectory,
  flowFromDirectoryOptionNames,
} from './flow-from-directory.ts';
export { type FolderDatasets, type FolderOptions, folder, openFolder, type ReadFolder, readFolder } from './folder.ts';
export { type FromCsvOptions, fromCsv } from './from-csv.ts';
export { type ImageDatasetFromDirectoryOptions, imageDatasetFromDirectory } from './image-dataset-from-directory.ts';
export { type OpenPicturesOptions, openPictures } from './open-pictures.ts';
export { defaultCacheBytes, PictureCache } from './picture-cache.ts';
export { PictureError } from './picture-error.ts';
export { type ScanCsvOptions, scanCsv } from './scan-csv.ts';
export { type ScanOptions, scanFolder } from './scan-folder.ts';
export { scanPictures, scanSameClasses } from './scan-pictures.ts';
export { sameContent, type VerifiedFolder, type VerifyOptions, verifyPictures } from './verify-pictures.ts';
