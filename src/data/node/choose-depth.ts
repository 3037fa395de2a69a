/** How deep the samples of a folder's pictures are, and whether their channels are colours: told by the headers of some of
 * them, so that 16-bit pictures and stacks of stains keep what they hold without being asked. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkName } from '../../core/options.ts';
import { type FolderListing, nameSome, type PictureFile } from '../picture-file.ts';
import { type ColorMode, colorModes, type PreprocessingOptions } from '../pictures/preprocessing.ts';
import { type SampleType, sampleTypes } from '../pictures/raster.ts';
import { pictureFormatOf } from './decode/picture-format.ts';
import { type PictureMetadata, readPictureMetadata } from './decode/picture-metadata.ts';
import { readPicture } from './decode-picture.ts';
import { PictureError } from './picture-error.ts';

/** What may be left to the files. */
export interface DepthOptions {
  /** By default `auto`: `channels` where channels are no colours, `rgb` for all other pictures. */
  colorMode?: ColorMode | 'auto';
  /** For `channels`; by default as many as the files have. */
  channels?: number;
  /** By default `auto`: what the files have, `uint8` for most. */
  sampleType?: SampleType | 'auto';
}

/** What was chosen. */
export interface Depth {
  readonly chosen: Required<Pick<PreprocessingOptions, 'colorMode' | 'sampleType'>> & { readonly channels?: number };
  /** What a person should know of the choice; empty where pictures are as most are. */
  readonly notes: readonly string[];
}

/** What of a header decides. */
type Header = Pick<PictureMetadata, 'format' | 'bits' | 'isFloat' | 'isMultichannel' | 'channels'>;

/** Any picture of a format that holds bytes alone. */
const ordinary: Header = { format: 'jpeg', bits: 8, isFloat: false, isMultichannel: false, channels: 3 };

/** Headers of so many files, from all over the folder, are read. */
const mostFiles = 48;

/**
 * Chooses what is left to the files.
 *
 * @throws OptionError for an unknown name
 * @example
 * const { chosen } = await chooseDepth(await scanFolder('stains'), {});
 */
export async function chooseDepth(
  { folder, files }: Pick<FolderListing, 'folder' | 'files'>,
  { colorMode = 'auto', channels, sampleType = 'auto' }: DepthOptions,
): Promise<Depth> {
  checkName('preprocessing', 'colorMode', colorMode, ['auto', ...colorModes]);
  checkName('preprocessing', 'sampleType', sampleType, ['auto', ...sampleTypes]);
  const given = channels === undefined ? {} : { channels };
  const isCounted = colorMode === 'channels' && channels === undefined;
  if (colorMode !== 'auto' && sampleType !== 'auto' && !isCounted) {
    return { chosen: { colorMode, sampleType, ...given }, notes: [] };
  }
  const seen = await readHeaders(folder, files);
  const stacks = seen.filter(({ isMultichannel }) => isMultichannel);
  const mode = colorMode !== 'auto' ? colorMode : stacks.length > 0 ? 'channels' : 'rgb';
  const counted = (stacks.length > 0 ? stacks : seen).map((one) => one.channels);
  const count = mode === 'channels' ? { channels: channels ?? mostFrequent(counted) ?? 1 } : given;
  const type = sampleType === 'auto' ? deepestOf(seen) : sampleType;
  const notes = describe(seen, mode, count.channels, type);
  return { chosen: { colorMode: mode, sampleType: type, ...count }, notes };
}

function deepestOf(seen: readonly Header[]): SampleType {
  if (seen.some(({ isFloat }) => isFloat)) return 'float32';
  const deep = seen.filter(({ bits }) => bits > 8).length;
  // A single deep picture among ordinary ones is no reason to read all of them so.
  return deep * 2 > seen.length ? 'uint16' : 'uint8';
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function describe(
  seen: readonly Header[],
  colorMode: ColorMode,
  channels: number | undefined,
  sampleType: SampleType,
): string[] {
  const isUsual = colorMode !== 'channels' && sampleType === 'uint8';
  if (isUsual || seen.length === 0) return [];
  const kinds = [
    ...new Set(seen.map((one) => `${one.bits}-bit ${one.isFloat ? 'float ' : ''}${one.format.toUpperCase()}`)),
  ];
  const seenAs = colorMode === 'channels' ? `${channels} channels` : colorMode;
  return [`Pictures are ${nameSome(kinds)}: the network sees ${seenAs} of ${sampleType} samples.`];
}

/** Headers of files from all over a listing; those that cannot be read are left to who decodes them. */
async function readHeaders(folder: string, files: readonly PictureFile[]): Promise<Header[]> {
  const count = Math.min(files.length, mostFiles);
  const chosen = Array.from({ length: count }, (_, index) => files[Math.floor((index * files.length) / count)]!);
  const read = await Promise.all(
    chosen.map(async ({ path }) => {
      try {
        const file = join(folder, path);
        return (await canBeDeep(file)) ? await readPictureMetadata(path, await readPicture(file, path)) : ordinary;
      } catch (error) {
        if (error instanceof PictureError) return undefined;
        throw error;
      }
    }),
  );
  return read.filter((one) => one !== undefined);
}

/** Whether a file's format may hold more than bytes: the whole of others is not read. */
async function canBeDeep(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(26), 0, 26, 0);
    const format = pictureFormatOf(buffer.subarray(0, bytesRead));
    return format === 'tiff' || format === 'png' || format === 'avif';
  } finally {
    await file.close();
  }
}
