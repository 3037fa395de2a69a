/** Protects where runs go: their names, their lock, and that no run overwrites another, or pictures, unasked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkRunPlace } from '../../src/runs/check-run-place.ts';
import { createRunFolder, openRunFolder } from '../../src/runs/create-run-folder.ts';
import { RunFolder, runFiles } from '../../src/runs/run-folder.ts';
import { mountSmallDisk, temporaryFolder } from './temporary-folder.ts';

test('runs without a name number themselves, in the order of time', async (context) => {
  const root = path.join(temporaryFolder(context), 'deep', 'runs');
  const names = [];
  for (let run = 0; run < 3; run++) names.push((await createRunFolder(root)).name);
  assert.deepEqual(names, ['train', 'train-2', 'train-3']);
  mkdirSync(path.join(root, 'train-9'));
  mkdirSync(path.join(root, 'train-x'));
  assert.equal((await createRunFolder(root)).name, 'train-10');
  assert.equal((await createRunFolder(root, { stem: 'evaluate' })).name, 'evaluate');
});

test('runs that start at once get a folder each', async (context) => {
  const root = temporaryFolder(context);
  const runs = await Promise.all(Array.from({ length: 8 }, () => createRunFolder(root)));
  assert.equal(new Set(runs.map(({ name }) => name)).size, 8);
});

test('a name that is taken is refused, and a free one is told', async (context) => {
  const root = temporaryFolder(context);
  const run = await createRunFolder(root, { name: 'cells' });
  await run.writeArguments({ epochs: 1 });
  await assert.rejects(createRunFolder(root, { name: 'cells' }), {
    name: 'OptionError',
    message:
      `run folder: expected a name that no other run has, received "cells" (${path.join(root, 'cells')} has files in it). ` +
      'Choose another --name ("cells-2" is free), leave it out to get the next number, or replace that run with --exist-ok.',
  });
  assert.deepEqual(await run.readArguments(), { epochs: 1 });
});

test('an empty folder of that name may be used', async (context) => {
  const root = temporaryFolder(context);
  mkdirSync(path.join(root, 'cells'));
  const run = await createRunFolder(root, { name: 'cells' });
  assert.equal(run.isNew, false);
});

/** A former run with an epoch, a model, and a file of the person's own. */
async function writeFormer(root: string): Promise<RunFolder> {
  const former = await createRunFolder(root, { name: 'cells' });
  await former.writeArguments({ command: 'train', epochs: 1 });
  await former.appendHistory({ epoch: 1, loss: 1 });
  mkdirSync(former.pathOf(runFiles.best), { recursive: true });
  writeFileSync(path.join(former.pathOf(runFiles.best), 'model.json'), '{}');
  writeFileSync(former.pathOf('notes.txt'), 'mine');
  writeFileSync(former.pathOf('.args.json.123-0123456789ab.tmp'), 'half');
  return former;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

test('with existOk a former run is replaced when the new one is published, and what is not of a run stays', async (context) => {
  const root = temporaryFolder(context);
  const former = await writeFormer(root);
  const old = ['args.json', 'history.csv', 'model.json', 'notes.txt'];
  const failed = await createRunFolder(root, { name: 'cells', existOk: true });
  await failed.lock();
  await failed.writeArguments({ command: 'train', epochs: 2 });
  assert.deepEqual(await failed.readHistory(), []);
  await failed.discard();
  await failed.unlock();
  assert.deepEqual(filesIn(former.path), old, 'a run that was given up leaves the former one');

  const run = await createRunFolder(root, { name: 'cells', existOk: true });
  await run.lock();
  await run.writeArguments({ command: 'train', epochs: 3 });
  assert.deepEqual(await former.readArguments(), { command: 'train', epochs: 1 });
  await run.publish();
  await run.unlock();
  assert.deepEqual(filesIn(run.path), ['args.json', 'notes.txt']);
  assert.deepEqual(await former.readArguments(), { command: 'train', epochs: 3 });
  await run.discard();
  assert.ok(existsSync(run.path), 'a folder that was there before is not deleted');
  assert.equal((await createRunFolder(root, { existOk: true })).name, 'train');
  assert.equal((await createRunFolder(root, { existOk: true })).name, 'train');
});

test('existOk takes nothing but a run of cajal', async (context) => {
  const root = temporaryFolder(context);
  const folder = path.join(root, 'cells');
  mkdirSync(path.join(folder, 'weights'), { recursive: true });
  writeFileSync(path.join(folder, 'weights', 'cat.png'), '');
  const refuse = (message: RegExp) =>
    assert.rejects(createRunFolder(root, { name: 'cells', existOk: true }), { name: 'OptionError', message });
  await refuse(
    /expected an empty folder or one of a run \(with args\.json of cajal\), received .*cells with weights\. Choose/,
  );
  writeFileSync(path.join(folder, 'args.json'), '{"epochs":1}');
  await refuse(/received .*cells with args\.json, weights\./);
  writeFileSync(path.join(folder, 'args.json'), '{"command":"train"}');
  mkdirSync(path.join(folder, 'weights', 'best'));
  writeFileSync(path.join(folder, 'weights', 'best', 'dog.png'), '');
  await refuse(/expected .*best to be of a run \(with model\.json\), received a folder with dog\.png\./);
  assert.deepEqual(filesIn(folder), ['args.json', 'cat.png', 'dog.png']);
});

test('a change of runs that was cut short is undone or finished by who opens the run', async (context) => {
  const former = await writeFormer(temporaryFolder(context));
  const aside = (...parts: string[]) => path.join(former.path, '.former-run', ...parts);
  const next = (...parts: string[]) => path.join(former.path, '.next-run', ...parts);
  const fill = () => {
    mkdirSync(aside(), { recursive: true });
    mkdirSync(next(), { recursive: true });
    writeFileSync(next('args.json'), '{"command":"train","epochs":2}');
    renameSync(former.pathOf('history.csv'), aside('history.csv'));
  };
  fill();
  const undone = await openRunFolder(former.path);
  assert.equal((await undone.readHistory()).length, 1);
  assert.deepEqual(await undone.readArguments(), { command: 'train', epochs: 1 });
  fill();
  renameSync(former.pathOf('weights/best'), aside('best'));
  renameSync(former.pathOf('args.json'), aside('args.json'));
  const finished = await openRunFolder(former.path);
  assert.deepEqual(await finished.readArguments(), { command: 'train', epochs: 2 });
  assert.deepEqual(filesIn(former.path), ['args.json', 'notes.txt']);
});

test('one process at a time writes a run; the lock of one that is gone counts for nothing', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  await run.writeArguments({ command: 'train' });
  await run.lock();
  const taken = { name: 'StorageError', message: new RegExp(`received a run that process ${process.pid} is writing`) };
  await assert.rejects(openRunFolder(run.path), taken);
  await assert.rejects(new RunFolder(run.path, { isNew: false }).lock(), taken);
  await run.unlock();
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  for (const content of [
    `${gone} \n`,
    `${process.pid} \n`,
    '',
    ...(existsSync('/proc/1/stat') ? ['1 12345678901\n'] : []),
  ]) {
    writeFileSync(run.pathOf('.lock'), content);
    await openRunFolder(run.path);
    assert.deepEqual(readdirSync(run.path), ['args.json']);
  }
  writeFileSync(run.pathOf('.lock'), `${process.ppid} \n`);
  await assert.rejects(openRunFolder(run.path), /received a run that process \d+ is writing/);
});

