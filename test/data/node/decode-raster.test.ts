// Protects what files give before they are prepared: every kind of TIFF and BMP sample by sample, depths, profiles, turned
// and lying files, and what headers say without decoding.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { decodeRaster } from '../../../src/data/node/decode/decode-raster.ts';
import { readPictureMetadata } from '../../../src/data/node/decode/picture-metadata.ts';
import { PictureError } from '../../../src/data/node/picture-error.ts';
import { picture, plain } from './picture-folder.ts';
import { writeBmp } from './write-bmp.ts';
import { type TiffPicture, writeTiff } from './write-tiff.ts';

const height = 19;
const width = 21;

const sampleArrays = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array, float64: Float64Array } as const;

function samplesOf(kind: keyof typeof sampleArrays, channels: number): TiffPicture['data'] {
  const data = new sampleArrays[kind](height * width * channels);
  const scale = kind === 'uint8' ? 7 : kind === 'uint16' ? 41 : 0.25;
  for (let at = 0; at < data.length; at++) data[at] = kind === 'uint8' ? (at * scale) % 256 : at * scale;
  return data;
}

type Layout = Omit<TiffPicture, 'data' | 'height' | 'width' | 'channels'>;

async function assertSame(kind: keyof typeof sampleArrays, channels: number, layout: Layout): Promise<void> {
  const what = `${kind} of ${channels} channels, ${JSON.stringify(layout)}`;
  const data = samplesOf(kind, channels);
  const bytes = writeTiff({ data, height, width, channels, ...layout });
  const { raster, format, pageCount } = await decodeRaster(what, bytes);
  assert.deepEqual([format, pageCount, raster.height, raster.width], ['tiff', 1, height, width], what);
  assert.equal(raster.channels, channels, what);
  assert.equal(raster.isMultichannel, channels > (layout.photometric === 2 ? 3 : 1), what);
  assert.ok(raster.data.length === data.length && raster.data.every((value, at) => value === data[at]), what);
  const said = await readPictureMetadata(what, bytes);
  const bits = { uint8: 8, uint16: 16, float32: 32, float64: 64 }[kind];
  assert.deepEqual([said.width, said.height, said.channels, said.bits], [width, height, channels, bits], what);
  assert.equal(said.isFloat, kind.startsWith('float'), what);
}

for (const kind of ['uint8', 'uint16', 'float32'] as const) {
  test(`TIFF of ${kind} samples: 1 to 7 channels, in strips and planes, each compression`, async () => {
    for (const channels of [1, 2, 3, 4, 5, 7]) {
      await assertSame(kind, channels, { rowsPerStrip: 6 });
      await assertSame(kind, channels, { compression: 'deflate', rowsPerStrip: 4 });
      await assertSame(kind, channels, { isBigEndian: true });
      await assertSame(kind, channels, { isPlanar: true, rowsPerStrip: 8 });
      await assertSame(kind, channels, { isPlanar: true, compression: 'packbits', isBigEndian: true });
    }
    for (const channels of [1, 3, 4, 5]) {
      await assertSame(kind, channels, { tile: 16, compression: 'deflate' });
      await assertSame(kind, channels, { compression: 'packbits', rowsPerStrip: 5 });
    }
    await assertSame(kind, 3, { tile: 16, isPlanar: true });
    await assertSame(kind, 3, { photometric: 2 });
    await assertSame(kind, 3, { photometric: 2, isPlanar: true });
    await assertSame(kind, 4, { photometric: 2, extraSamples: [0] });
    if (kind === 'float32') await assertSame('float64', 3, {});
  });
}

test('libvips writes LZW, deflate and PackBits with predictors, and the same pixels come back', async () => {
  const values = Array.from({ length: 16 * 16 * 3 }, (_, at) => (at * 11) % 256);
  for (const compression of ['lzw', 'deflate', 'packbits', 'none'] as const) {
    for (const predictor of ['none', 'horizontal'] as const) {
      const bytes = await picture(values, 16, 16, 3).tiff({ compression, predictor, tile: false }).toBuffer();
      const { raster } = await decodeRaster(compression, bytes);
      assert.deepEqual(Array.from(raster.data), values, compression);
    }
  }
});

