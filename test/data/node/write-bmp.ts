// Writes small BMP files for tests: palettes of 1 and 8 bits, colours of 24 and 32, from the bottom or the top.

/** What a file is to hold. */
export interface BmpPicture {
  /** The place in `colours` of each pixel, row by row from the top. */
  readonly places: readonly number[];
  /** Red, green, blue, and for 32 bits with masks how much it covers. */
  readonly colours: readonly (readonly number[])[];
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 8 | 16 | 24 | 32;
  readonly isTopDown?: boolean;
  /** The width and height that the header says instead. */
  readonly says?: number;
}

/** The content of a file; with four numbers in a colour it has masks, as files with alpha do. */
export function writeBmp({ places, colours, width, height, bits, isTopDown = false, says }: BmpPicture): Buffer {
  const hasMasks = colours.some((colour) => colour.length === 4);
  const palette =
    bits <= 8 ? Buffer.from(colours.flatMap(([red, green, blue]) => [blue!, green!, red!, 0])) : Buffer.alloc(0);
  const headerBytes = hasMasks ? 108 : 40;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const start = 14 + headerBytes + palette.length;
  const bytes = Buffer.alloc(start + rowBytes * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(headerBytes, 14);
  bytes.writeInt32LE(says ?? width, 18);
  bytes.writeInt32LE((says ?? height) * (isTopDown ? -1 : 1), 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(hasMasks ? 3 : 0, 30);
  if (hasMasks) {
    for (const [index, mask] of [0xff0000, 0xff00, 0xff, 0xff000000].entries())
      bytes.writeUInt32LE(mask, 54 + index * 4);
  }
  palette.copy(bytes, 14 + headerBytes);
  for (const [at, place] of places.entries()) {
    const row = Math.floor(at / width);
    const column = at % width;
    const rowAt = start + (isTopDown ? row : height - 1 - row) * rowBytes;
    const [red = 0, green = 0, blue = 0, alpha = 0] = colours[place]!;
    if (bits === 1) bytes[rowAt + (column >> 3)] = bytes[rowAt + (column >> 3)]! | (place << (7 - (column & 7)));
    else if (bits === 8) bytes[rowAt + column] = place;
    else if (bits >= 24)
      bytes.set(bits === 24 ? [blue, green, red] : [blue, green, red, alpha], rowAt + (column * bits) / 8);
  }
  return bytes;
}
