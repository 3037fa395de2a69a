// Protects the pictures that are kept on disk: later runs decode nothing and see the same bytes, files that changed are
// noticed, a cache that is broken, full or written by two processes is made again or done without, and the oldest goes first.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock, type TestContext, test } from 'node:test';
import { AbortError } from '../../../src/core/errors.ts';
import type { Dataset } from '../../../src/data/dataset.ts';
import { cacheFolder } from '../../../src/data/node/disk-cache/cache-folder.ts';
import { clearSegments, listSegments } from '../../../src/data/node/disk-cache/stored-segments.ts';
import { folder as openFolder } from '../../../src/data/node/folder.ts';
import { openPictures } from '../../../src/data/node/open-pictures.ts';
import { scanFolder } from '../../../src/data/node/scan-folder.ts';
import { type VerifyOptions, verifyPictures } from '../../../src/data/node/verify-pictures.ts';
import { createPreprocessing } from '../../../src/data/pictures/preprocessing.ts';
import { plain, temporaryFolder, twoClasses, writeFiles } from './picture-folder.ts';
import { writeTiff } from './write-tiff.ts';

const preprocessing = createPreprocessing({ size: 4 });
const pictureBytes = 4 * 4 * 3;

/** Verifies a folder. How many pictures are in memory then is how many were decoded. */
async function verify(folder: string, cache: string, options: VerifyOptions = {}) {
  const diskCache = { folder: cache, ...options.diskCache };
  return verifyPictures(await scanFolder(folder), preprocessing, { ...options, diskCache });
}

async function bytesOf(dataset: Dataset): Promise<number[]> {
  const all: number[] = [];
  for await (const { inputs } of dataset.epoch(0)) all.push(...(inputs as { data: Uint8Array }).data);
  return all;
}

/** What training would see. */
function open({ listing, cache }: Awaited<ReturnType<typeof verify>>): Dataset {
  return openPictures(listing, { preprocessing, cache, shuffle: false, prefetch: 0, batchSize: 2 });
}

function filesIn(cache: string, ending: string): string[] {
  const all = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  return all.filter((name) => name.endsWith(ending)).map((name) => join(cache, name));
}

/** Lets files be old enough for their dates to be trusted. */
function later(context: TestContext): void {
  const now = Date.now() + 60_000;
  mock.timers.enable({ apis: ['Date'], now });
  context.after(() => mock.timers.reset());
}

test('a second run decodes nothing and sees the same bytes', async (context) => {
  const folder = await twoClasses();
  const cache = join(temporaryFolder(), 'not', 'there', 'yet');
  const first = await verify(folder, cache);
  assert.equal(first.cache.size, 4);
  const second = await verify(folder, cache);
  assert.equal(second.cache.size, 0);
  assert.deepEqual(second.listing, first.listing);
  assert.deepEqual(await bytesOf(open(second)), await bytesOf(open(first)));
  assert.equal(second.cache.size, 4);

  // Hashed again until the files are old enough for their dates to be trusted; then known by their dates.
  assert.equal(filesIn(cache, '.json').length, 0);
  later(context);
  await verify(folder, cache);
  assert.equal(filesIn(cache, '.json').length, 1);
  const third = await verify(folder, cache);
  assert.equal(third.cache.size, 0);
  assert.deepEqual(third.listing, first.listing);
  assert.deepEqual(await bytesOf(open(third)), await bytesOf(open(first)));

  // By content: the same pictures in another place, and not with another size.
  const other = await twoClasses();
  assert.equal((await verify(other, cache)).cache.size, 0);
  const larger = createPreprocessing({ size: 5 });
  const resized = await verifyPictures(await scanFolder(folder), larger, { diskCache: { folder: cache } });
  assert.equal(resized.cache.size, 4);
  const limited = await verify(folder, cache, { pixelLimit: 1 }).catch((error: Error) => error.message);
  assert.match(String(limited), /no picture that can be used/);
});

