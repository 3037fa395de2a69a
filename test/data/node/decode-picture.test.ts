// Protects what the network sees of a picture, whatever its format, colours, depth, orientation and size; and the words
// for pictures that cannot be used.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { decodePicture } from '../../../src/data/node/decode-picture.ts';
import { decodePictures, listPictures } from '../../../src/data/node/decode-pictures.ts';
import { PictureError } from '../../../src/data/node/picture-error.ts';
import { createPreprocessing } from '../../../src/data/pictures/preprocessing.ts';
import type { Samples } from '../../../src/data/pictures/raster.ts';
import { noisyJpeg, picture, plain, temporaryFolder, writeFiles } from './picture-folder.ts';

const small = createPreprocessing({ height: 6, width: 8 });
const near = (actual: Samples, expected: readonly number[], tolerance: number, what: string) => {
  for (let index = 0; index < actual.length; index++) {
    const value = expected[index % expected.length]!;
    assert.ok(Math.abs(actual[index]! - value) <= tolerance, `${what}: ${actual.subarray(0, 6)}, expected ${expected}`);
  }
};

for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
  test(`${format} decodes to RGB and to grey`, async () => {
    const bytes = await plain(200, 100, 50).toFormat(format).toBuffer();
    const colour = await decodePicture(bytes, small);
    assert.equal(colour.length, 6 * 8 * 3);
    near(colour, [200, 100, 50], 4, format);
    const grey = await decodePicture(bytes, createPreprocessing({ height: 6, width: 8, colorMode: 'grayscale' }));
    assert.equal(grey.length, 6 * 8);
    near(grey, [124], 4, format);
  });
}

test('grey pictures give three equal channels', async () => {
  const bytes = await picture([0, 100, 200, 255], 2, 2, 1).toColourspace('b-w').png().toBuffer();
  assert.equal((await sharp(bytes).metadata()).channels, 1);
  const pixels = await decodePicture(bytes, createPreprocessing({ size: 2 }));
  assert.deepEqual(Array.from(pixels), [0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255]);
});

test('transparent parts show white, half transparent ones half of it', async () => {
  const bytes = await picture([200, 0, 0, 255, 200, 0, 0, 0, 0, 0, 0, 51, 7, 8, 9, 255], 2, 2, 4).png().toBuffer();
  const pixels = await decodePicture(bytes, createPreprocessing({ size: 2 }));
  near(pixels, [200, 0, 0, 255, 255, 255, 204, 204, 204, 7, 8, 9], 1, 'alpha');
});