test('a run has no place in, at or around the pictures', async (context) => {
  const root = temporaryFolder(context);
  mkdirSync(path.join(root, 'pictures', 'cats'), { recursive: true });
  const at = (name: string) => path.join(root, name);
  const refuse = (place: string, received: string) =>
    assert.rejects(checkRunPlace(place, ['/elsewhere', at('pictures')]), {
      name: 'OptionError',
      message:
        `run folder: expected a place apart from the pictures in ${at('pictures')}, received ${received} (${place}). ` +
        'Choose another --out, or another current folder.',
    });
  symlinkSync(at('pictures'), at('link'));
  await refuse(at('pictures'), 'the pictures themselves');
  await refuse(at('pictures/cats/new'), 'a place among them');
  await refuse(at('link/runs'), 'a place among them');
  await refuse(root, 'one around them');
  for (const name of ['runs', 'pictures2', '..pictures']) await checkRunPlace(at(name), [at('pictures')]);
});

test('names that are no folder names are refused', async (context) => {
  const root = temporaryFolder(context);
  for (const name of ['', '..', '.hidden', 'a/b', 'a\\b', 'nul', 'COM1.txt', ' a', 'a.', 'a\nb', 'é'.repeat(101)]) {
    await assert.rejects(
      createRunFolder(root, { name }),
      /^OptionError: run folder: expected a plain folder name, received /,
    );
  }
  assert.deepEqual(readdirSync(root), []);
  for (const name of ['blood cells', 'v1.2_é']) assert.equal((await createRunFolder(root, { name })).name, name);
});

test('unknown options, and a root that is a file, are refused', async (context) => {
  const root = temporaryFolder(context);
  const file = path.join(root, 'file');
  writeFileSync(file, '');
  await assert.rejects(
    createRunFolder(root, { existsOk: true } as object),
    /unknown option "existsOk"\. Did you mean "existOk"/,
  );
  await assert.rejects(createRunFolder(file), {
    message: `run folder: expected a folder at ${file}, received a file. Choose another folder with --out, or move the file.`,
  });
  await assert.rejects(createRunFolder(root, { name: 'file' }), /expected a folder at .*file, received a file/);
  await assert.rejects(createRunFolder(path.join(file, 'runs')), /expected a folder at .*runs, received a file/);
});

test('a read-only place for runs is an error by name', async (context) => {
  const disk = mountSmallDisk(context, 64);
  if (!disk) return;
  const run = await createRunFolder(disk.folder, { name: 'former' });
  await run.writeArguments({ command: 'train' });
  disk.makeReadOnly();
  const message = /received EROFS\. This one is mounted read-only: choose a folder on another disk\.$/;
  await assert.rejects(createRunFolder(disk.folder), message);
  await assert.rejects(createRunFolder(path.join(disk.folder, 'runs')), message);
  const next = await createRunFolder(disk.folder, { name: 'former', existOk: true });
  await assert.rejects(next.lock(), message);
});
