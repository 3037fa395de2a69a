/** What a picture's file says of itself, without decoding its pixels. */
import type { Metadata } from 'sharp';
import { PictureError } from '../picture-error.ts';
import { readBmpHeader } from './decode-bmp.ts';
import { checkFormat, undecodable } from './decode-raster.ts';
import { openWithSharp } from './decode-with-sharp.ts';
import type { PictureFormat } from './picture-format.ts';
import { type TiffDirectory, TiffFile, tiffTags } from './tiff-directory.ts';
import { readTiffLayout } from './tiff-layout.ts';

/** What a file says. Plain data. */
export interface PictureMetadata {
  readonly format: PictureFormat;
  /** Of the stored picture, before its orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Of each sample: 8 for JPEG. */
  readonly bits: number;
  readonly isFloat: boolean;
  /** Whether the channels are no colours. */
  readonly isMultichannel: boolean;
  readonly hasAlpha: boolean;
  /** What the channels are, in libvips' words: `srgb`, `b-w`, `cmyk`, `grey16`… */
  readonly space: string;
  readonly hasProfile: boolean;
  /** Pages or frames. */
  readonly pageCount: number;
  /** 1 to 8, as EXIF counts them. */
  readonly orientation: number;
  /** As the camera wrote it: `2024:05:17 09:30:00`. */
  readonly takenAt?: string;
  /** Maker and model. */
  readonly camera?: string;
}

/** Bits of libvips' kinds of samples. */
const bitsOf: Readonly<Record<string, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
  float: 32,
};

/**
 * Reads what a file says.
 *
 * @param name what messages call it
 * @throws PictureError for an empty file, other content, and a header that does not hold together
 * @example
 * const { width, height, bits, takenAt } = await readPictureMetadata('a.jpg', await readFile('a.jpg'));
 */
export async function readPictureMetadata(name: string, bytes: Uint8Array): Promise<PictureMetadata> {
  const format = checkFormat(name, bytes);
  try {
    if (format === 'bmp') return bmpMetadata(bytes);
    const tiff = format === 'tiff' ? tiffMetadata(bytes) : undefined;
    return tiff ?? fromSharp(format, await openWithSharp(bytes).metadata());
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw undecodable(name, cause);
  }
}

function bmpMetadata(bytes: Uint8Array): PictureMetadata {
  const { width, height, bits, hasAlpha } = readBmpHeader(bytes);
  const channels = hasAlpha ? 4 : 3;
  const said = { isFloat: false, isMultichannel: false, hasProfile: false, pageCount: 1, orientation: 1 };
  return { format: 'bmp', width, height, channels, bits: Math.min(bits, 8), hasAlpha, space: 'srgb', ...said };
}

function tiffMetadata(bytes: Uint8Array): PictureMetadata | undefined {
  const layout = readTiffLayout(bytes);
  if (!layout) return undefined;
  const { file, directory, width, height, channels, bits, isFloat, isMultichannel, hasAlpha, photometric } = layout;
  const { pageCount, orientation } = layout;
  const isGrey = photometric <= 1;
  const colours = isGrey ? (bits > 8 ? 'grey16' : 'b-w') : photometric === 5 ? 'cmyk' : bits > 8 ? 'rgb16' : 'srgb';
  return {
    format: 'tiff',
    ...{ width, height, channels, bits, isFloat, isMultichannel, hasAlpha },
    space: isMultichannel ? 'multiband' : colours,
    hasProfile: directory.has(tiffTags.profile),
    pageCount,
    orientation,
    ...cameraOf(file, directory),
  };
}

function fromSharp(format: PictureFormat, metadata: Metadata): PictureMetadata {
  const { width, height, channels, depth, space, hasAlpha, hasProfile, pages = 1, orientation = 1, exif } = metadata;
  return {
    format,
    ...{ width, height, channels, space, hasAlpha, hasProfile },
    bits: bitsOf[depth] ?? 8,
    isFloat: depth === 'float',
    isMultichannel: false,
    pageCount: pages,
    orientation,
    ...(exif && exifOf(exif)),
  };
}

/** What an EXIF block says; nothing where it is damaged, which must not cost the picture. */
function exifOf(exif: Uint8Array): Pick<PictureMetadata, 'takenAt' | 'camera'> {
  const start = exif[0] === 0x45 ? 6 : 0;
  try {
    const file = new TiffFile(exif.subarray(start));
    return cameraOf(file, file.directoryAt(file.firstAt));
  } catch {
    return {};
  }
}

function cameraOf(file: TiffFile, directory: TiffDirectory): Pick<PictureMetadata, 'takenAt' | 'camera'> {
  const make = file.text(directory, tiffTags.make);
  const model = file.text(directory, tiffTags.model);
  // Most models repeat their maker.
  const camera = make && model && !model.startsWith(make) ? `${make} ${model}` : (model ?? make);
  const takenAt = originalTime(file, directory) ?? file.text(directory, tiffTags.dateTime);
  return { ...(takenAt && { takenAt }), ...(camera && { camera }) };
}

function originalTime(file: TiffFile, directory: TiffDirectory): string | undefined {
  const at = file.number(directory, tiffTags.exifDirectory);
  if (at === 0) return undefined;
  try {
    return file.text(file.directoryAt(at), tiffTags.dateTimeOriginal);
  } catch {
    return undefined;
  }
}