test('the first run is the same without a cache, and nothing is written unasked', async () => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  const plainRun = await verifyPictures(await scanFolder(folder), preprocessing);
  const kept = await verify(folder, cache);
  assert.deepEqual(kept.listing, plainRun.listing);
  assert.deepEqual(await bytesOf(open(kept)), await bytesOf(open(plainRun)));
  assert.equal(plainRun.cache.disk, undefined);
});

test('a file that changed is decoded again, though its size and its date are as before', async (context) => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  const path = join(folder, 'cats', '1.png');
  const uncompressed = (green: number) => plain(0, green, 0).png({ compressionLevel: 0 }).toBuffer();
  writeFileSync(path, await uncompressed(100));
  await verify(folder, cache);
  later(context);
  await verify(folder, cache);
  const { atime, mtime, size } = statSync(path);
  const before = readFileSync(path);
  const changed = await uncompressed(200);
  assert.equal(changed.length, size);
  writeFileSync(path, changed);
  utimesSync(path, atime, mtime);
  const { cache: memory, listing } = await verify(folder, cache);
  assert.equal(memory.size, 1);
  assert.deepEqual([...memory.get('cats/1.png')!.subarray(0, 3)], [0, 200, 0]);
  assert.equal(new Set(listing.files.map(({ sha256 }) => sha256)).size, 4);
  // And back again: both contents are kept.
  writeFileSync(path, before);
  assert.equal((await verify(folder, cache)).cache.size, 0);
});

test('a picture that changes while training reads from the disk stops the epoch by its name', async (context) => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  await verify(folder, cache);
  later(context);
  for (const cacheBytes of [0, 1e6]) {
    const dataset = open(await verify(folder, cache, { cacheBytes }));
    const path = join(folder, 'dogs', '2.png');
    const before = readFileSync(path);
    rmSync(path);
    await assert.rejects(
      bytesOf(dataset),
      /^PictureError: dogs\/2\.png: .*a path where nothing is\. Put it back as it was/,
    );
    writeFileSync(path, await plain(9, 9, 9).png().toBuffer());
    await assert.rejects(bytesOf(dataset), /^PictureError: dogs\/2\.png: .*a file that changed since it was listed/);
    writeFileSync(path, before);
    assert.equal((await bytesOf(dataset)).length, 4 * pictureBytes);
  }
});

test('what is broken in the cache is decoded again, silently', async () => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  const expected = await bytesOf(open(await verify(folder, cache)));
  const breaks: Record<string, (pixels: string, index: string) => void> = {
    'a byte that flipped': (pixels) => {
      const content = readFileSync(pixels);
      content[pictureBytes + 5]! ^= 4;
      writeFileSync(pixels, content);
    },
    'a cut file': (pixels) => writeFileSync(pixels, readFileSync(pixels).subarray(0, 100)),
    'no pixels': (pixels) => rmSync(pixels),
    'an empty index': (_, index) => writeFileSync(index, ''),
    'words for an index': (_, index) => writeFileSync(index, '"words"'),
    'null for an index': (_, index) => writeFileSync(index, 'null'),
    'half an index': (_, index) => writeFileSync(index, readFileSync(index).subarray(0, 300)),
    'an index without hashes': (_, index) => {
      writeFileSync(index, JSON.stringify({ ...JSON.parse(readFileSync(index, 'utf8')), hashes: null }));
    },
    'an index of too many': (_, index) => {
      const stored = JSON.parse(readFileSync(index, 'utf8'));
      writeFileSync(
        index,
        JSON.stringify({ ...stored, hashes: [...stored.hashes, 'x'], checksums: [...stored.checksums, 1] }),
      );
    },
    'exchanged pictures': (_, index) => {
      const stored = JSON.parse(readFileSync(index, 'utf8'));
      writeFileSync(index, JSON.stringify({ ...stored, hashes: stored.hashes.reverse() }));
    },
    'files that say nothing': () => {
      for (const file of filesIn(cache, '.json')) writeFileSync(file, '{"version":1,"files":{"cats/1.png":[1]}}');
    },
  };
  for (const [name, damage] of Object.entries(breaks)) {
    const [pixels, index] = [filesIn(cache, '.pixels')[0]!, filesIn(cache, '.index')[0]!];
    damage(pixels, index);
    const verified = await verify(folder, cache);
    assert.deepEqual(await bytesOf(open(verified)), expected, name);
    await verify(folder, cache);
    assert.equal((await verify(folder, cache)).cache.size, 0, name);
    assert.deepEqual(await bytesOf(open(await verify(folder, cache))), expected, name);
  }
});

