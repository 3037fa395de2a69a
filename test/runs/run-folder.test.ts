/** Protects what a run folder holds: its files, what resuming forgets, and what damage is told. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SplitRecord } from '../../src/data/index.ts';
import { createRunFolder, openRunFolder } from '../../src/runs/create-run-folder.ts';
import { RunFolder } from '../../src/runs/run-folder.ts';
import { describeMachine } from '../../src/runs/versions.ts';
import { makeReportData } from './report-fixture.ts';
import { mountSmallDisk, temporaryFolder } from './temporary-folder.ts';

test('history.csv has sorted columns, NA for what is missing, and all digits', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  await run.appendHistory({ epoch: 1, val_loss: 0.1 + 0.2, loss: 1 / 3 });
  await run.appendHistory({ epoch: 2, loss: Number.NaN, accuracy: 1, 'a,"b"': 1e-300 });
  const text = readFileSync(run.pathOf('history.csv'), 'utf8');
  assert.equal(
    text,
    'epoch,"a,""b""",accuracy,loss,val_loss\n1,NA,NA,0.3333333333333333,0.30000000000000004\n2,1e-300,1,NaN,NA\n',
  );
  assert.deepEqual(await run.readHistory(), [
    { epoch: 1, loss: 1 / 3, val_loss: 0.1 + 0.2 },
    { epoch: 2, 'a,"b"': 1e-300, accuracy: 1, loss: Number.NaN },
  ]);
});

test('a history that was changed by hand is refused by line', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  const write = (text: string) => writeFileSync(run.pathOf('history.csv'), text);
  write('epoch,loss\n1\n');
  await assert.rejects(run.readHistory(), {
    message: 'history.csv line 2: expected 2 cells, received 1. Put the file back as the run wrote it.',
  });
  write('epoch,loss\n1,0.5\n2,good\n');
  await assert.rejects(run.readHistory(), /history\.csv line 3: expected a number under "loss", received "good"\. Put/);
  write('epoch,loss\n1.5,0.5\n');
  await assert.rejects(run.readHistory(), /line 2: expected a whole number under "epoch", received 1\.5\. Put/);
});

test('going on from an epoch forgets what came after it, and half a line', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  await run.appendEvent({ event: 'start' });
  for (let epoch = 1; epoch <= 4; epoch++) {
    await run.appendHistory({ epoch, loss: 1 / epoch });
    await run.appendEvent({ event: 'epoch', epoch, loss: 1 / epoch });
  }
  appendFileSync(run.pathOf('events.jsonl'), '{"event":"ep');
  writeFileSync(run.pathOf('.history.csv.99-0123456789ab.tmp'), 'half');
  await run.truncateTo(2);
  assert.deepEqual(await run.readHistory(), [
    { epoch: 1, loss: 1 },
    { epoch: 2, loss: 0.5 },
  ]);
  assert.deepEqual(
    (await run.readEvents()).map(({ event, epoch }) => [event, epoch]),
    [
      ['start', undefined],
      ['epoch', 1],
      ['epoch', 2],
    ],
  );
  assert.deepEqual(readdirSync(run.path).sort(), ['events.jsonl', 'history.csv']);
  await run.appendHistory({ epoch: 3, loss: 0.25 });
  await run.appendHistory({ epoch: 3, loss: 0.125 });
  assert.equal((await run.readHistory()).at(-1)?.loss, 0.125);
  assert.equal((await run.readHistory()).length, 3);
});

test('nothing is forgotten where nothing was recorded', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  await run.truncateTo(0);
  assert.deepEqual(readdirSync(run.path), []);
});

test('calls that nobody waits for are carried out one after the other', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  const calls = [];
  for (let epoch = 1; epoch <= 20; epoch++) {
    calls.push(run.appendHistory({ epoch, loss: epoch }), run.appendEvent({ event: 'epoch', epoch }));
  }
  await Promise.all(calls);
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  assert.deepEqual(
    (await run.readHistory()).map(({ epoch }) => epoch),
    numbers,
  );
  assert.deepEqual(
    (await run.readEvents()).map(({ epoch }) => epoch),
    numbers,
  );
});

test('a full disk leaves the events whole, and a later call is not stopped by it', async (context) => {
  const disk = mountSmallDisk(context, 64);
  if (!disk) return;
  const run = await createRunFolder(disk.folder);
  await run.appendEvent({ event: 'start' });
  const full = { name: 'StorageError', message: /events\.jsonl: expected room on the disk, received ENOSPC\. Free/ };
  await assert.rejects(run.appendEvent({ event: 'long', text: 'x'.repeat(100_000) }), full);
  await run.appendEvent({ event: 'end' });
  assert.equal(readFileSync(run.pathOf('events.jsonl'), 'utf8'), '{"event":"start"}\n{"event":"end"}\n');
  const second = await createRunFolder(disk.folder);
  await assert.rejects(second.appendEvent({ event: 'long', text: 'x'.repeat(100_000) }), full);
  assert.deepEqual(readdirSync(second.path), [], 'not even an empty file');
});

test('arguments, versions and split are JSON as a person can read it', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  const versions = {
    ...describeMachine(),
    cajal: '0.1.0',
    backend: 'native',
    instructionSet: 'avx2',
    threads: 2,
    kernelHash: 'abc',
    seed: 7,
  };
  await run.writeVersions(versions);
  assert.deepEqual(JSON.parse(readFileSync(run.pathOf('versions.json'), 'utf8')), versions);
  assert.match(versions.node, /^\d+\.\d+\.\d+$/);
  assert.ok(versions.cores >= 1 && versions.memoryBytes > 0 && versions.cpu !== '' && versions.platform !== '');
  const split: SplitRecord = {
    version: 1,
    method: 'group',
    classNames: ['a', 'b'],
    pattern: '^_(\\d+)_',
    files: [
      { path: 'a/_0_1.png', class: 'a', group: 'a/0', subset: 'training', sha256: '00' },
      { path: 'b/_1_1.png', class: 'b', group: 'b/1', subset: 'validation', sha256: '01' },
    ],
  };
  await run.writeSplit(split);
  const text = readFileSync(run.pathOf('split.json'), 'utf8');
  assert.deepEqual(JSON.parse(text), split);
  assert.equal(text.split('\n').filter((line) => line.includes('sha256')).length, 2, 'one line per picture');
});

test('a folder that holds no run cannot be opened', async (context) => {
  const folder = temporaryFolder(context);
  await assert.rejects(openRunFolder(folder), {
    name: 'DataError',
    message: `run folder: expected a folder with args.json, received ${folder}. Name the folder of a run, as the training printed it (runs/train-2).`,
  });
});

test('opening a run clears away what a kill left, and damaged files are told by name', async (context) => {
  const created = await createRunFolder(temporaryFolder(context));
  await created.writeArguments({ seed: 7 });
  writeFileSync(created.pathOf('.report.html.12-0123456789ab.tmp'), 'half');
  const run = await openRunFolder(created.path);
  assert.deepEqual(readdirSync(run.path), ['args.json']);
  assert.deepEqual(await run.readArguments(), { seed: 7 });
  writeFileSync(run.pathOf('args.json'), '{"seed":');
  await assert.rejects(run.readArguments(), {
    name: 'FormatError',
    message: `${run.pathOf('args.json')}: expected JSON, received "{\\"seed\\":". Put the file back as the run wrote it.`,
  });
  writeFileSync(run.pathOf('events.jsonl'), '{}\nnonsense\n');
  await assert.rejects(run.readEvents(), /events\.jsonl line 2: expected JSON, received "nonsense"/);
  mkdirSync(run.pathOf('history.csv'));
  await assert.rejects(run.readHistory(), /history\.csv: expected a file that can be written, received EISDIR/);
});

test('the report is two files, the JSON without pixels', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  const data = makeReportData();
  await run.writeReport(data);
  assert.deepEqual(readdirSync(run.path).sort(), ['report.html', 'report.json']);
  const json = JSON.parse(readFileSync(run.pathOf('report.json'), 'utf8'));
  assert.deepEqual(json.evaluation, data.evaluation);
  assert.deepEqual(json.history, data.history);
  assert.deepEqual(Object.keys(json.samples[0]).sort(), ['className', 'file', 'height', 'width']);
  assert.equal(json.mistakes[0].picture, undefined);
  assert.match(readFileSync(run.pathOf('report.html'), 'utf8'), /^<!doctype html>/);
});

test('a run that failed early can take its folder back', async (context) => {
  const run = await createRunFolder(temporaryFolder(context));
  await run.writeArguments({});
  await run.discard();
  assert.equal(existsSync(run.path), false);
});

test('the name of a run is the last part of its path', () => {
  assert.equal(new RunFolder('runs/cells/', { isNew: false }).name, 'cells');
});
