// Protects the record of how pictures are prepared, which a model folder stores and prediction depends on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../../src/core/errors.ts';
import { lumaOf } from '../../../src/data/pictures/convert-samples.ts';
import { orientPixels } from '../../../src/data/pictures/orientation.ts';
import {
  createPreprocessing,
  type PreprocessingOptions,
  parsePreprocessing,
  pictureShape,
} from '../../../src/data/pictures/preprocessing.ts';

test('a size, or height and width', () => {
  assert.deepEqual(pictureShape(createPreprocessing({ size: 150 })), [150, 150, 3]);
  assert.deepEqual(pictureShape(createPreprocessing({ height: 2, width: 3, colorMode: 'grayscale' })), [2, 3, 1]);
  assert.throws(() => createPreprocessing({}), /height must be a whole number of at least 1.*received undefined/);
  assert.throws(() => createPreprocessing({ size: 0 }), /received 0/);
  assert.throws(() => createPreprocessing({ size: 2, colorMode: 'gray' as 'rgb' }), /unknown colorMode "gray"/);
});

test('channels follow from colours, and are asked for where there are none', () => {
  const channelsIn = (options: PreprocessingOptions) => createPreprocessing({ size: 2, ...options }).channels;
  assert.deepEqual(
    [channelsIn({}), channelsIn({ colorMode: 'grayscale' }), channelsIn({ colorMode: 'rgba' })],
    [3, 1, 4],
  );
  assert.equal(channelsIn({ colorMode: 'channels', channels: 7 }), 7);
  assert.throws(() => channelsIn({ colorMode: 'channels' }), /channels must be a whole number of at least 1/);
  assert.throws(
    () => channelsIn({ channels: 4 }),
    /expected 3 channels for colorMode "rgb", received 4\. Leave channels out, or use colorMode "channels"/,
  );
});

test('unknown ways to resize, and scaling that does not fit the samples, are refused', () => {
  const make = (options: PreprocessingOptions) => () => createPreprocessing({ size: 2, ...options });
  assert.throws(make({ fit: 'contain' as 'pad' }), /unknown fit "contain"/);
  assert.throws(make({ interpolation: 'linear' as 'area' }), /unknown interpolation "linear"/);
  assert.throws(make({ sampleType: 'int8' as 'uint8' }), /unknown sampleType "int8"/);
  const scaling = { low: [0, 0, 0], high: [1, 2, 3] };
  assert.deepEqual(make({ sampleType: 'uint16', scaling })().scaling, scaling);
  assert.throws(make({ scaling }), /scaling only for samples deeper than 8 bits, received it for sampleType "uint8"/);
  const wrong = [
    { low: [0], high: [1] },
    { low: [0, 0, 3], high: [1, 2, 3] },
    { low: [0, 0, Number.NaN], high: [1, 2, 3] },
    {},
  ];
  for (const value of wrong) {
    const options = { sampleType: 'float32' as const, scaling: value as typeof scaling };
    assert.throws(make(options), /a low and a higher high number for each of 3 channel\(s\), received \{/);
  }
});

test('the record survives JSON, and a foreign one is refused', () => {
  const record = createPreprocessing({ size: 32, colorMode: 'grayscale', fit: 'pad', interpolation: 'lanczos' });
  assert.deepEqual(parsePreprocessing('model.json', JSON.parse(JSON.stringify(record))), record);
  const scaling = { low: [0, 1], high: [9, 8] };
  const deep = createPreprocessing({ size: 3, colorMode: 'channels', channels: 2, sampleType: 'uint16', scaling });
  assert.deepEqual(parsePreprocessing('model.json', JSON.parse(JSON.stringify(deep))), deep);
  const foreign = [
    null,
    3,
    {},
    { ...record, height: -1 },
    { ...record, crop: true },
    { ...record, channels: 3 },
    { ...record, channels: undefined },
    { ...record, sampleType: undefined },
    { ...record, resize: { fit: 'contain', interpolation: 'bilinear' } },
    { ...record, resize: { ...record.resize, reducingGap: 2 } },
    { ...record, resize: undefined },
    { ...record, background: 'black' },
    { ...record, scaling: { low: [0], high: [1] } },
  ];
  for (const value of foreign) {
    assert.throws(
      () => parsePreprocessing('model.json', value),
      (error) => error instanceof FormatError && /^model\.json: expected how pictures are prepared/.test(error.message),
    );
  }
});

test('a record of another way of resizing is refused: its model saw other numbers', () => {
  const { channels: _, sampleType: __, ...record } = createPreprocessing({ size: 32 });
  assert.throws(
    () => parsePreprocessing('model.json', { ...record, resize: { fit: 'stretch', kernel: 'linear' } }),
    (error) =>
      error instanceof FormatError &&
      /^model\.json: expected pictures that are resized by "interpolation", received "kernel" .*Train the model again\.$/.test(
        error.message,
      ),
  );
});

test('grey is the BT.601 luma, and grey pixels keep their value', () => {
  assert.deepEqual(lumaOf(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255)), Uint8Array.of(76, 150, 29));
  const greys = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3));
  assert.deepEqual(
    Array.from(lumaOf(greys)),
    Array.from({ length: 256 }, (_, value) => value),
  );
});

test('orientations as EXIF draws them', () => {
  // 1 2 3
  // 4 5 6
  const stored = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const upright: Record<number, number[]> = {
    1: [1, 2, 3, 4, 5, 6],
    2: [3, 2, 1, 6, 5, 4],
    3: [6, 5, 4, 3, 2, 1],
    4: [4, 5, 6, 1, 2, 3],
    5: [1, 4, 2, 5, 3, 6],
    6: [4, 1, 5, 2, 6, 3],
    7: [6, 3, 5, 2, 4, 1],
    8: [3, 6, 2, 5, 1, 4],
    9: [1, 2, 3, 4, 5, 6],
  };
  for (const [orientation, expected] of Object.entries(upright)) {
    assert.deepEqual(Array.from(orientPixels(stored, 2, 3, 1, Number(orientation))), expected, orientation);
  }
});