test('16 bits are kept', async () => {
  const values = Uint16Array.from({ length: 6 * 4 * 3 }, (_, at) => at * 901);
  const raw = (channels: 1 | 3) => ({ raw: { width: channels === 3 ? 6 : 18, height: 4, channels } });
  for (const [channels, space] of [
    [3, 'rgb16'],
    [1, 'grey16'],
  ] as const) {
    for (const format of ['png', 'tiff'] as const) {
      const sixteen = sharp(values, raw(channels)).toColourspace(space);
      const bytes = await (format === 'png' ? sixteen.png() : sixteen.tiff({ compression: 'lzw' })).toBuffer();
      const { raster } = await decodeRaster(format, bytes);
      assert.deepEqual(raster.data, values, format);
      assert.equal(raster.channels, channels);
      assert.equal((await readPictureMetadata(format, bytes)).bits, 16);
    }
  }
});

test('profiles are applied, to 8 and to 16 bits', async () => {
  const colour = [250, 20, 20];
  const eight = await plain(250, 20, 20).withIccProfile('p3').png().toBuffer();
  const stored = await sharp(eight, { ignoreIcc: true }).raw().toBuffer();
  assert.ok(Math.abs(stored[0]! - 250) > 5, `${stored[0]}`);
  const near = (actual: ArrayLike<number>, unit: number) => {
    for (const [at, value] of colour.entries()) assert.ok(Math.abs(actual[at]! / unit - value) < 2, `${actual[at]}`);
  };
  near((await decodeRaster('p3', eight)).raster.data, 1);
  const samples = Uint16Array.from({ length: 48 }, (_, at) => colour[at % 3]! * 257);
  const deep16 = sharp(samples, { raw: { width: 4, height: 4, channels: 3 } }).toColourspace('rgb16');
  const sixteen = await deep16.withIccProfile('p3').png().toBuffer();
  near((await decodeRaster('p3', sixteen)).raster.data, 257);
});

test('alpha, grey, palettes and CMYK come as colours', async () => {
  const rgba = [200, 0, 0, 255, 1, 2, 3, 0];
  const { raster } = await decodeRaster('rgba', await picture(rgba, 2, 1, 4).png().toBuffer());
  assert.deepEqual([raster.channels, ...raster.data], [4, ...rgba]);
  const grey = await decodeRaster('grey', await picture([5, 250], 2, 1, 1).toColourspace('b-w').png().toBuffer());
  assert.deepEqual([grey.raster.channels, ...grey.raster.data], [1, 5, 250]);
  const indexed = await picture([9, 8, 7, 250, 0, 1], 2, 1, 3).png({ palette: true }).toBuffer();
  assert.equal((await decodeRaster('palette', indexed)).raster.channels, 3);
});

test('the first of several pages is used, and it is said', async () => {
  const page = (value: number) => ({ data: new Uint16Array(12).fill(value), height: 3, width: 4, channels: 1 });
  const { raster, pageCount, notes } = await decodeRaster('stack', writeTiff(page(300), page(7), page(8)));
  assert.deepEqual([raster.data[0], pageCount], [300, 3]);
  assert.deepEqual(notes, ['3 pages or frames, of which the first one is used']);
});

test('EXIF turns whole pictures, and says when and by which camera they were taken', async () => {
  const exif = { IFD0: { Make: 'Zeiss', Model: 'Axio' }, IFD2: { DateTimeOriginal: '2024:05:17 09:30:00' } };
  const bytes = await plain(9, 9, 9, 8, 6).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const { raster } = await decodeRaster('turned', bytes);
  assert.deepEqual([raster.height, raster.width], [8, 6]);
  const { orientation, takenAt, camera, format } = await readPictureMetadata('turned', bytes);
  assert.deepEqual([format, orientation], ['jpeg', 6]);
  assert.deepEqual([camera, takenAt], ['Zeiss Axio', '2024:05:17 09:30:00']);
});

test('BMP of 1, 8, 24 and 32 bits, from the bottom and from the top', async () => {
  const colours = [
    [255, 0, 0],
    [0, 128, 9],
    [7, 8, 250],
    [1, 2, 3],
  ];
  for (const isTopDown of [false, true]) {
    for (const bits of [1, 8, 24, 32] as const) {
      const places = bits === 1 ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 3, 1, 0];
      const bytes = writeBmp({ places, colours, width: 3, height: 2, bits, isTopDown });
      const { raster, format } = await decodeRaster('a.bmp', bytes);
      assert.deepEqual([format, raster.height, raster.width, raster.channels], ['bmp', 2, 3, 3]);
      assert.deepEqual(
        Array.from(raster.data),
        places.flatMap((place) => colours[place]!),
        `${bits} ${isTopDown}`,
      );
      const said = await readPictureMetadata('a.bmp', bytes);
      assert.deepEqual([said.width, said.height, said.channels], [3, 2, 3]);
    }
  }
  const masked = writeBmp({
    places: [0, 1],
    colours: [
      [9, 8, 7, 128],
      [1, 2, 3, 0],
    ],
    width: 2,
    height: 1,
    bits: 32,
  });
  const { raster } = await decodeRaster('alpha.bmp', masked);
  assert.deepEqual([raster.channels, ...raster.data], [4, 9, 8, 7, 128, 1, 2, 3, 0]);
});

