/** Grey from colour, in integers, so that every decoder and every machine gives the same bytes. */

/**
 * One grey byte for each red, green and blue one: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), rounded.
 * Grey pictures (equal channels) keep their values exactly.
 *
 * @param pixels `[..., 3]`
 * @returns `[..., 1]`
 */
export function lumaOf(pixels: Uint8Array): Uint8Array {
  const grey = new Uint8Array(pixels.length / 3);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * 3;
    // 19595 + 38470 + 7471 = 65536: the weights in 1/65536, and one half for rounding.
    grey[pixel] = (pixels[at]! * 19595 + pixels[at + 1]! * 38470 + pixels[at + 2]! * 7471 + 32768) >>> 16;
  }
  return grey;
}
