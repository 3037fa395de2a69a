/** Protects the promise that a file of a run is whole, whatever happens while it is written: a kill, a full disk, a
 * read-only one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DataError, StorageError } from '../../../src/core/errors.ts';
import { storageFailure } from '../../../src/formats/node/storage-failure.ts';
import { removeTemporaryFiles, writeFileAtomic } from '../../../src/formats/node/write-file-atomic.ts';
import { mountSmallDisk, temporaryFolder } from '../../runs/temporary-folder.ts';

test('a file is replaced, and nothing else is left in the folder', async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'report.json');
  await writeFileAtomic(file, 'first');
  await writeFileAtomic(file, new Uint8Array([0xc3, 0xa9]));
  assert.equal(readFileSync(file, 'utf8'), 'é');
  assert.deepEqual(readdirSync(folder), ['report.json']);
});

test('after a kill in the middle of writing, the file is one of its versions and the rest is cleared away', async (context) => {
  const folder = temporaryFolder(context);
  const file = path.join(folder, 'large.txt');
  const sizeBytes = 8_000_000;
  const module = new URL('../../../src/formats/node/write-file-atomic.ts', import.meta.url).href;
  const program = `const { writeFileAtomic } = await import(${JSON.stringify(module)});
    for (let letter = 0; ; letter = (letter + 1) % 26) {
      await writeFileAtomic(${JSON.stringify(file)}, String.fromCharCode(97 + letter).repeat(${sizeBytes}));
    }`;
  let leftBehind = 0;
  for (const delayMs of [3, 11, 17, 24, 30]) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      cwd: new URL('../../..', import.meta.url),
      stdio: 'inherit',
    });
    const deadline = Date.now() + 20_000;
    while (!existsSync(file) && Date.now() < deadline) await wait(5);
    // Later rounds find the file of earlier ones: they wait for a temporary file of their own instead.
    while (readdirSync(folder).length === leftBehind + 1 && Date.now() < deadline) await wait(1);
    await wait(delayMs);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const content = readFileSync(file, 'latin1');
    assert.equal(content.length, sizeBytes);
    assert.equal(content, content[0]!.repeat(sizeBytes));
    leftBehind = readdirSync(folder).length - 1;
  }
  writeFileSync(path.join(folder, '.mine.tmp'), 'not ours');
  await removeTemporaryFiles(folder);
  assert.deepEqual(readdirSync(folder).sort(), ['.mine.tmp', 'large.txt']);
});

test('a full disk is an error by name; the file stays as it was and nothing half-written stays', async (context) => {
  const disk = mountSmallDisk(context, 64);
  if (!disk) return;
  const file = path.join(disk.folder, 'history.csv');
  await writeFileAtomic(file, 'epoch,loss\n');
  await assert.rejects(writeFileAtomic(file, 'x'.repeat(100_000)), {
    name: 'StorageError',
    message: `writing ${file}: expected room on the disk, received ENOSPC. Free some space, or choose a folder on another disk.`,
  });
  assert.equal(readFileSync(file, 'utf8'), 'epoch,loss\n');
  assert.deepEqual(readdirSync(disk.folder), ['history.csv']);
});

test('a read-only disk is an error by name', async (context) => {
  const disk = mountSmallDisk(context, 64);
  if (!disk) return;
  disk.makeReadOnly();
  const file = path.join(disk.folder, 'args.json');
  await assert.rejects(writeFileAtomic(file, '{}'), {
    name: 'StorageError',
    message: `writing ${file}: expected a disk that can be written, received EROFS. This one is mounted read-only: choose a folder on another disk.`,
  });
});

test('a folder that is gone is an error by name', async (context) => {
  const file = path.join(temporaryFolder(context), 'gone', 'args.json');
  await assert.rejects(writeFileAtomic(file, '{}'), /expected the folder to be there, received ENOENT\. It was moved/);
});

test('clearing away in a folder that is gone is an error by name', async (context) => {
  const folder = path.join(temporaryFolder(context), 'gone');
  await assert.rejects(removeTemporaryFiles(folder), /expected the folder to be there, received ENOENT/);
});

test('every other failure of the system is told with what to do', () => {
  const failure = (code: string) => storageFailure('runs/a', Object.assign(new Error(`${code}: words`), { code }));
  const expected: Record<string, RegExp> = {
    EDQUOT: /^writing runs\/a: expected room in your disk quota, received EDQUOT\. Free some space/,
    EACCES: /^writing runs\/a: expected permission to write, received EACCES\. Give your user write permission/,
    EPERM: /expected permission to write, received EPERM\. Give/,
    ENOTDIR: /expected a folder above it, received ENOTDIR\. A part of the path is a file/,
    ENAMETOOLONG: /expected a shorter path, received ENAMETOOLONG\. Choose a shorter name/,
    EMFILE: /expected a free file handle, received EMFILE\. Too many files are open/,
    EIO: /expected a file that can be written, received EIO: words\. Look at the disk/,
  };
  for (const [code, message] of Object.entries(expected)) {
    assert.match(failure(code).message, message);
    assert.ok(failure(code) instanceof StorageError);
  }
  assert.match(storageFailure('runs/a', 'nonsense').message, /received nonsense\. Look/);
  const own = new DataError('data: no pictures.');
  assert.equal(storageFailure('runs/a', own), own);
});
