/** Enlarging of raw pixels. Decoders' own enlarging is not aligned alike (libvips shifts by a quarter of a pixel when it
 * doubles), so this small one is used for every axis that grows; shrinking is the decoder's work. */

/** For each output position: the two input positions it lies between, and the weight of the second one. */
interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Bilinear enlargement with pixel centres at half numbers and edges repeated, as `tf.image.resize` and PIL enlarge.
 *
 * @param pixels uint8 `[height, width, channels]`
 * @param toHeight at least `height`
 * @param toWidth at least `width`
 * @returns uint8 `[toHeight, toWidth, channels]`, rounded to the nearest; the same array where nothing grows
 */
export function enlargePixels(
  pixels: Uint8Array,
  height: number,
  width: number,
  channels: number,
  toHeight: number,
  toWidth: number,
): Uint8Array {
  if (toHeight === height && toWidth === width) return pixels;
  const rows = tapsOf(height, toHeight);
  const columns = tapsOf(width, toWidth);
  const enlarged = new Uint8Array(toHeight * toWidth * channels);
  let at = 0;
  for (let row = 0; row < toHeight; row++) {
    const above = rows.low[row]! * width;
    const below = rows.high[row]! * width;
    const down = rows.weight[row]!;
    for (let column = 0; column < toWidth; column++) {
      const left = columns.low[column]!;
      const right = columns.high[column]!;
      const across = columns.weight[column]!;
      for (let channel = 0; channel < channels; channel++) {
        const topLeft = pixels[(above + left) * channels + channel]!;
        const topRight = pixels[(above + right) * channels + channel]!;
        const bottomLeft = pixels[(below + left) * channels + channel]!;
        const bottomRight = pixels[(below + right) * channels + channel]!;
        const top = topLeft + (topRight - topLeft) * across;
        const bottom = bottomLeft + (bottomRight - bottomLeft) * across;
        enlarged[at++] = Math.floor(top + (bottom - top) * down + 0.5);
      }
    }
  }
  return enlarged;
}

function tapsOf(size: number, toSize: number): Taps {
  const low = new Int32Array(toSize);
  const high = new Int32Array(toSize);
  const weight = new Float64Array(toSize);
  for (let index = 0; index < toSize; index++) {
    const centre = Math.min(size - 1, Math.max(0, ((index + 0.5) * size) / toSize - 0.5));
    low[index] = Math.floor(centre);
    high[index] = Math.min(size - 1, low[index]! + 1);
    weight[index] = centre - low[index]!;
  }
  return { low, high, weight };
}
