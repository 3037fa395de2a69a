/** Protects describing files in threads: the same as here, whatever the number of threads, where threads cannot start, and
 * where one ends early; what stops it; broken pictures keep their place. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describeFiles } from '../../../src/audit/node/describe-files.ts';
import { temporaryFolder, writeFiles } from '../../data/node/picture-folder.ts';
import { smear } from '../changed-copies.ts';

const folder = temporaryFolder();
const names = Array.from({ length: 9 }, (_, number) => `${number}.jpg`);
for (const [number, name] of names.entries()) {
  const { data, height, width } = smear(number);
  const picture = sharp(data, { raw: { width, height, channels: 3 } }).jpeg();
  await writeFiles(folder, { [name]: number === 4 ? Buffer.from('no picture') : picture.toBuffer() });
}
const files = names.map((name) => ({ path: join(folder, name), name, pixelLimit: 1e6 }));
const here = await describeFiles(files, { threads: 0 });

test('threads describe as the main thread does', async () => {
  assert.ok('reason' in here[4]! && here[4].reason === 'undecodable');
  assert.ok('description' in here[8]! && here[8].description.features.count > 10);
  for (const threads of [1, 2, 16]) {
    let count = 0;
    assert.deepEqual(await describeFiles(files, { threads, onFile: () => count++ }), here);
    assert.equal(count, files.length);
  }
});

test('threads that do not start or end early cost no picture', async () => {
  const script = pathToFileURL(join(folder, 'nowhere.mjs'));
  assert.deepEqual(await describeFiles(files, { threads: 2, script }), here);
  const ending = join(folder, 'ending.mjs');
  writeFileSync(
    ending,
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit());',
  );
  assert.deepEqual(await describeFiles(files, { threads: 2, script: pathToFileURL(ending) }), here);
});

test('what stops it', async () => {
  const stopping = () => {
    throw new Error('enough');
  };
  await assert.rejects(describeFiles(files, { threads: 2, onFile: stopping }), /^Error: enough$/);
  const failing = join(folder, 'failing.mjs');
  const answer = 'parentPort.postMessage({ index, error: "no memory" })';
  writeFileSync(
    failing,
    `import { parentPort } from 'node:worker_threads'; parentPort.on('message', ({ index }) => ${answer});`,
  );
  await assert.rejects(
    describeFiles(files, { threads: 1, script: pathToFileURL(failing) }),
    /audit: 0\.jpg could not be described: no memory\. Try it again\./,
  );
});