test('the index of another version is left alone', async () => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  await verify(folder, cache);
  const [index] = filesIn(cache, '.index');
  const newer = JSON.stringify({ ...JSON.parse(readFileSync(index!, 'utf8')), version: 99 });
  writeFileSync(index!, newer);
  assert.equal((await verify(folder, cache)).cache.size, 4);
  assert.equal(readFileSync(index!, 'utf8'), newer);
  assert.equal((await verify(folder, cache)).cache.size, 0);
});

test('a cache that cannot be written is done without', async () => {
  const folder = await twoClasses();
  const blocked = join(temporaryFolder(), 'file');
  writeFileSync(blocked, '');
  const verified = await verify(folder, blocked);
  assert.equal(verified.cache.size, 4);
  assert.equal((await bytesOf(open(verified))).length, 4 * pictureBytes);
  assert.equal(readFileSync(blocked, 'utf8'), '');
});

test('runs at once write each their own, and a stopped run keeps what it decoded', async () => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  const both = await Promise.all([verify(folder, cache), verify(folder, cache)]);
  assert.deepEqual(both[0].listing, both[1].listing);
  assert.deepEqual(filesIn(cache, '.part'), []);
  assert.equal((await verify(folder, cache)).cache.size, 0);

  const many: Record<string, Promise<Uint8Array>> = {};
  for (let number = 0; number < 40; number++)
    many[`${number % 2 ? 'a' : 'b'}/${number}.png`] = plain(number, 1, 1).png().toBuffer();
  const larger = temporaryFolder();
  await writeFiles(larger, many);
  const stop = new AbortController();
  const onProgress = (done: number) => done === 20 && stop.abort();
  const stopped = verify(larger, cache, { signal: stop.signal, onProgress: (done) => void onProgress(done) });
  await assert.rejects(stopped, AbortError);
  assert.ok((await verify(larger, cache)).cache.size <= 20);
});

test('the least recently used sets make room, and what does not fit is left out', async () => {
  const cache = temporaryFolder();
  const folders: string[] = [];
  for (let number = 0; number < 3; number++) {
    const folder = temporaryFolder();
    await writeFiles(folder, {
      'a/1.png': plain(number, 10, 0).png().toBuffer(),
      'b/1.png': plain(number, 20, 0).png().toBuffer(),
    });
    folders.push(folder);
    await verify(folder, cache);
    const [newest] = (await listSegments(cache)).slice(-1);
    utimesSync(newest!.indexPath, 1000 + number, 1000 + number);
  }
  assert.equal((await listSegments(cache)).length, 3);
  // The first is used again: the second is the oldest now.
  assert.equal((await verify(folders[0]!, cache)).cache.size, 0);
  const sizeBytes = Math.max(...(await listSegments(cache)).map((segment) => segment.sizeBytes));
  const fresh = await twoClasses();
  const budgetBytes = 2 * sizeBytes + 4 * (pictureBytes + 96);
  await verify(fresh, cache, { diskCache: { budgetBytes } });
  const decoded = async (folder: string, budget = 0) =>
    (await verify(folder, cache, { diskCache: { budgetBytes: budget } })).cache.size;
  assert.deepEqual([await decoded(fresh), await decoded(folders[0]!), await decoded(folders[2]!)], [0, 0, 0]);
  assert.equal(await decoded(folders[1]!, 1e6), 2);

  // A folder that is larger than the budget: some of it is kept, and nothing else.
  const wide = temporaryFolder();
  const pictures = Array.from({ length: 10 }, (_, number) => [
    `${number % 2 ? 'a' : 'b'}/${number}.png`,
    plain(99, number, 1).png().toBuffer(),
  ]);
  await writeFiles(wide, Object.fromEntries(pictures) as Record<string, Promise<Uint8Array>>);
  await verify(wide, cache, { diskCache: { budgetBytes: 6.5 * (pictureBytes + 96) } });
  assert.equal((await listSegments(cache)).length, 1);
  assert.equal(await decoded(wide, 1e6), 4);
  const gone = await clearSegments(cache, Number.POSITIVE_INFINITY);
  assert.equal(gone.length, 2);
  assert.deepEqual(filesIn(cache, ''), [join(cache, 'pictures')]);
});

