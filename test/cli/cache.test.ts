// Protects `cajal cache` and what commands keep on disk: a training keeps decoded pictures in the named folder, the next one gives
// the same weights from there, `--no-cache` writes nothing, and what is kept is listed and cleared.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../data/node/picture-folder.ts';
import { run } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

test('a training keeps its pictures, and the cache is listed and cleared', async () => {
  const root = temporaryFolder();
  const pictures = await writeTinyPictures(path.join(root, 'pictures'), 4);
  const cache = path.join(root, 'cache');
  const environment = { CAJAL_CACHE: cache, CAJAL_NO_CACHE: '0' };
  const train = (out: string, ...flags: string[]) =>
    run(['train', pictures, ...tinyNetwork, '--epochs', '1', '--out', path.join(root, out), ...flags], environment);

  const without = await train('without', '--no-cache');
  assert.equal(without.code, 0, without.notes);
  assert.ok(!existsSync(cache));
  for (const out of ['first', 'second']) assert.equal((await train(out)).code, 0);
  const weights = ['without', 'first', 'second'].map((out) =>
    readFileSync(path.join(root, out, 'weights', 'best', 'model.safetensors')),
  );
  assert.deepEqual(weights[1], weights[0]);
  assert.deepEqual(weights[2], weights[0]);

  const listed = await run(['cache', 'ls'], environment);
  assert.equal(listed.code, 0, listed.notes);
  assert.match(
    listed.out,
    /prepared +pictures +size +made +used +from\n12×12 rgb uint8 +12 +0\.0 MiB +just now +just now +\S+pictures\n/,
  );
  assert.match(listed.out, /cache: 1 set, 0\.0 MiB\.\n$/);
  const json = JSON.parse((await run(['cache', 'ls', '--json'], environment)).out);
  assert.deepEqual(
    [json.folder, json.sets.length, json.sets[0].folder, json.sets[0].pictures],
    [cache, 1, pictures, 12],
  );
  assert.equal(json.bytes, json.sets[0].bytes);
  assert.equal(json.sets[0].preprocessing.height, 12);

  const set = path.join(cache, 'pictures', readdirSync(path.join(cache, 'pictures'))[0]!);
  const index = path.join(set, readdirSync(set).find((name) => name.endsWith('.index'))!);
  const cleared = async (...flags: string[]) => (await run(['cache', 'clear', ...flags], environment)).out;
  assert.equal(await cleared('--older-than', '2'), '0 sets deleted, 0.0 MiB.\n');
  const threeDaysAgo = Date.now() / 1000 - 3 * 86_400;
  utimesSync(index, threeDaysAgo, threeDaysAgo);
  assert.match((await run(['cache', 'ls'], environment)).out, /3 days ago/);
  assert.deepEqual(JSON.parse(await cleared('--older-than', '2', '--json')), {
    event: 'cache cleared',
    folder: cache,
    sets: 1,
    bytes: json.bytes,
  });
  assert.equal((await run(['cache', 'ls'], environment)).out, `${cache}: 0 sets, 0.0 MiB.\n`);
});

test('wrong uses of cache are told', async () => {
  const { code, notes } = await run(['cache', 'ls', '--older-than', '3']);
  assert.equal(code, 2);
  assert.match(notes, /cache: --older-than goes with clear, received it with ls\. Leave it out\./);
  const unknown = await run(['cache', 'clean']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.notes, /expected one of ls, clear|Did you mean "?clear/);
  assert.equal((await run(['cache'])).code, 2);
});
