// Protects training from folders as people really have them: odd names, links in circles, files that are none, what systems
// leave behind, and a folder that changes while it is read.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Dataset } from '../../../src/data/dataset.ts';
import { folder as openFolder } from '../../../src/data/node/folder.ts';
import { PictureError } from '../../../src/data/node/picture-error.ts';
import { scanFolder } from '../../../src/data/node/scan-folder.ts';
import { plain, temporaryFolder, twoClasses, writeFiles } from './picture-folder.ts';

async function namesOf(dataset: Dataset, epoch = 0, from = 0): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of dataset.epoch(epoch, from)) names.push(...batch.names!);
  return names;
}

test('odd names are read, and printed on one line', async () => {
  const folder = await twoClasses();
  const odd = [
    'a b',
    '[x](1){2}*?',
    'line\nbreak',
    '\x1b[31mred',
    'ñandú 猫 🐈',
    `${'x'.repeat(251)}`,
    'quote\'"',
    '-rf',
    '%2e',
  ];
  const png = await plain(1, 2, 3).png().toBuffer();
  await writeFiles(folder, Object.fromEntries(odd.map((name) => [`cats/${name}.png`, png])));
  await writeFiles(folder, { 'cats/bro\nken.png': 'no picture', 'new\nclass/1.txt': 'x' });
  const { training, warnings, listing } = await openFolder(folder, { size: 4, batchSize: 3 });
  assert.equal((await namesOf(training)).length, 4 + odd.length);
  assert.ok(listing.files.some(({ path }) => path === 'cats/line\nbreak.png'));
  assert.deepEqual(warnings.slice(0, 1), ['class new\\nclass has no pictures; it still counts as a class.']);
  await assert.rejects(openFolder(folder, { size: 4, strict: true }), (error: Error) => {
    assert.match(error.message, /cats\/bro\\nken\.png/);
    return !error.message.includes('\n');
  });
  await assert.rejects(
    scanFolder(`${folder}/no\nwhere`),
    /no\\nwhere: expected a folder, received a path where nothing is/,
  );
});

test('links in circles end', async () => {
  const folder = await twoClasses();
  symlinkSync('.', join(folder, 'itself'));
  symlinkSync('..', join(folder, 'above'));
  symlinkSync('/', join(folder, 'top'));
  symlinkSync('around', join(folder, 'around'));
  symlinkSync('round.png', join(folder, 'cats', 'round.png'));
  symlinkSync('../..', join(folder, 'dogs', 'up'));
  const { classNames, skipped } = await scanFolder(folder);
  assert.deepEqual(classNames, ['cats', 'dogs']);
  assert.deepEqual(
    skipped.map(({ path, reason }) => `${path}: ${reason}`),
    [
      'above: symbolic link',
      'around: not in a class folder',
      'cats/round.png: unreadable',
      'dogs/up: symbolic link',
      'itself: symbolic link',
      'top: symbolic link',
    ],
  );
  assert.equal(skipped[0]!.detail, 'a link to a folder that holds it');
});

test('a pipe with the name of a picture does not hold up reading', async (context) => {
  const folder = await twoClasses();
  if (spawnSync('mkfifo', [join(folder, 'cats', 'pipe.png')]).status !== 0) {
    context.skip('this system has no mkfifo');
    return;
  }
  const { skipped } = await scanFolder(folder);
  assert.deepEqual(skipped, [{ path: 'cats/pipe.png', reason: 'unreadable', detail: 'no regular file' }]);
});

test('what systems leave behind is neither a class nor a picture', async () => {
  const folder = await twoClasses();
  const left = [
    'Thumbs.db',
    'cats/desktop.ini',
    '__MACOSX/cats/._1.png',
    '@eaDir/1.png',
    '$RECYCLE.BIN/1.png',
    '.DS_Store',
  ];
  await writeFiles(folder, Object.fromEntries(left.map((path) => [path, 'x'])));
  const { classNames, skipped } = await scanFolder(folder);
  assert.deepEqual(classNames, ['cats', 'dogs']);
  assert.deepEqual([skipped.length, ...new Set(skipped.map(({ reason }) => reason))], [6, 'hidden']);
});

test('names that differ in case only are warned of', async (context) => {
  const folder = await twoClasses();
  await writeFiles(folder, { 'cats/A.png': 'x', 'cats/a.png': 'y' });
  if (readFileSync(join(folder, 'cats/A.png'), 'utf8') === 'y') {
    context.skip('this file system ignores case');
    return;
  }
  assert.deepEqual((await scanFolder(folder)).warnings, [
    '1 group(s) of files have names that differ in upper and lower case only, of which other systems keep one: cats/A.png, cats/a.png.',
  ]);
  await writeFiles(folder, { 'Cats/1.png': 'x' });
  assert.deepEqual((await scanFolder(folder)).warnings, [
    'classes Cats, cats differ in upper and lower case only; they count as different ones.',
  ]);
});

test('a folder that changes while training reads it', async () => {
  const folder = await twoClasses();
  const { training } = await openFolder(folder, { size: 4, batchSize: 2, shuffle: false, prefetch: 0, cacheBytes: 0 });
  const whole = await namesOf(training);
  // What is new is not read.
  await writeFiles(folder, { 'cats/0.png': plain(0, 0, 0).png().toBuffer() });
  mkdirSync(join(folder, 'birds'));
  assert.deepEqual(await namesOf(training), whole);

  const path = join(folder, 'dogs', '2.png');
  const before = readFileSync(path);
  const stops = async (message: RegExp) => {
    await assert.rejects(namesOf(training), (error) => {
      assert.ok(error instanceof PictureError);
      assert.match(error.message, message);
      return true;
    });
    // Batches before it are as they were.
    const first = training.epoch(0)[Symbol.asyncIterator]();
    assert.deepEqual((await first.next()).value!.names, whole.slice(0, 2));
  };
  rmSync(path);
  await stops(/^dogs\/2\.png: .*received a path where nothing is\. Put it back as it was\./);
  writeFileSync(path, await plain(9, 9, 9).png().toBuffer());
  await stops(
    /^dogs\/2\.png: .*received a file that changed since it was listed\. Put it back as it was, or start again\./,
  );
  writeFileSync(path, before.subarray(0, 20));
  await stops(/received a file that changed since it was listed/);
  // Put back, the epoch goes on where it stopped.
  writeFileSync(path, before);
  assert.deepEqual(await namesOf(training, 0, 1), whole.slice(2));
});

test('temporary folders with nothing but system files have no classes', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { '__MACOSX/1.png': 'x' });
  await assert.rejects(scanFolder(folder), /received a folder without folders/);
});
