// Protects that pictures prepared in threads are those prepared here, that a thread which ends costs one picture at most,
// and that idle threads let the process end.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { DataError } from '../../../src/core/errors.ts';
import { PrepareThreads } from '../../../src/data/node/prepare-elsewhere.ts';
import { preparePicture } from '../../../src/data/pictures/prepare-picture.ts';
import { createPreprocessing } from '../../../src/data/pictures/preprocessing.ts';
import type { Raster } from '../../../src/data/pictures/raster.ts';
import { temporaryFolder, writeFiles } from './picture-folder.ts';

const record = createPreprocessing({ height: 5, width: 4 });
const raster = (salt: number, channels = 3): Raster => ({
  // A view into something larger, as decoders give them.
  data: Uint8Array.from({ length: 12 * 9 * channels + 40 }, (_, at) => at * salt).subarray(40),
  height: 9,
  width: 12,
  channels,
  isMultichannel: channels > 4,
});

test('threads prepare as here, errors included', async () => {
  const threads = new PrepareThreads(2);
  const salts = Array.from({ length: 20 }, (_, salt) => salt);
  const results = await Promise.all(salts.map((salt) => threads.prepare(raster(salt), record)));
  for (const salt of salts) assert.deepEqual(results[salt], preparePicture(raster(salt), record));
  await assert.rejects(
    threads.prepare(raster(1, 7), record),
    (error) => error instanceof DataError && /received 7 channel\(s\) that are no colours/.test(error.message),
  );
  await threads.close();
});

test('a thread that ends costs the picture it worked on; others go to a new one', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'dies.mjs': `import { parentPort } from 'node:worker_threads';
      parentPort.postMessage({ id: -1 });
      parentPort.on('message', ({ id, raster }) => {
        if (raster.height === 1) process.exit(3);
        parentPort.postMessage({ id, pixels: new Uint8Array([raster.height]) });
      });`,
  });
  const threads = new PrepareThreads(1, pathToFileURL(join(folder, 'dies.mjs')));
  const heights = [2, 1, 3, 4];
  const results = await Promise.allSettled(heights.map((height) => threads.prepare({ ...raster(1), height }, record)));
  const told = results.map((result) => (result.status === 'fulfilled' ? result.value[0] : String(result.reason)));
  assert.deepEqual([told[0], told[2], told[3]], [2, 3, 4]);
  assert.match(String(told[1]), /picture: the thread that prepared it ended\. Try it again\./);
  await threads.close();
});

test('where threads cannot start, pictures are prepared here', async () => {
  const threads = new PrepareThreads(2, pathToFileURL(join(temporaryFolder(), 'missing.mjs')));
  const results = await Promise.all([3, 4, 5].map((salt) => threads.prepare(raster(salt), record)));
  assert.deepEqual(results[2], preparePicture(raster(5), record));
  await assert.rejects(threads.prepare(raster(1, 7), record), /no colours/);
});

test('a process with idle threads ends', () => {
  const file = new URL('../../../src/data/node/prepare-elsewhere.ts', import.meta.url);
  const script = `const { PrepareThreads } = await import(${JSON.stringify(file.href)});
    const raster = { data: new Uint8Array(3), height: 1, width: 1, channels: 3, isMultichannel: false };
    const record = ${JSON.stringify(record)};
    console.log((await new PrepareThreads(1).prepare(raster, record)).length);`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  assert.equal(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 }).trim(), '60');
});
