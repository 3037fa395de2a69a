// Protects what becomes of depths, colours, transparency and proportions before the network sees a picture, and that
// resizing invents nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError } from '../../../src/core/errors.ts';
import { fitWindow, preparePicture } from '../../../src/data/pictures/prepare-picture.ts';
import {
  createPreprocessing,
  interpolations,
  type PreprocessingOptions,
  resizeFits,
} from '../../../src/data/pictures/preprocessing.ts';
import {
  createSamples,
  type Raster,
  type Samples,
  sampleTypeOf,
  sampleTypes,
} from '../../../src/data/pictures/raster.ts';
import { resizePixels } from '../../../src/data/pictures/resize.ts';
import { mixed } from '../../support/formula.ts';

const rasterOf = (data: Samples, height: number, width: number, channels: number): Raster => ({
  data,
  height,
  width,
  channels,
  isMultichannel: false,
});
const prepared = (raster: Raster, options: PreprocessingOptions) =>
  Array.from(preparePicture(raster, createPreprocessing({ height: raster.height, width: raster.width, ...options })));

test('constant pictures stay constant, whatever the size, filter and samples', () => {
  const sizes = [1, 2, 3, 7, 16, 33].flatMap((height) => [1, 5, 12, 29].map((width) => [height, width] as const));
  for (const sampleType of sampleTypes) {
    const value = { uint8: 200, uint16: 51_234, float32: 0.75 }[sampleType];
    for (const [height, width] of sizes) {
      const data = createSamples(sampleType, height * width * 3).fill(value);
      for (const interpolation of interpolations) {
        for (const fit of ['stretch', 'crop'] as const) {
          const record = createPreprocessing({ height: 6, width: 11, interpolation, fit, sampleType });
          const resized = preparePicture(rasterOf(data, height, width, 3), record);
          assert.equal(sampleTypeOf(resized), sampleType);
          assert.equal(resized.length, 6 * 11 * 3);
          const worst = Math.max(...Array.from(resized, (sample) => Math.abs(sample - value)));
          assert.ok(
            worst <= (sampleType === 'float32' ? 1e-6 : 0),
            `${interpolation} ${height}×${width} off by ${worst}`,
          );
        }
      }
    }
  }
});

test('mirroring before or after resizing is the same', () => {
  const data = Uint8Array.from({ length: 12 * 19 }, (_, index) => mixed(index) >>> 24);
  const mirror = (samples: Samples, width: number) =>
    samples.map((_, at) => samples[at - (at % width) + width - 1 - (at % width)]!);
  for (const interpolation of ['bilinear', 'bicubic', 'lanczos'] as const) {
    for (const [height, width] of [
      [5, 8],
      [12, 40],
      [30, 19],
    ] as const) {
      const resize = (samples: Samples) =>
        resizePixels({ data: samples, height: 12, width: 19, channels: 1 }, height, width, interpolation);
      assert.deepEqual(resize(mirror(data, 19)), mirror(resize(data), width), `${interpolation} ${height}×${width}`);
    }
  }
});

test('channels are resized each for itself', () => {
  const data = Uint8Array.from({ length: 9 * 14 * 5 }, (_, index) => mixed(index) >>> 24);
  for (const interpolation of interpolations) {
    const all = resizePixels({ data, height: 9, width: 14, channels: 5 }, 4, 20, interpolation);
    for (let channel = 0; channel < 5; channel++) {
      const own = data.filter((_, at) => at % 5 === channel);
      const one = resizePixels({ data: own, height: 9, width: 14, channels: 1 }, 4, 20, interpolation);
      assert.deepEqual(
        all.filter((_, at) => at % 5 === channel),
        one,
        interpolation,
      );
    }
  }
});

