/** BMP, by fast-bmp, which reads rows of 1, 8, 24 and 32 bits. What it leaves out is done here: sizes that lie, rows from
 * top to bottom, palettes, and the 32-bit files without colour masks that most programs write. */
import { decode } from 'fast-bmp';
import { checkPixelLimit, type DecodedRaster, defaultPixelLimit, type RasterOptions } from './decode-options.ts';

/** Bytes of the file's header, before the one of the picture. */
const fileHeader = 14;
/** fast-bmp asks for masks there, whatever the header's size. */
const masksAt = 54;
const pixelsAt = masksAt + 16;

/** What the header says. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly headerBytes: number;
  readonly pixelsAt: number;
  readonly rowBytes: number;
  readonly hasAlpha: boolean;
}

/** Reads and checks the header. @throws Error where it lies, or says what is not read */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length < 54 ? 0 : view.getUint32(14, true);
  if (headerBytes < 40) throw new Error('a BMP whose header is shorter than 40 bytes');
  const signedHeight = view.getInt32(22, true);
  const width = view.getInt32(18, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (width <= 0 || height === 0) throw new Error(`a BMP of ${width} × ${signedHeight} pixels`);
  if (![1, 8, 24, 32].includes(bits) || (compression !== 0 && !(compression === 3 && bits === 32))) {
    throw new Error(
      `a BMP of ${bits} bits and compression ${compression}; uncompressed ones of 1, 8, 24 and 32 bits are read`,
    );
  }
  const masks = [0, 4, 8, 12].map((at) => (bytes.length >= masksAt + at + 4 ? view.getUint32(masksAt + at, true) : 0));
  if (compression === 3 && (masks[0] !== 0xff0000 || masks[1] !== 0xff00 || masks[2] !== 0xff)) {
    throw new Error('a BMP with unusual colour masks; those of blue, green, red in this order are read');
  }
  const start = view.getUint32(10, true);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (start < fileHeader + headerBytes || start + rowBytes * height > bytes.length) {
    throw new Error(`a BMP of ${bytes.length} bytes whose header says ${width} × ${height} pixels of ${bits} bits`);
  }
  const hasAlpha = compression === 3 && headerBytes >= 56 && masks[3] === 0xff000000;
  return { width, height, isTopDown: signedHeight < 0, bits, headerBytes, pixelsAt: start, rowBytes, hasAlpha };
}

/** Decodes a file. @throws Error where it is damaged @throws PictureError where it is over the limit */
export function decodeBmp(
  name: string,
  bytes: Uint8Array,
  { pixelLimit = defaultPixelLimit }: RasterOptions,
): DecodedRaster {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 26) {
    checkPixelLimit(name, Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)), pixelLimit);
  }
  const header = readBmpHeader(bytes);
  const { width, height, isTopDown } = header;
  const stored = decode(plainFile(bytes, header)).data as Uint8Array;
  const upright = isTopDown ? flipRows(stored, height) : stored;
  const { pixels, channels } = coloursOf(upright, bytes, header);
  const raster = { data: pixels, height, width, channels, isMultichannel: false };
  return { raster, pageCount: 1, format: 'bmp', notes: [] };
}

/** The same pixels below the header that fast-bmp reads. */
function plainFile(bytes: Uint8Array, { pixelsAt: start, rowBytes, width, height }: BmpHeader): Uint8Array {
  const plain = new Uint8Array(pixelsAt + rowBytes * height);
  plain.set(bytes.subarray(0, masksAt));
  const view = new DataView(plain.buffer);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(18, width, true);
  view.setUint32(22, height, true);
  for (const [index, mask] of [0xff0000, 0xff00, 0xff, 0xff000000].entries()) {
    view.setUint32(masksAt + index * 4, mask, true);
  }
  plain.set(bytes.subarray(start, start + rowBytes * height), pixelsAt);
  return plain;
}

function flipRows(pixels: Uint8Array, height: number): Uint8Array {
  const flipped = new Uint8Array(pixels.length);
  const row = pixels.length / height;
  for (let at = 0; at < height; at++) {
    flipped.set(pixels.subarray(at * row, (at + 1) * row), (height - 1 - at) * row);
  }
  return flipped;
}

/** Palettes become colours; the fourth byte goes where it says nothing. */
function coloursOf(
  pixels: Uint8Array,
  bytes: Uint8Array,
  { bits, headerBytes, pixelsAt: start, hasAlpha }: BmpHeader,
): { pixels: Uint8Array; channels: number } {
  if (bits === 24) return { pixels, channels: 3 };
  if (bits === 32 && hasAlpha) return { pixels, channels: 4 };
  const count = bits === 32 ? pixels.length / 4 : pixels.length;
  const colours = new Uint8Array(count * 3);
  // Blue, green, red and a zero for each entry.
  const palette = bytes.subarray(fileHeader + headerBytes, start);
  for (let at = 0; at < count; at++) {
    for (let channel = 0; channel < 3; channel++) {
      colours[at * 3 + channel] =
        bits === 32 ? pixels[at * 4 + channel]! : (palette[pixels[at]! * 4 + 2 - channel] ?? 0);
    }
  }
  return { pixels: colours, channels: 3 };
}
