/** TIFF. Colours are libvips' (sharp's) to read; stacks of channels are too, once the header of a copy says RGB, of which
 * libvips hands on what follows; planes that lie apart are read one by one. More than five channels, which sharp refuses,
 * and 64-bit fractions are read by the package `tiff`. */
import { decode } from 'tiff';
import { orientPixels, swapsAxes } from '../../pictures/orientation.ts';
import { createSamples, type Samples, sampleTypeOf } from '../../pictures/raster.ts';
import {
  checkPixelLimit,
  type DecodedRaster,
  defaultPixelLimit,
  pageNotes,
  type RasterOptions,
  type RunJob,
  weightOf,
} from './decode-options.ts';
import { decodeWithSharp, openWithSharp, readSamples } from './decode-with-sharp.ts';
import { tiffTags } from './tiff-directory.ts';
import { readTiffLayout, type TiffLayout } from './tiff-layout.ts';

/** The most channels that sharp takes. */
const mostSharpChannels = 5;
const depths = { 8: 'uchar', 16: 'ushort', 32: 'float' } as const;

/** Samples `[height, width, channels]` as they are stored. */
interface Stored {
  readonly data: Samples;
  readonly channels: number;
}

/** Decodes the first page of a file. @throws Error where it is damaged @throws PictureError where it is over the limit */
export async function decodeTiff(
  name: string,
  bytes: Uint8Array,
  options: RasterOptions,
  run: RunJob,
): Promise<DecodedRaster> {
  const { pixelLimit = defaultPixelLimit } = options;
  const layout = readTiffLayout(bytes);
  if (!layout) return await decodeWithSharp(name, bytes, 'tiff', options, run);
  const { width, height, pageCount, isMultichannel } = layout;
  checkPixelLimit(name, width, height, pixelLimit);
  if (isColour(layout)) return await decodeWithSharp(name, bytes, 'tiff', options, run);
  checkSamples(layout);
  const { data, channels } = await run(weightOf(width * height), () => readStored(layout));
  const { orientation } = layout;
  const upright = orientPixels(data, height, width, channels, orientation);
  const size = swapsAxes(orientation) ? { height: width, width: height } : { height, width };
  const raster = { data: upright, ...size, channels, isMultichannel };
  return { raster, pageCount, format: 'tiff', notes: pageNotes(pageCount) };
}

/** What libvips reads as it stands. */
function isColour({ isMultichannel, isFloat, isSigned, bits, isPlanar, channels, photometric }: TiffLayout): boolean {
  // Apart, libvips takes planes for one another unless they are RGB.
  const isApart = isPlanar && !(photometric === 2 && channels <= 4);
  return !isMultichannel && !isFloat && !isSigned && bits <= 16 && !isApart;
}

function checkSamples({ bits, isFloat, isSigned, photometric, compression }: TiffLayout): void {
  const isKnown = isFloat ? bits === 32 || bits === 64 : !isSigned && (bits === 8 || bits === 16);
  const kind = isFloat ? 'fractions' : isSigned ? 'signed numbers' : 'whole numbers';
  if (!isKnown || photometric > 2 || compression === 6 || compression === 7) {
    throw new Error(
      `a TIFF whose channels are ${bits}-bit ${kind} of kind ${photometric} with compression ${compression}; ` +
        '8 and 16 bits and fractions of 32 and 64 bits are read',
    );
  }
}

async function readStored(layout: TiffLayout): Promise<Stored> {
  const { file, channels, bits, isPlanar, photometric } = layout;
  if (isPlanar && bits !== 64) return await readPlanes(layout);
  if (bits === 64 || channels > mostSharpChannels || (channels === 2 && bits !== 16)) return readByPackage(layout);
  const depth = depths[bits as 8 | 16 | 32];
  if (channels <= 2) return await readWithSharp(file.bytes, channels === 2 ? 'grey16' : greySpaces[depth], depth);
  const bytes = photometric === 2 ? file.bytes : patched(layout, [[tiffTags.photometric, 2]]);
  return await readWithSharp(bytes, colourSpaces[depth], depth);
}

const greySpaces = { uchar: 'b-w', ushort: 'grey16', float: 'b-w' } as const;
const colourSpaces = { uchar: 'srgb', ushort: 'rgb16', float: 'scrgb' } as const;