test('a window is what was cut out or padded first', () => {
  const [height, width] = [10, 13];
  const data = Uint8Array.from({ length: height * width * 3 }, (_, index) => mixed(index) >>> 24);
  const windows = [
    { rows: { start: 2, length: 5 }, columns: { start: 3, length: 9 } },
    { rows: { start: 0, length: 10 }, columns: { start: -4, length: 21 } },
    { rows: { start: -7, length: 24 }, columns: { start: 0, length: 13 } },
    { rows: { start: -30, length: 70 }, columns: { start: 0, length: 13 } },
  ];
  for (const window of windows) {
    const { rows, columns } = window;
    const cut = new Uint8Array(rows.length * columns.length * 3);
    for (let at = 0; at < cut.length; at++) {
      const row = Math.floor(at / 3 / columns.length) + rows.start;
      const column = (Math.floor(at / 3) % columns.length) + columns.start;
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      cut[at] = isInside ? data[(row * width + column) * 3 + (at % 3)]! : 0;
    }
    for (const interpolation of interpolations) {
      for (const [toHeight, toWidth] of [
        [4, 6],
        [24, 21],
        [31, 3],
      ] as const) {
        assert.deepEqual(
          resizePixels({ data, height, width, channels: 3 }, toHeight, toWidth, interpolation, window),
          resizePixels(
            { data: cut, height: rows.length, width: columns.length, channels: 3 },
            toHeight,
            toWidth,
            interpolation,
          ),
          `${interpolation} ${JSON.stringify(window)} to ${toHeight}×${toWidth}`,
        );
      }
    }
  }
});

test('proportions: the largest part from the middle, or equal borders', () => {
  const span = (fit: 'crop' | 'pad' | 'stretch', from: [number, number], to: [number, number]) => {
    const [height, width] = from;
    const { rows, columns } = fitWindow({ height, width }, { height: to[0], width: to[1] }, fit);
    return [rows.start, rows.length, columns.start, columns.length];
  };
  assert.deepEqual(span('crop', [240, 320], [150, 150]), [0, 240, 40, 240]);
  assert.deepEqual(span('pad', [240, 320], [150, 150]), [-40, 320, 0, 320]);
  assert.deepEqual(span('stretch', [240, 320], [150, 150]), [0, 240, 0, 320]);
  assert.deepEqual(span('crop', [5, 8], [1, 1]), [0, 5, 1, 5]);
  assert.deepEqual(span('pad', [5, 8], [1, 1]), [-1, 7, 0, 8]);
  assert.deepEqual(span('crop', [1, 900], [1, 1]), [0, 1, 449, 1]);
  assert.deepEqual(span('crop', [900, 1], [1, 5]), [449, 1, 0, 1]);
});

test('padding is black, of one pixel in a million too, and costs no memory', () => {
  const line = rasterOf(new Uint8Array(3000 * 3).fill(90), 1, 3000, 3);
  const seen = prepared(line, { height: 3, width: 3, fit: 'pad' });
  assert.deepEqual(seen.slice(0, 9), new Array(9).fill(0));
  const square = rasterOf(new Uint8Array(2 * 4).fill(90), 2, 4, 1);
  assert.deepEqual(
    prepared(square, { height: 4, width: 4, fit: 'pad', colorMode: 'grayscale' }),
    [0, 0, 0, 0, 90, 90, 90, 90, 90, 90, 90, 90, 0, 0, 0, 0],
  );
  const clear = prepared(square, { height: 4, width: 4, fit: 'pad', colorMode: 'rgba' });
  assert.deepEqual(clear.slice(12, 20), [0, 0, 0, 0, 90, 90, 90, 255]);
});

