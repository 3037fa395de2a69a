// Protects the way from a folder to datasets: broken pictures found before the split, pictures in memory or decoded
// again with the same bytes, the three kinds of validation, progress and stopping.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { AbortError, DataError } from '../../../src/core/errors.ts';
import type { Batch, Dataset } from '../../../src/data/dataset.ts';
import { openFolder, readFolder, folder as readPictures } from '../../../src/data/node/folder.ts';
import { openPictures } from '../../../src/data/node/open-pictures.ts';
import { scanFolder } from '../../../src/data/node/scan-folder.ts';
import { sameContent, verifyPictures } from '../../../src/data/node/verify-pictures.ts';
import { createPreprocessing } from '../../../src/data/pictures/preprocessing.ts';
import { noisyJpeg, plain, temporaryFolder, twoClasses, writeFiles } from './picture-folder.ts';

const preprocessing = createPreprocessing({ size: 4 });

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Two classes of `count` pictures, red ones and blue ones, in groups of three by their names. */
async function manyPictures(count: number): Promise<string> {
  const folder = temporaryFolder();
  const files: Record<string, Promise<Uint8Array>> = {};
  for (let index = 0; index < count; index++) {
    const name = `_${Math.floor(index / 3)}_${index}.png`;
    files[`cats/${name}`] = plain(100 + index, 0, 0)
      .png()
      .toBuffer();
    files[`dogs/${name}`] = plain(0, 0, 100 + index)
      .png()
      .toBuffer();
  }
  await writeFiles(folder, files);
  return folder;
}

