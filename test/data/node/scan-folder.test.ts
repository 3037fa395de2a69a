// Protects the listing of a folder: which classes, which files, in which order, and the account of what is left out.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { DataError } from '../../../src/core/errors.ts';
import { scanFolder } from '../../../src/data/node/scan-folder.ts';
import { countByClass, countByReason } from '../../../src/data/picture-file.ts';
import { temporaryFolder, twoClasses, writeFiles } from './picture-folder.ts';

const rejects = (folder: string, message: RegExp, options = {}) =>
  assert.rejects(scanFolder(folder, options), (error) => {
    assert.ok(error instanceof DataError, String(error));
    assert.match(error.message, message);
    return true;
  });

test('classes and files are sorted by code points, folders inside a class belong to it', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'b/10.jpg': 'x',
    'b/2.JPEG': 'xy',
    'b/deep/er/1.png': 'x',
    'a/z.webp': 'x',
    'B/1.gif': 'x',
    'ñ/1.tif': 'x',
    'ñ/2.avif': 'x',
  });
  const listing = await scanFolder(folder);
  assert.deepEqual(listing.classNames, ['B', 'a', 'b', 'ñ']);
  assert.deepEqual(
    listing.files.map(({ path, label }) => `${label} ${path}`),
    ['0 B/1.gif', '1 a/z.webp', '2 b/10.jpg', '2 b/2.JPEG', '2 b/deep/er/1.png', '3 ñ/1.tif', '3 ñ/2.avif'],
  );
  assert.equal(listing.files[3]!.sizeBytes, 2);
  assert.deepEqual(countByClass(listing.files, 4), [1, 1, 3, 2]);
  assert.deepEqual(listing.skipped, []);
  assert.deepEqual(listing.warnings, [
    'classes B, b differ in upper and lower case only; they count as different ones.',
  ]);
});

test('what is left out is accounted for', async () => {
  const folder = await twoClasses();
  await writeFiles(folder, {
    'notes.txt': 'x',
    'loose.jpg': 'x',
    '.git/config': 'x',
    '__MACOSX/cats/._1.png': 'x',
    'cats/._1.png': 'x',
    'cats/Thumbs.db': 'x',
    'cats/scan.psd': 'x',
    'cats/empty.jpg': '',
    'dogs/.cache/1.png': 'x',
  });
  symlinkSync(join(folder, 'cats'), join(folder, 'dogs', 'loop'));
  symlinkSync(join(folder, 'nowhere.png'), join(folder, 'dogs', 'gone.png'));
  symlinkSync(join(folder, 'cats', '1.png'), join(folder, 'dogs', 'linked.png'));
  symlinkSync(join(folder, 'cats'), join(folder, 'linked-class'));
  const listing = await scanFolder(folder);
  assert.deepEqual(
    listing.skipped.map(({ path, reason }) => `${path}: ${reason}`),
    [
      '.git: hidden',
      '__MACOSX: hidden',
      'cats/._1.png: hidden',
      'cats/Thumbs.db: hidden',
      'cats/empty.jpg: empty file',
      'cats/scan.psd: unknown extension',
      'dogs/.cache: hidden',
      'dogs/gone.png: unreadable',
      'dogs/loop: symbolic link',
      'linked-class/._1.png: hidden',
      'linked-class/Thumbs.db: hidden',
      'linked-class/empty.jpg: empty file',
      'linked-class/scan.psd: unknown extension',
      'loose.jpg: not in a class folder',
      'notes.txt: not in a class folder',
    ],
  );
  assert.deepEqual(listing.classNames, ['cats', 'dogs', 'linked-class']);
  assert.deepEqual(countByClass(listing.files, 3), [2, 3, 2]);
  assert.equal(countByReason(listing.skipped)['unknown extension'], 2);
  await rejects(
    folder,
    /\(strict\), received 3 that do not: cats\/empty\.jpg \(empty file\), dogs\/gone\.png \(ENOENT/,
    { strict: true },
  );
});

test('a path that is no folder', async () => {
  const folder = await twoClasses();
  await rejects(join(folder, 'none'), /none: expected a folder, received a path where nothing is\. Give the path/);
  await rejects(join(folder, 'cats', '1.png'), /1\.png: expected a folder, received a file\./);
});

test('a folder without class folders', async () => {
  const folder = await twoClasses();
  await rejects(
    join(folder, 'cats'),
    /cats: expected one folder of pictures for each class, received 2 pictures directly in it\. Make a folder for each class/,
  );
  await rejects(temporaryFolder(), /received a folder without folders/);
});

test('one class only, or none with pictures', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { 'cats/1.png': 'x' });
  await rejects(folder, /expected pictures of at least two classes, received pictures of cats only\. Put pictures/);
  mkdirSync(join(folder, 'dogs'));
  await rejects(folder, /received pictures of cats only/);
  const empty = temporaryFolder();
  await writeFiles(empty, { 'cats/1.txt': 'x', 'dogs/1.psd': 'x' });
  await rejects(
    empty,
    /received no picture that can be used\. 2 files were left out: cats\/1\.txt \(\.txt\), dogs\/1\.psd \(\.psd\)/,
  );
});

test('an empty class is warned of and counts as a class', async () => {
  const folder = await twoClasses();
  mkdirSync(join(folder, 'birds'));
  const listing = await scanFolder(folder);
  assert.deepEqual(listing.classNames, ['birds', 'cats', 'dogs']);
  assert.deepEqual(listing.warnings, ['class birds has no pictures; it still counts as a class.']);
  assert.equal(listing.files[0]!.label, 1);
});

test('the folder above the right one is pointed out', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { 'TRAIN/cats/1.png': 'x', 'TRAIN/dogs/1.png': 'x' });
  await rejects(folder, /received pictures of TRAIN only\. all pictures lie in folders inside.* give .*TRAIN instead/);
  await writeFiles(folder, { 'TEST/cats/1.png': 'x' });
  assert.match((await scanFolder(folder)).warnings.join(), /If those are the classes, give .*TEST instead/);
});

test("a model's classes give the order, and may be absent", async () => {
  const folder = await twoClasses();
  const listing = await scanFolder(folder, { classNames: ['dogs', 'mice', 'cats'] });
  assert.deepEqual(
    listing.files.map(({ path, label }) => `${label} ${path}`),
    ['0 dogs/1.png', '0 dogs/2.png', '2 cats/1.png', '2 cats/2.png'],
  );
  assert.deepEqual(listing.warnings, ['class mice has no pictures; it still counts as a class.']);
  await rejects(folder, /expected class folders of dogs, mice, received also cats\. Rename these folders/, {
    classNames: ['dogs', 'mice'],
  });
  await assert.rejects(
    scanFolder(folder, { strickt: true } as object),
    /unknown option "strickt"\. Did you mean "strict"/,
  );
});

test('a folder that may not be read', async (context) => {
  const folder = await twoClasses();
  // The owner of the machine may read everything: the refusal is played.
  const refusal = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const { readdir } = fs;
  context.mock.method(fs, 'readdir', (path: string, ...rest: []) =>
    path.endsWith('dogs') ? Promise.reject(refusal) : readdir(path, ...rest),
  );
  syncBuiltinESMExports();
  try {
    await rejects(
      folder,
      /dogs: expected a folder that can be read, received EACCES: permission denied\. Give your user permission/,
    );
  } finally {
    context.mock.restoreAll();
    syncBuiltinESMExports();
  }
});
