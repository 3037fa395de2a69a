/** Turns pixels into small `data:` addresses, so that the report needs no file but itself. */
import sharp from 'sharp';
import { ShapeError } from '../core/errors.ts';
import { html, type Markup } from './html.ts';
import type { Picture } from './run-record.ts';

/** Up to this many pixels a picture is kept as it is, in PNG; JPEG would smear it. */
const smallPixels = 64 * 64;

/**
 * The picture as a `data:` address, shrunk so that neither side is longer than `maxSide` pixels.
 * @throws {ShapeError} where there are not three bytes for each pixel.
 */
export async function encodePicture(picture: Picture, maxSide: number): Promise<string> {
  const { width, height, pixels } = picture;
  if (pixels.length !== width * height * 3 || pixels.length === 0) {
    throw new ShapeError(
      `encodePicture: expected ${width}×${height}×3 bytes, received ${pixels.length}. Give red, green and blue for each pixel.`,
    );
  }
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (width * height <= smallPixels) return address('png', await image.png().toBuffer());
  const shrunk = image.resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true });
  return address('jpeg', await shrunk.jpeg({ quality: 82, chromaSubsampling: '4:4:4' }).toBuffer());
}

/**
 * The picture as an `<img>`.
 * @param alt what it shows, for who cannot see it
 */
export async function renderPicture(picture: Picture, maxSide: number, alt: string): Promise<Markup> {
  const { width, height } = picture;
  const source = await encodePicture(picture, maxSide);
  const kind = width * height <= smallPixels && html` class="pixels"`;
  return html`<img src="${source}" alt="${alt}" width="${width}" height="${height}"${kind}>`;
}

function address(format: string, bytes: Buffer): string {
  return `data:image/${format};base64,${bytes.toString('base64')}`;
}
