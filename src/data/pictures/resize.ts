/** The one resize of pictures, for training, prediction and pages alike: Pillow's `Image.resize`, to the bit for bytes. Usually rows
 * first, then columns; filters widen where an axis shrinks, so that nothing aliases. */
import type { Interpolation } from './preprocessing.ts';
import { createSamples, type Raster, type Samples, sampleTypeOf } from './raster.ts';
import { resizeByteColumns, resizeByteRows } from './resize-bytes.ts';
import { keptFixedPoint, keptTaps, nearestPixels, type Span, type Taps } from './resize-taps.ts';

/** The part of a picture that is resized, in its pixels. It may reach beyond the picture: what is there is zero. */
export interface ResizeWindow {
  readonly rows: Span;
  readonly columns: Span;
}

/** Samples with their shape. */
export type Pixels = Pick<Raster, 'data' | 'height' | 'width' | 'channels'>;

/**
 * Resizes a picture, or a window of it. Channels are resized each for itself.
 *
 * Bytes are weighed in whole numbers of 1/2²², rounded and clipped after each pass; uint16 in float64, rounded and
 * clipped alike; float32 in float64, rounded to float32 after each.
 *
 * @returns `[height, width, channels]` in the samples of the picture; they may be the picture's own where nothing changes
 * @example
 * const small = resizePixels({ data, height: 240, width: 320, channels: 3 }, 150, 150, 'bilinear');
 */
export function resizePixels(
  source: Pixels,
  height: number,
  width: number,
  interpolation: Interpolation,
  window: ResizeWindow = wholeOf(source),
): Samples {
  const { rows, columns } = window;
  if (interpolation === 'nearest') return takeNearest(source, height, width, window);
  const keepsRows = height === rows.length && height === source.height && rows.start === 0;
  const keepsColumns = width === columns.length && width === source.width && columns.start === 0;
  const { data, channels } = source;
  if (keepsRows && keepsColumns) return data;

  const tapsOf = data instanceof Uint8Array ? keptFixedPoint : keptTaps;
  const down = keepsRows ? undefined : tapsOf(source.height, rows, height, interpolation);
  const across = keepsColumns ? undefined : tapsOf(source.width, columns, width, interpolation);
  // Pillow's rule: where the height shrinks by far more, columns first leave less work for the rows.
  const isTall = rows.length > height && rows.length - height > 2 * (columns.length - width);
  const { alongRows, alongColumns } = data instanceof Uint8Array ? bytePasses : deepPasses;
  if (down && isTall) {
    const short = alongColumns(data, 0, source.width * channels, down);
    return across ? alongRows(short, 0, height, source.width, channels, across) : short;
  }
  const [from, to] = down ? usedRange(down) : [0, source.height];
  const narrow = across ? alongRows(data, from, to, source.width, channels, across) : data;
  return down ? alongColumns(narrow, across ? from : 0, width * channels, down) : narrow;
}

interface Passes {
  alongRows(data: Samples, from: number, to: number, width: number, channels: number, taps: Taps): Samples;
  alongColumns(data: Samples, from: number, rowLength: number, taps: Taps): Samples;
}

const deepPasses: Passes = { alongRows: resizeDeepRows, alongColumns: resizeDeepColumns };
const bytePasses: Passes = {
  alongRows: (bytes, from, to, width, channels, taps) =>
    resizeByteRows(bytes as Uint8Array, from, to, width, channels, taps as Taps<Int32Array>),
  alongColumns: (bytes, from, rowLength, taps) =>
    resizeByteColumns(bytes as Uint8Array, from, rowLength, taps as Taps<Int32Array>),
};

function wholeOf({ height, width }: Pixels): ResizeWindow {
  return { rows: { start: 0, length: height }, columns: { start: 0, length: width } };
}

/** The first row that is used, and the one after the last. */
function usedRange({ first, count }: Taps): [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (let position = 0; position < first.length; position++) {
    if (count[position] === 0) continue;
    from = Math.min(from, first[position]!);
    to = Math.max(to, first[position]! + count[position]!);
  }
  return to === 0 ? [0, 0] : [from, to];
}

function takeNearest(
  { data, height, width, channels }: Pixels,
  toHeight: number,
  toWidth: number,
  window: ResizeWindow,
) {
  const rows = nearestPixels(height, window.rows, toHeight);
  const columns = nearestPixels(width, window.columns, toWidth);
  const taken = createSamples(sampleTypeOf(data), toHeight * toWidth * channels);
  for (let row = 0, out = 0; row < toHeight; row++) {
    for (let column = 0; column < toWidth; column++, out += channels) {
      if (rows[row]! < 0 || columns[column]! < 0) continue;
      const at = (rows[row]! * width + columns[column]!) * channels;
      for (let channel = 0; channel < channels; channel++) taken[out + channel] = data[at + channel]!;
    }
  }
  return taken;
}

/** A sum as the sample that is kept: float32 rounds where it is stored. */
const keptAs = (samples: Samples): ((sum: number) => number) =>
  samples instanceof Float32Array ? (sum) => sum : (sum) => Math.min(65_535, Math.max(0, Math.floor(sum + 0.5)));

function resizeDeepRows(
  source: Samples,
  from: number,
  to: number,
  width: number,
  channels: number,
  { first, count, weights, most }: Taps,
): Samples {
  const columns = first.length;
  const resized = createSamples(sampleTypeOf(source), (to - from) * columns * channels);
  const keep = keptAs(resized);
  for (let row = from, out = 0; row < to; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = column * most;
      for (let channel = 0; channel < channels; channel++) {
        let at = (row * width + first[column]!) * channels + channel;
        let sum = 0;
        for (let k = tap; k < tap + count[column]!; k++, at += channels) sum += source[at]! * weights[k]!;
        resized[out++] = keep(sum);
      }
    }
  }
  return resized;
}

function resizeDeepColumns(source: Samples, from: number, rowLength: number, taps: Taps): Samples {
  const { first, count, weights, most } = taps;
  const resized = createSamples(sampleTypeOf(source), first.length * rowLength);
  const keep = keptAs(resized);
  const sums = new Float64Array(rowLength);
  for (let row = 0; row < first.length; row++) {
    sums.fill(0);
    for (let k = 0; k < count[row]!; k++) {
      const start = (first[row]! - from + k) * rowLength;
      const weight = weights[row * most + k]!;
      for (let at = 0; at < rowLength; at++) sums[at]! += source[start + at]! * weight;
    }
    for (let at = 0; at < rowLength; at++) resized[row * rowLength + at] = keep(sums[at]!);
  }
  return resized;
}
