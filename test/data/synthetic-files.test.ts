/** Protects the synthetic set on disk: slides in train or in test but never in both, lossless files, the folder whole or
 * not at all, and nothing of the user's overwritten. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { AbortError, DataError, OptionError } from '../../src/core/errors.ts';
import { cellKinds, drawSmear } from '../../src/data/synthetic/index.ts';
import { writeSmearSet } from '../../src/data/synthetic/node/write-smear-set.ts';

const room = await mkdtemp(path.join(tmpdir(), 'cajal-synthetic-'));
after(() => rm(room, { recursive: true, force: true }));

const small = { seed: 11, slides: 3, testSlides: 1, picturesPerSlide: 8, size: 16 };

async function slidesIn(folder: string): Promise<Set<string>> {
  const names = await Promise.all(cellKinds.map((kind) => readdir(path.join(folder, kind))));
  return new Set(names.flat().map((name) => name.slice(0, 'slide00'.length)));
}

test('writes class folders whose slides are either in train or in test', async () => {
  const folder = path.join(room, 'nested', 'set');
  const steps: [number, number][] = [];
  const set = await writeSmearSet(folder, small, (written, total) => steps.push([written, total]));
  assert.deepEqual(set, {
    trainFolder: path.join(folder, 'train'),
    testFolder: path.join(folder, 'test'),
    train: 16,
    test: 8,
    isNew: true,
  });
  assert.deepEqual(steps.at(-1), [24, 24]);
  assert.deepEqual((await readdir(set.trainFolder)).sort(), [...cellKinds]);
  assert.deepEqual(await slidesIn(set.trainFolder), new Set(['slide00', 'slide01']));
  assert.deepEqual(await slidesIn(set.testFolder), new Set(['slide02']));
  for (const kind of cellKinds) {
    assert.equal((await readdir(path.join(set.trainFolder, kind))).length, 4);
    assert.equal((await readdir(path.join(set.testFolder, kind))).length, 2);
  }
  const { data, info } = await sharp(path.join(set.testFolder, 'monocyte', 'slide02_0006.png'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [16, 16, 3]);
  assert.deepEqual(new Uint8Array(data), drawSmear({ seed: 11, slide: 2, index: 6, kind: 'monocyte', size: 16 }));
  assert.deepEqual(await readdir(path.dirname(folder)), ['set']);
});

test('a folder that holds the set already is left as it is, and any other is refused', async () => {
  const folder = path.join(room, 'again');
  await mkdir(folder);
  assert.equal((await writeSmearSet(folder, small)).isNew, true);
  const again = await writeSmearSet(folder, small, () => assert.fail('nothing is to be drawn'));
  assert.equal(again.isNew, false);

  const refused = (error: unknown) => {
    assert.ok(error instanceof DataError);
    assert.equal(
      error.message,
      `writeSmearSet: expected an empty folder or the same set, received ${folder}, which holds something else. ` +
        'Delete it or choose another folder.',
    );
    return true;
  };
  await assert.rejects(writeSmearSet(folder, { ...small, seed: 12 }), refused);
  await rm(path.join(folder, 'train', 'monocyte', 'slide00_0002.png'));
  await assert.rejects(writeSmearSet(folder, small), refused);
  await rm(path.join(folder, 'train'), { recursive: true });
  await assert.rejects(writeSmearSet(folder, small), refused);
});

test('a path that is a file is refused', async () => {
  const file = path.join(room, 'file');
  await writeFile(file, 'mine');
  await assert.rejects(writeSmearSet(file, small), (error: unknown) => {
    assert.ok(error instanceof DataError);
    assert.equal(error.message, `writeSmearSet: expected a folder, received ${file} (ENOTDIR). Choose another path.`);
    return true;
  });
  assert.equal(await readFile(file, 'utf8'), 'mine');
});

test('stopping leaves nothing behind', async () => {
  const folder = path.join(room, 'stopped', 'set');
  const controller = new AbortController();
  const writing = writeSmearSet(folder, { ...small, signal: controller.signal }, () => controller.abort());
  await assert.rejects(writing, (error: unknown) => {
    assert.ok(error instanceof AbortError);
    assert.equal(error.message, 'writeSmearSet: stopped after 16 of 24 pictures.');
    return true;
  });
  assert.deepEqual(await readdir(path.dirname(folder)), []);
});

test('wrong options are named, and nothing is written', async () => {
  const cases: [Record<string, number>, string][] = [
    [{ slide: 4 }, 'writeSmearSet: unknown option "slide". Did you mean "slides"? '],
    [{ slides: 1 }, 'writeSmearSet: slides must be a whole number of at least 2 and of at most 9999, received 1.'],
    [{ testSlides: 3 }, 'writeSmearSet: testSlides must be a whole number of at least 1 and of at most 2, received 3.'],
    [{ picturesPerSlide: 0 }, 'smearSet: picturesPerSlide must be a whole number of at least 1 '],
  ];
  const folder = path.join(room, 'options');
  for (const [wrong, message] of cases) {
    await assert.rejects(writeSmearSet(path.join(folder, 'set'), { ...small, ...wrong }), (error: unknown) => {
      assert.ok(error instanceof OptionError);
      assert.ok(error.message.startsWith(message), error.message);
      return true;
    });
  }
  assert.deepEqual(await readdir(folder).catch(() => []), []);
});
