/** The two passes of a resize on bytes, in whole numbers: each pass rounds and clips to 0…255, as Pillow's do. Most of the
 * time of preparing pictures goes here, so common numbers of channels have loops of their own. */
import { fractionBits, type Taps } from './resize-taps.ts';

const half = 1 << (fractionBits - 1);

/**
 * Resizes rows.
 *
 * @param source uint8 `[rows, width, channels]`, from which rows `from` up to `to` are taken
 * @returns uint8 `[to − from, columns, channels]`
 */
export function resizeByteRows(
  source: Uint8Array,
  from: number,
  to: number,
  width: number,
  channels: number,
  taps: Taps<Int32Array>,
): Uint8Array {
  const columns = taps.first.length;
  const resized = new Uint8ClampedArray((to - from) * columns * channels);
  const pass = channels === 1 ? greyRows : channels === 3 ? colourRows : anyRows;
  pass(source, resized, from, to, width, channels, taps);
  return new Uint8Array(resized.buffer);
}

type RowPass = (
  source: Uint8Array,
  resized: Uint8ClampedArray,
  from: number,
  to: number,
  width: number,
  channels: number,
  taps: Taps<Int32Array>,
) => void;

const greyRows: RowPass = (source, resized, from, to, width, _, { first, count, weights, most }) => {
  const columns = first.length;
  let out = 0;
  for (let row = from; row < to; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = column * most;
      const end = tap + count[column]!;
      let at = row * width + first[column]!;
      let sum = half;
      for (let k = tap; k < end; k++) sum = (sum + Math.imul(source[at++]!, weights[k]!)) | 0;
      resized[out++] = sum >> fractionBits;
    }
  }
};

const colourRows: RowPass = (source, resized, from, to, width, _, { first, count, weights, most }) => {
  const columns = first.length;
  let out = 0;
  for (let row = from; row < to; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = column * most;
      const end = tap + count[column]!;
      let at = (row * width + first[column]!) * 3;
      let red = half;
      let green = half;
      let blue = half;
      for (let k = tap; k < end; k++) {
        const weight = weights[k]!;
        red = (red + Math.imul(source[at]!, weight)) | 0;
        green = (green + Math.imul(source[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(source[at + 2]!, weight)) | 0;
        at += 3;
      }
      resized[out] = red >> fractionBits;
      resized[out + 1] = green >> fractionBits;
      resized[out + 2] = blue >> fractionBits;
      out += 3;
    }
  }
};

const anyRows: RowPass = (source, resized, from, to, width, channels, { first, count, weights, most }) => {
  const columns = first.length;
  let out = 0;
  for (let row = from; row < to; row++) {
    for (let column = 0; column < columns; column++) {
      const tap = column * most;
      const end = tap + count[column]!;
      const start = (row * width + first[column]!) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let at = start + channel;
        let sum = half;
        for (let k = tap; k < end; k++) {
          sum = (sum + Math.imul(source[at]!, weights[k]!)) | 0;
          at += channels;
        }
        resized[out++] = sum >> fractionBits;
      }
    }
  }
};

/**
 * Resizes columns: a row of the result is a sum of whole rows.
 *
 * @param source uint8 `[rows, rowLength]`, of which the first is row `from` of the picture
 * @returns uint8 `[taps, rowLength]`
 */
export function resizeByteColumns(
  source: Uint8Array,
  from: number,
  rowLength: number,
  { first, count, weights, most }: Taps<Int32Array>,
): Uint8Array {
  const rows = first.length;
  const resized = new Uint8ClampedArray(rows * rowLength);
  const sums = new Int32Array(rowLength);
  for (let row = 0; row < rows; row++) {
    const tap = row * most;
    const taps = count[row]!;
    const start = (first[row]! - from) * rowLength;
    const out = row * rowLength;
    if (taps === 3 || taps === 4) {
      sumFewRows(source, start, resized, out, rowLength, weights.subarray(tap, tap + taps));
      continue;
    }
    sums.fill(half);
    let k = 0;
    for (; k + 2 <= taps; k += 2) {
      addTwoRows(source, start + k * rowLength, sums, weights[tap + k]!, weights[tap + k + 1]!);
    }
    if (k < taps) addRow(source, start + k * rowLength, sums, weights[tap + k]!);
    for (let at = 0; at < rowLength; at++) resized[out + at] = sums[at]! >> fractionBits;
  }
  return new Uint8Array(resized.buffer);
}

/** Three or four rows at once, as common sizes need: nothing is summed up in memory. */
function sumFewRows(
  source: Uint8Array,
  start: number,
  resized: Uint8ClampedArray,
  out: number,
  rowLength: number,
  weights: Int32Array,
): void {
  const a = weights[0]!;
  const b = weights[1]!;
  const c = weights[2]!;
  // A row that counts nothing is the third one again, which is there.
  const d = weights[3] ?? 0;
  const second = start + rowLength;
  const third = second + rowLength;
  const fourth = weights.length > 3 ? third + rowLength : third;
  for (let at = 0; at < rowLength; at++) {
    const ab = (Math.imul(source[start + at]!, a) + Math.imul(source[second + at]!, b)) | 0;
    const cd = (Math.imul(source[third + at]!, c) + Math.imul(source[fourth + at]!, d)) | 0;
    resized[out + at] = (((ab + cd) | 0) + half) >> fractionBits;
  }
}

function addRow(source: Uint8Array, start: number, sums: Int32Array, weight: number): void {
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at]! + Math.imul(source[start + at]!, weight)) | 0;
}

/** Two rows in one pass: sums are read and written half as often. */
function addTwoRows(source: Uint8Array, start: number, sums: Int32Array, weight: number, nextWeight: number): void {
  const next = start + sums.length;
  for (let at = 0; at < sums.length; at++) {
    const both = (Math.imul(source[start + at]!, weight) + Math.imul(source[next + at]!, nextWeight)) | 0;
    sums[at] = (sums[at]! + both) | 0;
  }
}
