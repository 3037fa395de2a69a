// Protects folders that are replaced whole: models and checkpoints, at whatever moment the process dies.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { recoverFolder, replaceFolder } from '../../src/formats/node/replace-folder.ts';
import { mountSmallDisk, temporaryFolder } from '../runs/temporary-folder.ts';

const filesOf = (text: string) => new Map([['a.txt', text]]);

/** A folder as a crash leaves it: what exists of the folder itself, the next one, and the former one. */
function makeState(parent: string, state: { folder?: string; next?: string; former?: string }): string {
  const places = { folder: 'model', next: '.model.next', former: '.model.former' };
  for (const [which, text] of Object.entries(state)) {
    const folder = path.join(parent, places[which as keyof typeof places]);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'a.txt'), text);
  }
  return path.join(parent, 'model');
}

test('a folder is made, and replaced with nothing of the old one left', async (context) => {
  const folder = path.join(temporaryFolder(context), 'weights/best');
  await replaceFolder(folder, new Map([...filesOf('1'), ['b.txt', 'x']]));
  await replaceFolder(folder, filesOf('2'));
  assert.deepEqual(readdirSync(folder), ['a.txt']);
  assert.equal(readFileSync(path.join(folder, 'a.txt'), 'utf8'), '2');
  assert.deepEqual(readdirSync(path.dirname(folder)), ['best']);
});

test('after a crash the folder is the old one until the new one is whole, then the new one', async (context) => {
  const cases = [
    { state: { folder: 'old', next: 'half' }, expected: 'old' },
    { state: { next: 'new', former: 'old' }, expected: 'new' },
    { state: { folder: 'new', former: 'old' }, expected: 'new' },
    { state: { former: 'old' }, expected: 'old' },
    { state: { next: 'half' }, expected: undefined },
  ];
  for (const { state, expected } of cases) {
    const parent = temporaryFolder(context);
    const folder = makeState(parent, state);
    await recoverFolder(folder);
    assert.deepEqual(readdirSync(parent), expected === undefined ? [] : ['model'], JSON.stringify(state));
    if (expected !== undefined) assert.equal(readFileSync(path.join(folder, 'a.txt'), 'utf8'), expected);
    await replaceFolder(folder, filesOf('newest'));
    assert.deepEqual(readdirSync(parent), ['model']);
  }
});

test('on a full disk the old folder stays', async (context) => {
  const disk = mountSmallDisk(context, 64);
  if (!disk) return;
  const folder = path.join(disk.folder, 'model');
  await replaceFolder(folder, filesOf('old'));
  await assert.rejects(
    replaceFolder(folder, filesOf('x'.repeat(200_000))),
    /expected room on the disk, received ENOSPC/,
  );
  assert.equal(readFileSync(path.join(folder, 'a.txt'), 'utf8'), 'old');
  assert.deepEqual(readdirSync(disk.folder), ['model']);
});