test('grey, colour and alpha become each other', () => {
  const grey = rasterOf(Uint8Array.of(10, 200), 1, 2, 1);
  assert.deepEqual(prepared(grey, {}), [10, 10, 10, 200, 200, 200]);
  assert.deepEqual(prepared(grey, { colorMode: 'rgba' }), [10, 10, 10, 255, 200, 200, 200, 255]);
  const clearGrey = rasterOf(Uint8Array.of(10, 255, 0, 51), 1, 2, 2);
  assert.deepEqual(prepared(clearGrey, {}), [10, 10, 10, 204, 204, 204]);
  assert.deepEqual(prepared(clearGrey, { colorMode: 'grayscale' }), [10, 204]);
  assert.deepEqual(prepared(clearGrey, { colorMode: 'rgba' }), [10, 10, 10, 255, 0, 0, 0, 51]);
  const colour = rasterOf(Uint8Array.of(255, 0, 0, 7, 8, 9), 1, 2, 3);
  assert.deepEqual(prepared(colour, { colorMode: 'rgba' }), [255, 0, 0, 255, 7, 8, 9, 255]);
  assert.deepEqual(prepared(colour, { colorMode: 'grayscale' }), [76, 8]);
  const clear = rasterOf(Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 51), 1, 2, 4);
  assert.deepEqual(prepared(clear, {}), [255, 255, 255, 204, 204, 204]);
  assert.deepEqual(prepared(clear, { colorMode: 'grayscale' }), [255, 204]);
  assert.deepEqual(prepared(clear, { colorMode: 'rgba' }), Array.from(clear.data));
  const deep = rasterOf(Uint16Array.of(1000, 2000, 3000, 32_768), 1, 1, 4);
  assert.deepEqual(prepared(deep, { sampleType: 'uint16' }), [33_267, 33_767, 34_267]);
  const float = rasterOf(Float32Array.of(0.5, 0.25), 1, 1, 2);
  assert.deepEqual(prepared(float, { sampleType: 'float32', colorMode: 'grayscale' }), [0.875]);
});

test('what lies under transparent pixels does not bleed', () => {
  // Opaque black beside transparent red.
  const picture = rasterOf(Uint8Array.of(0, 0, 0, 255, 255, 0, 0, 0), 1, 2, 4);
  assert.deepEqual(prepared(picture, { width: 1, colorMode: 'rgba' }), [0, 0, 0, 128]);
  const float = rasterOf(Float32Array.of(0, 0, 0, 1, 1, 0, 0, 0), 1, 2, 4);
  assert.deepEqual(prepared(float, { width: 1, colorMode: 'rgba', sampleType: 'float32' }), [0, 0, 0, 0.5]);
});

test('depths: the upper 8 bits of 16, bytes spread over 16, floats as they are', () => {
  const deep = rasterOf(Uint16Array.of(0, 0x1234, 0x80ff, 0xffff), 2, 2, 1);
  assert.deepEqual(prepared(deep, { colorMode: 'grayscale' }), [0x00, 0x12, 0x80, 0xff]);
  assert.deepEqual(prepared(deep, { colorMode: 'grayscale', sampleType: 'uint16' }), Array.from(deep.data));
  const bytes = rasterOf(Uint8Array.of(0, 1, 128, 255), 2, 2, 1);
  assert.deepEqual(prepared(bytes, { colorMode: 'grayscale', sampleType: 'uint16' }), [0, 257, 32_896, 65_535]);
  assert.deepEqual(prepared(bytes, { colorMode: 'grayscale', sampleType: 'float32' }), [0, 1, 128, 255]);
  const float = rasterOf(Float32Array.of(-1, 0.5, 3, 1e6), 2, 2, 1);
  assert.deepEqual(prepared(float, { colorMode: 'grayscale', sampleType: 'float32' }), [-1, 0.5, 3, 1e6]);
  assert.throws(
    () => prepared(float, { colorMode: 'grayscale' }),
    (error) =>
      error instanceof DataError && /expected uint8 samples, received float32, whose range/.test(error.message),
  );
});

test('channels that are no colours stay as they are', () => {
  const stack: Raster = { ...rasterOf(Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8), 1, 2, 4), isMultichannel: true };
  const options = { colorMode: 'channels', channels: 4, sampleType: 'uint16' } as const;
  assert.deepEqual(prepared(stack, options), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(prepared(stack, { ...options, width: 1 }), [3, 4, 5, 6]);
  assert.throws(
    () => prepared(stack, { ...options, channels: 3 }),
    /expected 3 channel\(s\), received 4\. All pictures/,
  );
  assert.throws(
    () => prepared(stack, {}),
    /expected colours \(rgb\), received 4 channel\(s\) that are no colours\. .*channels 4/,
  );
});

test('a picture that needs nothing is not copied', () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
  for (const fit of resizeFits) {
    assert.equal(preparePicture(rasterOf(data, 2, 1, 3), createPreprocessing({ height: 2, width: 1, fit })), data);
  }
});
