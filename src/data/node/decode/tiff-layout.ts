/** How the first page of a TIFF file holds its pixels, and the check that the file can be as large as it says. */
import { type TiffDirectory, TiffFile, tiffTags } from './tiff-directory.ts';

/** The first page of a TIFF. */
export interface TiffLayout {
  readonly file: TiffFile;
  readonly directory: TiffDirectory;
  readonly pageCount: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
  readonly isFloat: boolean;
  readonly isSigned: boolean;
  /** 0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab. */
  readonly photometric: number;
  readonly compression: number;
  readonly predictor: number;
  readonly orientation: number;
  readonly isTiled: boolean;
  readonly isPlanar: boolean;
  /** Whether the last channel is how much a pixel covers. */
  readonly hasAlpha: boolean;
  /** Whether the channels are no colours, such as stains. */
  readonly isMultichannel: boolean;
}

/** The most that a byte of a file becomes: deflate reaches 1,032, LZW less; PackBits 64. */
const mostGrowth: Readonly<Record<number, number>> = { 1: 1, 5: 1_400, 8: 1_100, 32773: 65, 32946: 1_100 };

/** Reads the layout; undefined for a file of the 64-bit kind, which libvips reads alone. @throws Error for a header that lies */
export function readTiffLayout(bytes: Uint8Array): TiffLayout | undefined {
  if (bytes[2] === 43 || bytes[3] === 43) return undefined;
  const file = new TiffFile(bytes);
  const directory = file.directoryAt(file.firstAt);
  const number = (tag: number, otherwise: number) => file.number(directory, tag, otherwise);
  const photometric = number(tiffTags.photometric, 1);
  const channels = number(tiffTags.samplesPerPixel, 1);
  const sampleFormat = number(tiffTags.sampleFormat, 1);
  const colours = photometric === 2 || photometric === 6 || photometric === 8 ? 3 : photometric === 5 ? 4 : 1;
  // Where nothing is said of a channel that follows the colours, it is alpha in all that programs write; 0 says that it is not.
  const [extra = 2] = file.numbers(directory, tiffTags.extraSamples);
  const hasAlpha = channels === colours + 1 && extra !== 0;
  const layout: TiffLayout = {
    file,
    directory,
    pageCount: file.countPages(),
    width: number(tiffTags.width, 0),
    height: number(tiffTags.height, 0),
    channels,
    bits: number(tiffTags.bitsPerSample, 1),
    isFloat: sampleFormat === 3,
    isSigned: sampleFormat === 2,
    photometric,
    compression: number(tiffTags.compression, 1),
    predictor: number(tiffTags.predictor, 1),
    orientation: number(tiffTags.orientation, 1),
    isTiled: directory.has(tiffTags.tileWidth),
    isPlanar: channels > 1 && number(tiffTags.planarConfiguration, 1) === 2,
    hasAlpha,
    isMultichannel: channels > colours && !hasAlpha,
  };
  checkSize(layout);
  return layout;
}

function checkSize({ file, width, height, channels, bits, compression }: TiffLayout): void {
  if (width === 0 || height === 0 || channels === 0) throw new Error('a TIFF without width, height or channels');
  const declaredBytes = (width * height * channels * bits) / 8;
  if (declaredBytes <= file.bytes.length * (mostGrowth[compression] ?? Number.POSITIVE_INFINITY)) return;
  throw new Error(
    `a TIFF of ${file.bytes.length} bytes whose header says ${width} × ${height} pixels of ${channels} channel(s)`,
  );
}
