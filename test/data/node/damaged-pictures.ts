// Reads pictures of all formats that were damaged at random: what must come out is a raster or one message, soon, and no more memory
// than before.
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { Random } from '../../../src/core/random.ts';
import { decodeRaster } from '../../../src/data/node/decode/decode-raster.ts';
import { readPictureMetadata } from '../../../src/data/node/decode/picture-metadata.ts';
import { PictureError } from '../../../src/data/node/picture-error.ts';
import { writeBmp } from './write-bmp.ts';
import { writeTiff } from './write-tiff.ts';

/** The longest that one file may take. */
const mostMs = 5_000;
/** Damaged sizes must not cost more time than this many pixels do. */
const pixelLimit = 4_000_000;

/** A sound file of each kind. */
async function soundFiles(): Promise<Record<string, Buffer>> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
  const picture = () => sharp({ create: { width: 40, height: 30, channels: 3, background: '#000', noise } });
  const data = Uint16Array.from({ length: 30 * 40 * 7 }, (_, at) => (at * 77) % 60_000);
  const tiff = { height: 30, width: 40 };
  const colours = Array.from({ length: 256 }, (_, at) => [at, 255 - at, at >> 1]);
  const places = Array.from({ length: 1200 }, (_, at) => at % 256);
  return {
    jpeg: await picture().jpeg().toBuffer(),
    progressive: await picture().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
    png: await picture().png().toBuffer(),
    png16: await picture().toColourspace('rgb16').png().toBuffer(),
    webp: await picture().webp().toBuffer(),
    gif: await picture().gif().toBuffer(),
    avif: await picture().avif({ effort: 0 }).toBuffer(),
    lzw: await picture().tiff({ compression: 'lzw', tile: true }).toBuffer(),
    stack: writeTiff({ ...tiff, data: data.subarray(0, 4800), channels: 4, compression: 'deflate', rowsPerStrip: 7 }),
    seven: writeTiff({ ...tiff, data, channels: 7, compression: 'deflate' }),
    planes: writeTiff({ ...tiff, data: data.subarray(0, 3600), channels: 3, isPlanar: true, rowsPerStrip: 9 }),
    float: writeTiff({ ...tiff, data: Float32Array.from(data.subarray(0, 2400)), channels: 2 }),
    bmp8: writeBmp({ places, colours, width: 40, height: 30, bits: 8 }),
    bmp24: writeBmp({ places, colours, width: 40, height: 30, bits: 24, isTopDown: true }),
    bmp32: writeBmp({ places, colours, width: 40, height: 30, bits: 32 }),
  };
}

/** Bytes flipped (most of them in the header), a cut end, a piece cut out, or two pieces swapped. */
export function damage(sound: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(sound);
  const below = (end: number) => Math.min(end - 1, Math.floor(random.next() * end));
  const kind = below(5);
  if (kind === 0) return bytes.subarray(0, below(bytes.length));
  if (kind === 1) {
    const from = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + below(bytes.length - from))]);
  }
  if (kind === 2) {
    const size = 1 + below(Math.min(400, bytes.length >> 1));
    const [first, second] = [below(bytes.length - size), below(bytes.length - size)];
    const piece = Buffer.from(bytes.subarray(first, first + size));
    bytes.copyWithin(first, second, second + size);
    piece.copy(bytes, second);
    return bytes;
  }
  // TIFFs of the tests end with their directory.
  const isHeader = kind === 3;
  for (let flips = 1 + below(8); flips > 0; flips--) {
    const near = below(Math.min(200, bytes.length));
    const place = isHeader ? (bytes[0] === 0x49 ? bytes.length - 1 - near : near) : below(bytes.length);
    bytes[place] = below(4) === 0 ? 255 : bytes[place]! ^ (1 << below(8));
  }
  return bytes;
}

/** Damages and reads so many files. @returns how many still gave a raster */
export async function readDamaged(count: number, seed: number): Promise<number> {
  const sound = Object.entries(await soundFiles());
  for (const [name, bytes] of sound) await decodeRaster(name, bytes);
  const random = new Random(seed, 'damage');
  let read = 0;
  for (let number = 0; number < count; number++) {
    const [kind, bytes] = sound[number % sound.length]!;
    const name = `${kind} ${number}`;
    const damaged = damage(bytes, random);
    const started = performance.now();
    for (const reading of [
      () => decodeRaster(name, damaged, { pixelLimit }),
      () => readPictureMetadata(name, damaged),
    ]) {
      try {
        const result = await reading();
        if (!('raster' in result)) continue;
        const { data, height, width, channels } = result.raster;
        assert.equal(data.length, height * width * channels, name);
        read++;
      } catch (error) {
        assert.ok(error instanceof PictureError, `${name}: ${(error as Error).stack}`);
        assert.match(error.message, /^\S+ \d+: expected a picture \(.*\), received [^\n]+\. [^\n]+\.$/, name);
      }
    }
    const took = performance.now() - started;
    assert.ok(took < mostMs, `${name} took ${took} ms`);
  }
  return read;
}