test('what killed processes left goes after an hour', async () => {
  const folder = await twoClasses();
  const cache = temporaryFolder();
  await verify(folder, cache);
  const set = join(filesIn(cache, '.index')[0]!, '..');
  const old = ['x.pixels.part', 'x.pixels', 'x.index.part'].map((name) => join(set, name));
  const young = join(set, 'y.pixels.part');
  for (const file of [...old, young]) writeFileSync(file, 'left');
  for (const file of old) utimesSync(file, 1, 1);
  await clearSegments(cache, 0);
  assert.deepEqual(old.map(existsSync), [false, false, false]);
  assert.ok(existsSync(young));
  assert.equal((await verify(folder, cache)).cache.size, 0);
});

test('deeper samples, their scaling and the number of pages come from the disk as from the files', async () => {
  const folder = temporaryFolder();
  const cache = temporaryFolder();
  for (const [label, name] of ['edge', 'inner'].entries()) {
    mkdirSync(join(folder, name));
    for (let number = 0; number < 3; number++) {
      const data = Uint16Array.from({ length: 8 * 8 * 4 }, (_, at) => 100 + ((at * (7 + number + label)) % 900));
      writeFileSync(join(folder, name, `${number}.tif`), writeTiff({ data, height: 8, width: 8, channels: 4 }));
    }
  }
  const read = () => openFolder(folder, { size: 4, batchSize: 6, shuffle: false, diskCache: { folder: cache } });
  const [first, second] = [await read(), await read()];
  assert.equal(first.preprocessing.sampleType, 'uint16');
  assert.deepEqual(second.preprocessing, first.preprocessing);
  assert.deepEqual(await bytesOf(second.training), await bytesOf(first.training));

  const animated = await twoClasses();
  const page = { data: new Uint8Array(8 * 8 * 3).fill(9), height: 8, width: 8, channels: 3, photometric: 2 };
  await writeFiles(animated, { 'cats/a.tif': writeTiff(page, page) });
  const warnings = [await verify(animated, cache), await verify(animated, cache)].map(
    ({ listing }) => listing.warnings,
  );
  assert.match(
    warnings[0]!.join(),
    /1 file\(s\) have more than one page or frame; the first one is used: cats\/a\.tif/,
  );
  assert.deepEqual(warnings[1], warnings[0]);
});

test('the cache folder follows the conventions of systems', () => {
  assert.equal(cacheFolder({ CAJAL_CACHE: '/own', XDG_CACHE_HOME: '/xdg' }, 'linux', '/me'), '/own');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/me'), join('/xdg', 'cajal'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', '/me'), join('/me', '.cache', 'cajal'));
  assert.equal(cacheFolder({}, 'darwin', '/me'), join('/me', 'Library', 'Caches', 'cajal'));
  assert.equal(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32', '/me'), join('/local', 'cajal'));
  assert.equal(cacheFolder({}, 'win32', '/me'), join('/me', 'AppData', 'Local', 'cajal'));
});
