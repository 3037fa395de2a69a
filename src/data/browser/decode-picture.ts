/** Pictures in a page: the browser decodes, and what the network sees is prepared as in Node. Works in workers too. */
import { DataError } from '../../core/errors.ts';
import { preparePicture } from '../pictures/prepare-picture.ts';
import type { Preprocessing } from '../pictures/preprocessing.ts';
import type { Raster, Samples } from '../pictures/raster.ts';

/**
 * Decodes a picture by the browser: upright, 8 bits, sRGB. A canvas keeps colours times alpha, so that colours of half
 * transparent pixels may be a few units off; opaque pixels are exact.
 *
 * @param source the content of a file, or a picture of the page that is loaded
 * @throws DataError where there is no canvas, as in Node, or where the browser does not decode it
 */
export async function decodeInBrowser(source: ImageBitmapSource): Promise<Raster> {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') {
    throw new DataError(
      'decodeInBrowser: expected a page or a worker of one, received a place without createImageBitmap and OffscreenCanvas. ' +
        'In Node use decodePicture of cajal/data/node.',
    );
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(source, { imageOrientation: 'from-image', premultiplyAlpha: 'none' });
  } catch (cause) {
    throw new DataError(
      `decodeInBrowser: expected a picture, received what the browser does not decode (${(cause as Error).message}). ` +
        'Use another file.',
      { cause },
    );
  }
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  canvas.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = canvas.getImageData(0, 0, width, height);
  return { data: new Uint8Array(data.buffer), height, width, channels: 4, isMultichannel: false };
}

/**
 * A picture as the network sees it, in a page: for equal decoded pixels the same bytes as in Node.
 *
 * @returns `[height, width, channels]` of the record
 * @throws DataError as `decodeInBrowser`, and as `preparePicture` for records of deeper samples or other channels
 * @example
 * const pixels = await decodePicture(await (await fetch('cell.jpg')).blob(), preprocessing);
 */
export async function decodePicture(source: ImageBitmapSource, preprocessing: Preprocessing): Promise<Samples> {
  return preparePicture(await decodeInBrowser(source), preprocessing);
}
