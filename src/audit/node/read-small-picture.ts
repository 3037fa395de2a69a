/** Reads a picture's file for the audit: its facts, its hash, and a small upright RGB copy. */
import sharp, { type Metadata } from 'sharp';
import { readPicture } from '../../data/node/decode-picture.ts';
import { PictureError } from '../../data/node/picture-error.ts';
import { describedSize } from '../describe-picture.ts';
import type { SmallPicture } from '../small-picture.ts';

/** A file's facts and its small picture. */
export interface ReadPicture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly mode: string;
  readonly pages: number;
  readonly picture: SmallPicture;
}

/** Bits of a sample by sharp's names, where they are more than eight. */
const depths: Readonly<Record<string, string>> = {
  ushort: '16-bit ',
  short: '16-bit ',
  uint: '32-bit ',
  float: 'float ',
};

let isPrepared = false;

/** Many pictures at once need no threads within each, and none is read twice. */
function prepareSharp(): void {
  if (isPrepared) return;
  isPrepared = true;
  sharp.concurrency(1);
}

/**
 * Reads a picture.
 *
 * @param name what messages call it
 * @throws PictureError where it cannot be read or decoded, or has more pixels than the limit
 */
export async function readSmallPicture(path: string, name: string, pixelLimit: number): Promise<ReadPicture> {
  prepareSharp();
  const bytes = await readPicture(path, name);
  if (bytes.length === 0) throw new PictureError(name, 'empty file', 'an empty file');
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: false });
    const metadata = await image.metadata();
    const { width, height } = metadata.autoOrient;
    if (width * height > pixelLimit) {
      throw new PictureError(name, 'over the pixel limit', `${width}×${height} pixels, above ${pixelLimit}`);
    }
    const scale = describedSize / Math.max(width, height);
    const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    const data = await image
      .autoOrient()
      .resize({ ...size, fit: 'fill', kernel: 'linear' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    return {
      sha256,
      width,
      height,
      format: metadata.format,
      mode: modeOf(metadata),
      pages: metadata.pages ?? 1,
      picture: { data, ...size },
    };
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    const said = (cause as Error).message.split('\n')[0];
    throw new PictureError(name, 'undecodable', `a file that does not decode (${said})`, { cause });
  }
}

function modeOf({ channels, depth, hasAlpha, space }: Metadata): string {
  const colours = space === 'cmyk' ? 'cmyk' : channels - (hasAlpha ? 1 : 0) === 1 ? 'grayscale' : 'rgb';
  return `${depths[depth] ?? ''}${colours}${hasAlpha ? ' with alpha' : ''}`;
}