test('broken pictures are named and counted, and the others remain', async () => {
  const folder = await twoClasses();
  const jpeg = await noisyJpeg();
  await writeFiles(folder, {
    'cats/cut.jpg': jpeg.subarray(0, 500),
    'cats/text.jpg': 'words',
    'dogs/zero.jpg': '',
    'dogs/good.jpg': jpeg,
  });
  const { listing } = await verifyPictures(await scanFolder(folder), preprocessing);
  assert.deepEqual(
    listing.files.map(({ path }) => path),
    ['cats/1.png', 'cats/2.png', 'dogs/1.png', 'dogs/2.png', 'dogs/good.jpg'],
  );
  assert.deepEqual(
    listing.skipped.map(({ path, reason }) => [path, reason]),
    [
      ['cats/cut.jpg', 'undecodable'],
      ['cats/text.jpg', 'undecodable'],
      ['dogs/zero.jpg', 'empty file'],
    ],
  );
  assert.match(listing.files[0]!.sha256, /^[0-9a-f]{64}$/);
  await assert.rejects(
    readPictures(folder, { size: 4, strict: true }),
    (error) =>
      error instanceof DataError &&
      /\(strict\), received 3 that do not: .*cats\/text\.jpg .*dogs\/zero\.jpg \(empty file\)/.test(error.message),
  );
  rmSync(join(folder, 'dogs', 'zero.jpg'));
  await assert.rejects(
    readPictures(folder, { size: 4, strict: true }),
    /\(strict\), received 2 that do not: cats\/cut\.jpg \(a file that does not decode \(.*premature end.*cats\/text\.jpg.*Repair or remove/,
  );
});

test('a class whose pictures are all broken counts as empty', async () => {
  const folder = await twoClasses();
  await writeFiles(folder, { 'birds/1.jpg': 'words' });
  const { warnings, classNames } = await readPictures(folder, { size: 4 });
  assert.deepEqual(warnings, ['class birds has no pictures; it still counts as a class.']);
  assert.equal(classNames.length, 3);
  await writeFiles(folder, { 'dogs/1.png': 'words', 'dogs/2.png': 'words' });
  await assert.rejects(
    readPictures(folder, { size: 4 }),
    /received pictures of cats only\. 3 files were left out: birds\/1\.jpg/,
  );
});

test('a picture over the limit is skipped with its size', async () => {
  const folder = await twoClasses();
  await writeFiles(folder, { 'cats/large.png': plain(1, 2, 3, 100, 90).png().toBuffer() });
  const { listing } = await readPictures(folder, { size: 4, pixelLimit: 5000 });
  assert.deepEqual(listing.skipped, [
    {
      path: 'cats/large.png',
      reason: 'over the pixel limit',
      detail: '100 × 90 pixels, which is over the limit of 5000',
    },
  ]);
});

test('the same content in different classes is warned of', async () => {
  const folder = await twoClasses();
  copyFileSync(join(folder, 'cats', '1.png'), join(folder, 'dogs', 'copy.png'));
  copyFileSync(join(folder, 'cats', '2.png'), join(folder, 'cats', 'copy.png'));
  const { listing, warnings } = await readPictures(folder, { size: 4 });
  assert.deepEqual(warnings, [
    '1 picture(s) lie in different classes with the same content: cats/1.png = dogs/copy.png.',
  ]);
  assert.deepEqual(sameContent(listing.files), [
    ['cats/1.png', 'dogs/copy.png'],
    ['cats/2.png', 'cats/copy.png'],
  ]);
});

test('of several pages the first is used, with a warning', async () => {
  const folder = await twoClasses();
  const pages = await sharp([await plain(1, 2, 3).png().toBuffer(), await plain(9, 9, 9).png().toBuffer()], {
    join: { animated: true },
  })
    .tiff({ compression: 'lzw' })
    .toBuffer();
  writeFileSync(join(folder, 'cats', 'stack.tif'), pages);
  const { training, warnings } = await readPictures(folder, { size: 4, shuffle: false });
  assert.deepEqual(warnings, ['1 file(s) have more than one page or frame; the first one is used: cats/stack.tif.']);
  const [batch] = await collect(training);
  const place = batch!.names!.indexOf('cats/stack.tif');
  assert.deepEqual(Array.from(batch!.inputs.data.subarray(place * 48, place * 48 + 3)), [1, 2, 3]);
});

test('a batch has the pictures, one-hot rows and names, in the order of the epoch', async () => {
  const { training } = await readPictures(await manyPictures(9), { size: 4, batchSize: 5, seed: 7 });
  assert.deepEqual(
    [training.size, training.batchCount, training.inputShape, training.targetShape, training.inputType],
    [18, 4, [4, 4, 3], [2], 'uint8'],
  );
  const batches = await collect(training.epoch(0));
  assert.deepEqual(
    batches.map(({ inputs }) => inputs.shape[0]),
    [5, 5, 5, 3],
  );
  for (const { inputs, targets, names } of batches) {
    assert.deepEqual([inputs.dtype, targets.dtype, inputs.shape.slice(1)], ['uint8', 'float32', [4, 4, 3]]);
    for (const [row, name] of names!.entries()) {
      const [, kind, number] = /^(cats|dogs)\/_\d+_(\d+)\.png$/.exec(name)!;
      const isCat = kind === 'cats';
      const value = 100 + Number(number);
      assert.deepEqual(Array.from(inputs.data.subarray(row * 48, row * 48 + 3)), isCat ? [value, 0, 0] : [0, 0, value]);
      assert.deepEqual(Array.from(targets.data.subarray(row * 2, row * 2 + 2)), isCat ? [1, 0] : [0, 1]);
    }
  }
  assert.equal(new Set(batches.flatMap(({ names }) => names!)).size, 18);
});

test('in memory, partly in memory and streamed give the same batches', async () => {
  const folder = await manyPictures(10);
  const read = async (cacheBytes: number) => {
    const { training } = await readPictures(folder, { size: 4, batchSize: 6, seed: 3, cacheBytes });
    return [await collect(training.epoch(0)), await collect(training.epoch(1))];
  };
  const inMemory = await read(1e6);
  assert.deepEqual(await read(48 * 7), inMemory);
  assert.deepEqual(await read(0), inMemory);
});

test('what is in memory is not read again, what is not is', async () => {
  const folder = await manyPictures(10);
  const listing = await scanFolder(folder);
  const kept = await verifyPictures(listing, preprocessing, { cacheBytes: 48 * 20 });
  const part = await verifyPictures(listing, preprocessing, { cacheBytes: 48 * 19 });
  assert.deepEqual([kept.cache.size, part.cache.size, part.cache.usedBytes], [20, 19, 48 * 19]);
  for (const { path } of listing.files) rmSync(join(folder, path));
  const open = ({ cache }: typeof kept): Dataset => openPictures(kept.listing, { preprocessing, cache });
  assert.equal((await collect(open(kept))).length, 1);
  await assert.rejects(collect(open(part)), /_\d_\d\.png: .*received a path where nothing is\. Put it back/);
  const dataset = open(kept);
  await dataset.close();
  await assert.rejects(collect(dataset), /received a path where nothing is\. Put it back/);
});

test('a listing opens without being verified first, and pictures stay in memory', async () => {
  const folder = await twoClasses();
  const dataset = openPictures(await scanFolder(folder), { preprocessing, batchSize: 3, labelMode: 'binary' });
  const [first] = await collect(dataset.epoch(0));
  assert.deepEqual(first!.targets.shape, [3, 1]);
  rmSync(folder, { recursive: true });
  assert.deepEqual((await collect(dataset.epoch(0)))[0], first);
});

test('validation by fraction, by group, and by record', async () => {
  const folder = await manyPictures(12);
  const byFraction = await readPictures(folder, { size: 4, validationSplit: 0.25, seed: 1 });
  assert.deepEqual([byFraction.training.size, byFraction.validation?.size], [18, 6]);
  assert.deepEqual([byFraction.record.method, byFraction.record.files.length], ['fraction', 24]);
  const byGroup = await readPictures(folder, { size: 4, validationSplit: 0.25, groupBy: '^_(\\d+)_', seed: 1 });
  assert.deepEqual([byGroup.training.size, byGroup.validation?.size, byGroup.record.pattern], [18, 6, '^_(\\d+)_']);
  const names = (await collect(byGroup.validation!)).flatMap((batch) => batch.names!);
  assert.deepEqual(
    names,
    byGroup.split.validation.map(({ path }) => path),
  );
  assert.equal(new Set(names.map((name) => byGroup.split.groups!.get(name))).size, 2);
  const again = await readPictures(folder, { size: 4, record: JSON.parse(JSON.stringify(byGroup.record)) });
  assert.deepEqual(again.split, byGroup.split);
  const half = await readPictures(folder, { size: 4, fraction: 0.5, validationSplit: 0.5, seed: 1 });
  assert.deepEqual([half.training.size, half.validation?.size, half.listing.files.length], [6, 6, 12]);
  const none = await readPictures(folder, { size: 4 });
  assert.deepEqual([none.validation, none.record.method, none.training.size], [undefined, 'none', 24]);
});

test('validation by folds of pictures that are read once, and by groups that are known', async () => {
  const folder = await manyPictures(12);
  const byPath = new Map((await scanFolder(folder)).files.map(({ path }, place) => [path, `group ${place % 8}`]));
  const groups = { byPath, source: 'audit.json' };
  const read = await readFolder(folder, { size: 4 });
  const folds = [1, 2, 3].map((number) => openFolder(read, { fold: { number, of: 3 }, groups, seed: 1 }));
  assert.deepEqual(
    folds.flatMap(({ split }) => split.validation.map(({ path }) => path)).sort(),
    [...byPath.keys()].sort(),
  );
  const [first] = folds;
  const { method, fold, groupSource, seed } = first!.record;
  assert.deepEqual([method, fold, groupSource, seed], ['group', { number: 1, of: 3 }, 'audit.json', 1]);
  rmSync(folder, { recursive: true });
  const batches = await collect(folds[2]!.training.epoch(0));
  assert.equal(batches.flatMap(({ names }) => names!).length, folds[2]!.split.training.length);
  const half = openFolder(read, { validationSplit: 0.5, groups });
  assert.deepEqual([half.training.size, half.validation!.size, half.record.groupSource], [12, 12, 'audit.json']);
});

test('validation by a separate folder with the same classes', async () => {
  const [folder, other] = [await manyPictures(5), await manyPictures(2)];
  const { training, validation, record, validationListing } = await readPictures(folder, {
    size: 4,
    validationFolder: other,
  });
  assert.deepEqual(
    [training.size, validation?.size, validationListing?.folder, record.method],
    [10, 4, other, 'folder'],
  );
  assert.deepEqual(
    record.files.filter(({ subset }) => subset === 'validation').map(({ path }) => path),
    ['cats/_0_0.png', 'cats/_0_1.png', 'dogs/_0_0.png', 'dogs/_0_1.png'],
  );
  mkdirSync(join(other, 'mice'));
  rmSync(join(other, 'dogs'), { recursive: true });
  await assert.rejects(
    readPictures(folder, { size: 4, validationFolder: other }),
    /received a folder without dogs and with mice, which the training folder has not\. Rename/,
  );
});

test('options that exclude each other, or are unknown', async () => {
  const folder = await twoClasses();
  await assert.rejects(readPictures(folder, { size: 4, groupBy: '(.)' }), /groupBy needs a validationSplit/);
  await assert.rejects(
    readPictures(folder, { size: 4, validationSplit: 0.5, validationFolder: folder }),
    /validationSplit or validationFolder, received both/,
  );
  const fold = { number: 1, of: 2 };
  await assert.rejects(
    readPictures(folder, { size: 4, fold, validationSplit: 0.5 }),
    /expected fold, validationSplit or validationFolder, received fold beside another/,
  );
  await assert.rejects(
    readPictures(folder, { size: 4, fold, groupBy: '(.)', groups: { byPath: new Map(), source: 'audit.json' } }),
    /expected groupBy or groups, received both/,
  );
  await assert.rejects(
    readPictures(folder, { size: 4, valSplit: 0.5 } as { size: number }),
    /unknown option "valSplit"/,
  );
  await assert.rejects(readPictures(folder, { size: 4, labelMode: 'onehot' as 'int' }), /unknown labelMode "onehot"/);
  await assert.rejects(readPictures(folder, {}), /height must be a whole number/);
  await assert.rejects(
    readPictures(folder, { size: 4, validationSplit: 0.5, groupBy: '(' }),
    /expected a regular expression, received "\("/,
  );
});

test('progress is told, and a signal stops the work', async () => {
  const folder = await manyPictures(20);
  const seen: string[] = [];
  await readPictures(folder, { size: 4, onProgress: (done, total) => seen.push(`${done}/${total}`) });
  assert.deepEqual([seen.length, seen[0], seen.at(-1)], [40, '1/40', '40/40']);
  const controller = new AbortController();
  const onProgress = (done: number) => done === 3 && controller.abort();
  await assert.rejects(
    readPictures(folder, { size: 4, onProgress, signal: controller.signal }),
    (error) => error instanceof AbortError && /^verifyPictures: stopped after \d+ of 40 pictures/.test(error.message),
  );
});

test('the same content on both sides of a split is warned of', async () => {
  const root = temporaryFolder();
  const same = plain(100, 0, 0).png().toBuffer();
  await writeFiles(root, {
    'cats/1.png': same,
    'cats/2.png': same,
    'dogs/1.png': plain(0, 0, 100).png().toBuffer(),
    'dogs/2.png': plain(0, 0, 110).png().toBuffer(),
  });
  const options = { size: 4, batchSize: 2 };
  const bySplit = await readPictures(root, { ...options, validationSplit: 0.5 });
  const [held] = bySplit.split.validation.map(({ path }) => path);
  assert.deepEqual(bySplit.warnings, [
    '1 picture of the validation set is also in the training set, byte for byte: the accuracy is too good. ' +
      `Split by group, or delete the copies: ${held}.`,
  ]);
  const byFolder = await readPictures(root, { ...options, validationFolder: root });
  assert.ok(
    byFolder.warnings.includes(
      '4 pictures of the validation set are also in the training set, byte for byte: the accuracy is too good. ' +
        'Delete the copies: cats/1.png, cats/2.png, dogs/1.png, dogs/2.png.',
    ),
  );
  assert.deepEqual((await readPictures(root, options)).warnings, []);
});