async function readWithSharp(bytes: Uint8Array, space: string, depth: 'uchar' | 'ushort' | 'float'): Promise<Stored> {
  const { data, channels } = await readSamples(openWithSharp(bytes).toColourspace(space), depth);
  return { data, channels };
}

/** Each plane as a grey picture of its own. */
async function readPlanes(layout: TiffLayout): Promise<Stored> {
  const { file, directory, channels, bits, isTiled } = layout;
  const depth = depths[bits as 8 | 16 | 32];
  const [offsetsTag, countsTag] = isTiled
    ? [tiffTags.tileOffsets, tiffTags.tileByteCounts]
    : [tiffTags.stripOffsets, tiffTags.stripByteCounts];
  const offsets = file.numbers(directory, offsetsTag);
  const counts = file.numbers(directory, countsTag);
  const perPlane = offsets.length / channels;
  if (!Number.isInteger(perPlane) || perPlane === 0 || counts.length !== offsets.length) {
    throw new Error(`a TIFF of ${channels} planes in ${offsets.length} pieces`);
  }
  let whole: Samples | undefined;
  for (let plane = 0; plane < channels; plane++) {
    const of = (values: readonly number[]) => values.slice(plane * perPlane, (plane + 1) * perPlane);
    const bytes = patched(layout, [
      [tiffTags.photometric, 1],
      [tiffTags.samplesPerPixel, 1],
      [tiffTags.planarConfiguration, 1],
      [tiffTags.extraSamples, 0],
      [tiffTags.bitsPerSample, bits],
      [tiffTags.sampleFormat, layout.isFloat ? 3 : 1],
      [offsetsTag, of(offsets)],
      [countsTag, of(counts)],
    ]);
    const { data } = await readWithSharp(bytes, greySpaces[depth], depth);
    whole ??= createSamples(sampleTypeOf(data), data.length * channels);
    for (let at = 0; at < data.length; at++) whole[at * channels + plane] = data[at]!;
  }
  return { data: whole!, channels };
}

/** A copy of the file in which tags of the first page have other values. Lists are appended; the tag of further samples goes. */
function patched(
  { file, directory }: TiffLayout,
  tags: readonly (readonly [tag: number, value: number | readonly number[]])[],
): Uint8Array {
  const lists = tags.flatMap(([, value]) => (typeof value === 'number' ? [] : value));
  const bytes = new Uint8Array(file.bytes.length + lists.length * 4);
  bytes.set(file.bytes);
  const view = new DataView(bytes.buffer);
  const { isLittleEndian } = file;
  let listAt = file.bytes.length;
  for (const [tag, value] of tags) {
    const entry = directory.get(tag);
    if (!entry) continue;
    const values = typeof value === 'number' ? [value] : value;
    // A private tag, which no reader knows.
    if (tag === tiffTags.extraSamples) view.setUint16(entry.at, 65_000, isLittleEndian);
    view.setUint16(entry.at + 2, 4, isLittleEndian);
    view.setUint32(entry.at + 4, values.length, isLittleEndian);
    view.setUint32(entry.at + 8, values.length === 1 ? values[0]! : listAt, isLittleEndian);
    if (values.length === 1) continue;
    for (const one of values) {
      view.setUint32(listAt, one, isLittleEndian);
      listAt += 4;
    }
  }
  return bytes;
}

/** By the package `tiff`, which reads strips of any number of channels. */
function readByPackage(layout: TiffLayout): Promise<Stored> {
  const { file, compression, predictor, orientation, isTiled, isPlanar, bits, channels } = layout;
  if (
    isTiled ||
    isPlanar ||
    ![1, 5, 8, 32_946].includes(compression) ||
    (predictor === 2 && bits > 16) ||
    predictor > 2
  ) {
    throw new Error(
      `a TIFF of ${channels} channels of ${bits} bits in ${isTiled ? 'tiles' : 'strips'} with compression ${compression}; ` +
        'those are read from uncompressed, LZW and deflate strips alone',
    );
  }
  // The package refuses pictures that are to be turned, which is done later.
  const bytes = orientation === 1 ? file.bytes : patched(layout, [[tiffTags.orientation, 1]]);
  const [page] = decode(bytes, { pages: [0] });
  const { data } = page!;
  return Promise.resolve({ data: data instanceof Float64Array ? Float32Array.from(data) : data, channels });
}