const deep: Omit<TiffPicture, 'lies'> = { data: samplesOf('uint16', 4), height, width, channels: 4 };

/** The same file, whose width is a fraction. */
function withFractionalWidth(): Buffer {
  const bytes = writeTiff(deep);
  bytes[bytes.lastIndexOf(Buffer.from([0, 1, 4, 0, 1, 0, 0, 0])) + 2] = 11;
  return bytes;
}

for (const [what, bytes, message] of [
  ['a width that is no whole number', withFractionalWidth(), /tag 256 without whole numbers/],
  [
    'a size that the file cannot hold',
    writeTiff({ ...deep, lies: { 256: 9_000, 257: 9_000 } }),
    /whose header says 9000 × 9000/,
  ],
  ['strips behind the end', writeTiff({ ...deep, lies: { 273: 1e8 } }), /does not decode/],
  ['no width', writeTiff({ ...deep, lies: { 256: 0 } }), /without width, height or channels/],
  ['12 bits in four channels', writeTiff({ ...deep, lies: { 258: 12 } }), /channels are 12-bit whole numbers/],
  ['signed samples', writeTiff({ ...deep, lies: { 339: 2 } }), /channels are 16-bit signed numbers/],
  ['a directory behind the end', Buffer.from('II*\0\xff\xff\0\0', 'latin1'), /points behind its end, at a directory/],
  [
    'seven channels in tiles',
    writeTiff({ ...deep, data: samplesOf('uint8', 7), channels: 7, tile: 16 }),
    /in tiles with comp/,
  ],
  [
    'a BMP of 16 bits',
    writeBmp({ places: [0], colours: [[1, 2, 3]], width: 1, height: 1, bits: 16 }),
    /BMP of 16 bits/,
  ],
  [
    'a BMP that lies',
    writeBmp({ places: [0], colours: [[1, 2, 3]], width: 1, height: 1, bits: 24, says: 5_000 }),
    /says 5000/,
  ],
  ['a short BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(40)]), /header is shorter than 40 bytes/],
  ['words', Buffer.from('these are words'), /unsupported image format/],
] as const) {
  test(`${what}: one message`, async () => {
    await assert.rejects(decodeRaster('x', bytes), (error) => {
      assert.ok(error instanceof PictureError, String(error));
      assert.match(error.message, message);
      assert.match(error.message, /^x: expected a picture \(JPEG, .* BMP\), received .*Replace or remove the file\.$/);
      return true;
    });
  });
}

test('stacks of channels are turned upright as colours are', async () => {
  const shape = { height: 2, width: 3 };
  const grey = [1, 2, 3, 4, 5, 6];
  for (const [kind, channels, isPlanar] of [
    ['uint16', 4, false],
    ['uint8', 7, false],
    ['float32', 3, true],
  ] as const) {
    const data = sampleArrays[kind].from(grey.flatMap((value) => Array(channels).fill(value)));
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      // What libvips makes of a grey picture.
      const plane = { ...shape, data: Uint8Array.from(grey), channels: 1, orientation };
      const { raster: turned } = await decodeRaster('grey', writeTiff(plane));
      const { raster } = await decodeRaster('stack', writeTiff({ ...plane, data, channels, isPlanar }));
      assert.deepEqual([raster.height, raster.width], [turned.height, turned.width], `${kind} ${orientation}`);
      const firsts = Array.from(raster.data).filter((_, at) => at % channels === channels - 1);
      assert.deepEqual(firsts, Array.from(turned.data), `${kind} ${orientation}`);
    }
  }
});

test('the pixel limit holds before anything is decoded', async () => {
  for (const bytes of [
    writeTiff({ ...deep, lies: { 256: 60_000, 257: 60_000 }, compression: 'deflate' }),
    writeBmp({ places: [0], colours: [[1, 2, 3]], width: 1, height: 1, bits: 24, says: 60_000 }),
    await plain(1, 2, 3, 100, 90).png().toBuffer(),
  ]) {
    await assert.rejects(decodeRaster('x', bytes, { pixelLimit: 5_000 }), /over the limit|whose header says 60000/);
  }
});
