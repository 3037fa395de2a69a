/** Turning raw pixels upright by their orientation, where the decoder does not: in stacks of channels. */
import { createSamples, type Samples, sampleTypeOf } from './raster.ts';

/** True where the orientation swaps rows and columns. */
export function swapsAxes(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

/**
 * Pixels turned upright.
 *
 * @param pixels `[height, width, channels]` as they are stored in the file
 * @param orientation the EXIF tag, 1 to 8 (EXIF 2.32, tag 274); any other value leaves the pixels as they are
 * @returns `[width, height, channels]` for 5 to 8, `[height, width, channels]` else
 */
export function orientPixels(
  pixels: Samples,
  height: number,
  width: number,
  channels: number,
  orientation: number,
): Samples {
  if (!(orientation >= 2 && orientation <= 8)) return pixels;
  const swaps = swapsAxes(orientation);
  const outHeight = swaps ? width : height;
  const outWidth = swaps ? height : width;
  // Which end of the stored picture the first upright row and column come from.
  const flipsRows = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
  const flipsColumns = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
  const upright = createSamples(sampleTypeOf(pixels), pixels.length);
  for (let row = 0; row < outHeight; row++) {
    const fromRow = flipsRows ? outHeight - 1 - row : row;
    for (let column = 0; column < outWidth; column++) {
      const fromColumn = flipsColumns ? outWidth - 1 - column : column;
      const from = (swaps ? fromColumn * width + fromRow : fromRow * width + fromColumn) * channels;
      const to = (row * outWidth + column) * channels;
      for (let channel = 0; channel < channels; channel++) upright[to + channel] = pixels[from + channel]!;
    }
  }
  return upright;
}
