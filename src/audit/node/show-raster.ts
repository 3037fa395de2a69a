/** Any raster as RGB of 8 bits, to look at and to compare: deeper samples are stretched by their own picture's range. */
import type { Raster, Samples } from '../../data/pictures/raster.ts';

/** Shares of the samples below and above which a stretch clips: single hot pixels do not decide it. */
const lowShare = 0.001;
const highShare = 0.999;
const mostSampled = 65_536;

/**
 * Shows a raster: transparent parts on white; the first three channels of a stack as red, green and blue, of two the second
 * as green and blue.
 *
 * @returns uint8 `[height, width, 3]`
 */
export function showRaster({ data, height, width, channels, isMultichannel }: Raster): Uint8Array {
  const hasAlpha = !isMultichannel && (channels === 2 || channels === 4);
  const colours = channels - (hasAlpha ? 1 : 0);
  const from = [0, Math.min(1, colours - 1), Math.min(2, colours - 1)];
  const isColour = !isMultichannel && colours === 3;
  const ranges = from.map((channel) => rangeOf(data, channels, isColour ? [0, 1, 2] : [channel]));
  const opaque = data instanceof Uint16Array ? 65_535 : data instanceof Uint8Array ? 255 : 1;
  const shown = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const cover = hasAlpha ? Math.min(1, Math.max(0, data[pixel * channels + colours]! / opaque)) : 1;
    for (let place = 0; place < 3; place++) {
      const { low, high } = ranges[place]!;
      const share = Math.min(1, Math.max(0, (data[pixel * channels + from[place]!]! - low) / (high - low)));
      shown[pixel * 3 + place] = Math.round(255 * (share * cover + 1 - cover));
    }
  }
  return shown;
}

/** What becomes black and white: the full range of bytes, percentiles of deeper samples. */
function rangeOf(data: Samples, channels: number, of: readonly number[]): { low: number; high: number } {
  if (data instanceof Uint8Array) return { low: 0, high: 255 };
  const pixels = data.length / channels;
  const step = Math.max(1, Math.floor((pixels * of.length) / mostSampled));
  const values: number[] = [];
  for (let pixel = 0; pixel < pixels; pixel += step) {
    for (const channel of of) {
      const value = data[pixel * channels + channel]!;
      if (Number.isFinite(value)) values.push(value);
    }
  }
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = at(lowShare);
  const high = at(highShare);
  // A plain picture stays plain.
  return { low, high: high > low ? high : low + 1 };
}
