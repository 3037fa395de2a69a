// Protects what is on the disk from a run that is written over it: pictures, files of the person's own, and a former run
// until the new one has an epoch.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let formerFolder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const training = (pictures = 'pictures') => ['train', pictures, ...tinyNetwork, '--quiet', '--epochs', '1'];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-exist-ok-'));
  await writeTinyPictures(at('pictures'), 5);
  formerFolder = process.cwd();
  process.chdir(folder);
  const { code, notes } = await run([...training(), '--out', 'run']);
  assert.equal(code, 0, notes);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

test('pictures in folders that are called as those of a run are never touched', async () => {
  for (const [from, to] of [
    ['cats', 'weights'],
    ['dogs', 'checkpoint'],
  ] as const) {
    cpSync(at('pictures', from), at('ds', to), { recursive: true });
  }
  const before = readdirSync(at('ds'), { recursive: true }).sort();
  for (const out of ['ds', 'ds/run', '.']) {
    const { code, notes } = await run([...training('ds'), '--out', out, '--exist-ok']);
    assert.equal(code, 2, notes);
    assert.match(notes, /expected a place apart from the pictures in ds, received/);
  }
  const held = await run([...training(), '--val-folder', 'ds', '--out', 'ds', '--exist-ok']);
  assert.match(held.notes, /expected a place apart from the pictures in ds, received the pictures themselves/);
  const foreign = await run([...training(), '--out', 'ds', '--exist-ok']);
  assert.equal(foreign.code, 2, foreign.notes);
  assert.match(foreign.notes, /expected an empty folder or one of a run .*, received ds with checkpoint, weights\./);
  assert.deepEqual(readdirSync(at('ds'), { recursive: true }).sort(), before);
});

test('a former run stays whole until the new one has an epoch', async () => {
  const state = () => readdirSync(at('run'), { recursive: true }).sort();
  const files = state();
  const page = readFileSync(at('run/report.html'));
  mkdirSync(at('nothing'));
  for (const [args, expected] of [
    [training('nothing'), 3],
    [training('missing'), 3],
    [[...training(), '--val-folder', 'ds'], 3],
    [[...training(), '--learning-rate', '1e38'], 1],
  ] as const) {
    const { code, notes } = await run([...args, '--out', 'run', '--exist-ok']);
    assert.equal(code, expected, notes);
    assert.deepEqual(state(), files);
    assert.ok(readFileSync(at('run/report.html')).equals(page));
  }
  const { code, notes } = await run([...training(), '--epochs', '2', '--out', 'run', '--exist-ok']);
  assert.equal(code, 0, notes);
  assert.deepEqual(state(), files);
  assert.equal(readFileSync(at('run/history.csv'), 'utf8').trim().split('\n').length, 3);
});

test('a place may be named by dots', async () => {
  mkdirSync(at('deep/here'), { recursive: true });
  process.chdir(at('deep/here'));
  try {
    const first = await run([...training('../../pictures'), '--out', '.']);
    assert.equal(first.code, 0, first.notes);
    const second = await run([...training('../../pictures'), '--out', '../x/..', '--exist-ok']);
    assert.equal(second.code, 2);
    assert.match(second.notes, /received .*deep with here\. Choose another folder/);
  } finally {
    process.chdir(folder);
  }
  assert.ok(existsSync(at('deep/here/report.html')));
});

test('a second process in the same run is refused, and one that was killed does not stand in the way', async () => {
  const { child, outcome } = start([...training(), '--epochs', '5000', '--out', 'busy'], { cwd: folder });
  while (!existsSync(at('busy/checkpoint/checkpoint.json')) && child.exitCode === null) await wait(20);
  for (const args of [
    ['train', '--resume', 'busy'],
    [...training(), '--out', 'busy', '--exist-ok'],
  ]) {
    const { code, notes } = await run(args);
    assert.equal(code, 1, notes);
    assert.match(notes, new RegExp(`expected .*busy to be free, received a run that process ${child.pid} is writing`));
  }
  child.kill('SIGKILL');
  await outcome;
  const { epoch } = JSON.parse(readFileSync(at('busy/checkpoint/checkpoint.json'), 'utf8'));
  const { code, notes } = await run(['train', '--resume', 'busy', '--quiet', '--epochs', String(epoch + 1)]);
  assert.equal(code, 0, notes);
  assert.ok(!existsSync(at('busy/.lock')));
});
