// Protects the resize, and the fits and colours around it, against Pillow and Keras: bytes to the bit.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { preparePicture } from '../../../src/data/pictures/prepare-picture.ts';
import {
  type ColorMode,
  createPreprocessing,
  type Interpolation,
  type PreprocessingOptions,
} from '../../../src/data/pictures/preprocessing.ts';
import type { Raster, Samples } from '../../../src/data/pictures/raster.ts';
import { mixed } from '../../support/formula.ts';

type Size = [number, number];
interface Golden {
  bytes: { from: Size; to: Size; channels: 1 | 3 | 4; salt: number; sha256: Record<Interpolation, string> }[];
  deep: {
    from: Size;
    to: Size;
    salt: number;
    sampleType: 'uint16' | 'float32';
    interpolation: Interpolation;
    y: number[];
  }[];
  conversions: { from: Size; salt: number; grayscale: string };
  fits: { from: Size; to: Size; salt: number; sha256: { crop: string; pad: string } }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL('../../golden/resize.json', import.meta.url), 'utf8'));

/** The picture of scripts/make-resize-golden.py. */
function formulaPicture([height, width]: Size, channels: number, salt: number, bits: 8 | 16): Raster {
  const count = height * width * channels;
  const data = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let index = 0; index < count; index++) {
    const isNoise = (Math.floor(index / channels) % width) * 2 < width;
    const noise = mixed(index + salt * 1_000_003) >>> (32 - bits);
    data[index] = isNoise ? noise : Math.floor((index * 7919) / 64) % 2 ** bits;
  }
  return { data, height, width, channels, isMultichannel: false };
}

const digest = (samples: Samples) => createHash('sha256').update(samples).digest('hex').slice(0, 16);
const modes: Record<number, ColorMode> = { 1: 'grayscale', 3: 'rgb', 4: 'rgba' };
const prepare = (raster: Raster, [height, width]: Size, options: PreprocessingOptions) =>
  preparePicture(raster, createPreprocessing({ height, width, ...options }));

for (const interpolation of ['bilinear', 'bicubic', 'area', 'lanczos', 'nearest'] as const) {
  test(`${interpolation} of bytes is Pillow's, to the bit`, () => {
    const wrong = golden.bytes.filter(({ from, to, channels, salt, sha256 }) => {
      const raster = formulaPicture(from, channels, salt, 8);
      return digest(prepare(raster, to, { colorMode: modes[channels]!, interpolation })) !== sha256[interpolation];
    });
    assert.deepEqual(wrong, []);
    assert.ok(golden.bytes.length >= 50);
  });

  // Pillow takes the nearest of 16 bits by another function than of bytes, which falls otherwise between two pixels.
  if (interpolation === 'nearest') continue;

  // Pillow rounds its 16-bit sums as ours; one unit is left for halves that float64 sums put on either side.
  test(`${interpolation} of deeper samples is Pillow's`, () => {
    const cases = golden.deep.filter((one) => one.interpolation === interpolation);
    assert.ok(cases.length >= 30);
    for (const { from, to, salt, sampleType, y } of cases) {
      const whole = formulaPicture(from, 1, salt, 16);
      const data = sampleType === 'uint16' ? whole.data : Float32Array.from(whole.data, (sample) => sample / 1000);
      const actual = prepare({ ...whole, data }, to, { colorMode: 'grayscale', sampleType, interpolation });
      const step = Math.max(1, Math.floor(actual.length / 40));
      for (const [index, expected] of y.entries()) {
        const difference = Math.abs(actual[index * step]! - expected);
        const tolerance = sampleType === 'uint16' ? 1 : 1e-5;
        assert.ok(difference <= tolerance, `${from} to ${to} ${sampleType}: ${actual[index * step]}, not ${expected}`);
      }
    }
  });
}

test("grey is Pillow's L", () => {
  const { from, salt, grayscale } = golden.conversions;
  assert.equal(digest(prepare(formulaPicture(from, 3, salt, 8), from, { colorMode: 'grayscale' })), grayscale);
});

for (const fit of ['crop', 'pad'] as const) {
  test(`${fit} keeps proportions as Keras does`, () => {
    const wrong = golden.fits.filter(({ from, to, salt, sha256 }) => {
      const raster = formulaPicture(from, 3, salt, 8);
      return digest(prepare(raster, to, { fit, interpolation: 'nearest' })) !== sha256[fit];
    });
    assert.deepEqual(wrong, []);
  });
}