test('16 bits become the upper 8', async () => {
  const values = Uint16Array.of(0, 0x1234, 0x80ff, 0xffff);
  const bytes = await sharp(values, { raw: { width: 2, height: 2, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();
  assert.equal((await sharp(bytes).metadata()).depth, 'ushort');
  const pixels = await decodePicture(bytes, createPreprocessing({ size: 2, colorMode: 'grayscale' }));
  assert.deepEqual(Array.from(pixels), [0x00, 0x12, 0x80, 0xff]);
});

test('CMYK becomes sRGB', async () => {
  const bytes = await plain(150, 120, 110).toColourspace('cmyk').jpeg().toBuffer();
  assert.equal((await sharp(bytes).metadata()).space, 'cmyk');
  near(await decodePicture(bytes, small), [150, 120, 110], 6, 'cmyk');
});

test('EXIF orientation is honoured, all eight as sharp turns them', async () => {
  // Red grows to the right, green downwards, so that every turn looks different.
  const pixels = Array.from({ length: 20 * 28 }, (_, at) => [(at % 20) * 12, Math.floor(at / 20) * 9, 40]).flat();
  const upright = createPreprocessing({ height: 9, width: 4 });
  const stored = await picture(pixels, 20, 28, 3).png().toBuffer();
  for (let orientation = 1; orientation <= 8; orientation++) {
    const bytes = await sharp(stored).withMetadata({ orientation }).png().toBuffer();
    assert.equal((await sharp(bytes).metadata()).orientation, orientation);
    const turned = await sharp(bytes, { autoOrient: true }).png().toBuffer();
    const expected = await decodePicture(turned, upright);
    assert.deepEqual(await decodePicture(bytes, upright), expected, `orientation ${orientation}`);
  }
});

test('shrinking averages with a triangle as wide as the shrink, growing is bilinear', async () => {
  const stripes = Array.from({ length: 64 * 4 }, (_, index) => (index % 2) * 255);
  const bytes = await picture(stripes, 64, 4, 1).png().toBuffer();
  const shrunk = await decodePicture(bytes, createPreprocessing({ height: 4, width: 16, colorMode: 'grayscale' }));
  near(shrunk.subarray(1, 15), [127], 2, 'stripes');
  const step = await picture([0, 100, 0, 100], 2, 2, 1).png().toBuffer();
  const grown = await decodePicture(step, createPreprocessing({ height: 2, width: 4, colorMode: 'grayscale' }));
  assert.deepEqual(Array.from(grown.subarray(0, 4)), [0, 25, 75, 100]);
});

test('one pixel fills the picture', async () => {
  near(await decodePicture(await plain(1, 2, 3, 1, 1).png().toBuffer(), small), [1, 2, 3], 0, '1×1');
});

test('12,000 × 9,000 pixels are decoded alone, also where EXIF turns them', async () => {
  const bytes = await plain(10, 200, 90, 12_000, 9_000).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  near(await decodePicture(bytes, small), [10, 200, 90], 3, 'large');
  await assert.rejects(
    decodePicture(bytes, small, { pixelLimit: 1e8 }),
    /received 12000 × 9000 pixels, which is over the limit of 100000000\. Make it smaller, or raise the limit \(--pixel-limit, pixelLimit\)/,
  );
});

test('the same bytes give the same pixels, from memory and from a file', async () => {
  const bytes = await noisyJpeg(320, 240);
  const path = join(temporaryFolder(), 'a.jpg');
  writeFileSync(path, bytes);
  const size = createPreprocessing({ size: 150 });
  assert.deepEqual(await decodePicture(path, size), await decodePicture(bytes, size));
});

test('pictures that cannot be used are named with the reason', async () => {
  const jpeg = await noisyJpeg();
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'cut.jpg': jpeg.subarray(0, jpeg.length * 0.7),
    'text.jpg': 'these are words',
    'empty.jpg': '',
    'drawing.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  });
  const expected: [string, string, RegExp][] = [
    ['cut.jpg', 'undecodable', /cut\.jpg: expected a picture .*received a file that does not decode \(.*premature end/],
    ['text.jpg', 'undecodable', /text\.jpg: .*does not decode \(.*unsupported image format\)\. Replace or remove/],
    ['empty.jpg', 'empty file', /empty\.jpg: .*received an empty file\. /],
    ['drawing.png', 'undecodable', /a file that does not decode \(its content is svg\)/],
    ['none.jpg', 'unreadable', /none\.jpg: .*received a path where nothing is\. Check the path/],
  ];
  for (const [name, reason, message] of expected) {
    await assert.rejects(decodePicture(join(folder, name), small), (error) => {
      assert.ok(error instanceof PictureError);
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    });
  }
});

test('pictures to predict on come in order, broken ones with their error', async () => {
  const folder = temporaryFolder();
  const names = Array.from({ length: 30 }, (_, index) => `${String(index).padStart(2, '0')}.png`);
  await writeFiles(
    folder,
    Object.fromEntries(
      names.map((name, index) => [
        `inner/${name}`,
        plain(index * 5, 0, 0)
          .png()
          .toBuffer(),
      ]),
    ),
  );
  await writeFiles(folder, {
    'inner/07.png': 'words',
    'notes.txt': 'words',
    'b.png': plain(255, 0, 0).png().toBuffer(),
  });
  const { files, skipped } = await listPictures([join(folder, 'inner', '29.png'), folder]);
  assert.deepEqual(
    files.map((file) => file.slice(folder.length + 1)),
    ['inner/29.png', 'b.png', ...names.map((name) => `inner/${name}`)],
  );
  assert.deepEqual(skipped, [{ path: join(folder, 'notes.txt'), reason: 'unknown extension', detail: '.txt' }]);
  const reds: (number | string)[] = [];
  for await (const { pixels, error } of decodePictures(files, small)) reds.push(error ? error.reason : pixels[0]!);
  assert.deepEqual(reds, [145, 255, ...names.map((_, index) => (index === 7 ? 'undecodable' : index * 5))]);
  const missing = join(folder, 'nothing');
  assert.deepEqual(await listPictures([missing]), { files: [missing], skipped: [] });
});
