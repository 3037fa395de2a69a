/** Reads a picture's file for the audit: its facts, its hash, and a small upright RGB copy. JPEG is decoded at reduced size
 * where that is enough: the copy is compared with others of its kind, and trains nothing. */
import { decodeRaster } from '../../data/node/decode/decode-raster.ts';
import { openWithSharp } from '../../data/node/decode/decode-with-sharp.ts';
import { type PictureMetadata, readPictureMetadata } from '../../data/node/decode/picture-metadata.ts';
import { readPicture } from '../../data/node/decode-picture.ts';
import { PictureError } from '../../data/node/picture-error.ts';
import { resizePixels } from '../../data/pictures/resize.ts';
import { describedSize } from '../describe-picture.ts';
import type { SmallPicture } from '../small-picture.ts';
import { showRaster } from './show-raster.ts';

/** A file's facts and its small picture. */
export interface ReadPicture {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly mode: string;
  readonly pages: number;
  readonly takenAt?: string;
  readonly camera?: string;
  readonly picture: SmallPicture;
}

/**
 * Reads a picture.
 *
 * @param name what messages call it
 * @throws PictureError where it cannot be read or decoded, or has more pixels than the limit
 */
export async function readSmallPicture(path: string, name: string, pixelLimit: number): Promise<ReadPicture> {
  const bytes = await readPicture(path, name);
  const metadata = await readPictureMetadata(name, bytes);
  if (metadata.width * metadata.height > pixelLimit) {
    const detail = `${metadata.width}×${metadata.height} pixels, above ${pixelLimit}`;
    throw new PictureError(name, 'over the pixel limit', detail);
  }
  const { format, pageCount: pages } = metadata;
  const { width, height, picture } = isPlain(metadata)
    ? await readReduced(name, bytes, metadata)
    : await readWhole(name, bytes, pixelLimit);
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const { takenAt, camera } = metadata;
  const taken = { ...(takenAt !== undefined && { takenAt }), ...(camera !== undefined && { camera }) };
  return { sha256, width, height, format, mode: modeOf(metadata), pages, ...taken, picture };
}

interface Reduced {
  /** Of the whole picture, upright. */
  readonly width: number;
  readonly height: number;
  readonly picture: SmallPicture;
}

/** Colours of 8 bits, which libvips shrinks while it decodes. */
function isPlain({ format, bits, isFloat, isMultichannel }: PictureMetadata): boolean {
  return format !== 'bmp' && format !== 'tiff' && bits <= 8 && !isFloat && !isMultichannel;
}

async function readReduced(name: string, bytes: Uint8Array, metadata: PictureMetadata): Promise<Reduced> {
  const isTurned = metadata.orientation >= 5;
  const width = isTurned ? metadata.height : metadata.width;
  const height = isTurned ? metadata.width : metadata.height;
  const size = smallSize(width, height);
  try {
    const data = await openWithSharp(bytes)
      .autoOrient()
      .resize({ ...size, fit: 'fill', kernel: 'linear' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return { width, height, picture: { data, ...size } };
  } catch (cause) {
    const said = (cause as Error).message.split('\n')[0];
    throw new PictureError(name, 'undecodable', `a file that does not decode (${said})`, { cause });
  }
}

/** Through the decoder that training uses: deeper samples, channels that are no colours, and formats that libvips lacks. */
async function readWhole(name: string, bytes: Uint8Array, pixelLimit: number): Promise<Reduced> {
  const { raster } = await decodeRaster(name, bytes, { pixelLimit });
  const { width, height } = raster;
  const size = smallSize(width, height);
  const shown = { data: showRaster(raster), height, width, channels: 3 };
  const data = resizePixels(shown, size.height, size.width, 'bilinear') as Uint8Array;
  return { width, height, picture: { data, ...size } };
}

function smallSize(width: number, height: number): { width: number; height: number } {
  const scale = describedSize / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function modeOf({ channels, bits, isFloat, isMultichannel, hasAlpha, space }: PictureMetadata): string {
  const depth = isFloat ? 'float ' : bits > 8 ? `${bits}-bit ` : '';
  if (isMultichannel) return `${depth}${channels} channels`;
  const colours = space === 'cmyk' ? 'cmyk' : channels - (hasAlpha ? 1 : 0) === 1 ? 'grayscale' : 'rgb';
  return `${depth}${colours}${hasAlpha ? ' with alpha' : ''}`;
}
