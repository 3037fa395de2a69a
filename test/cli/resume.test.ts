// Protects stopping and going on: Ctrl-C leaves a whole run, and a run that was killed five times in mid-epoch ends with the
// same bits as one that never was.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultBackend } from '../../src/engine/choose-backend.ts';
import { run, start } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let formerFolder = '';
// The reference keeps its numbers in float64, and files hold float32: it is an oracle, and not for training.
let isReference = false;
const notBitForBit = 'the reference backend does not go on to the bit: it computes in float64';
const at = (...parts: string[]) => path.join(folder, ...parts);
// Long epochs for so few pictures, so that a moment in mid-epoch can be met.
const training = [
  'train',
  'pictures',
  ...tinyNetwork,
  '--steps-per-epoch',
  '120',
  '--patience',
  '40',
  '--seed',
  '3',
  '--json',
];
const epochs = 12;

before(async () => {
  const { backend } = await defaultBackend();
  isReference = backend.name === 'reference';
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-resume-'));
  await writeTinyPictures(at('pictures'));
  formerFolder = process.cwd();
  process.chdir(folder);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a training and waits for the event that begins it, then for so many epochs. */
async function startAndAwait(args: readonly string[], wholeEpochs: number) {
  const { child, outcome } = start(args, { cwd: folder });
  const seen = new Promise<void>((resolve) => {
    let found = -1;
    child.stdout!.on('data', (text: string) => {
      found += text.split('\n').filter((line) => /"event":"(start|resume|epoch)"/.test(line)).length;
      if (found >= wholeEpochs) resolve();
    });
  });
  await Promise.race([seen, outcome]);
  return { child, outcome };
}

test('a run that is killed at five moments in mid-epoch ends with the same bits', async (context) => {
  if (isReference) return context.skip(notBitForBit);
  const whole = await run([...training, '--epochs', String(epochs), '--name', 'whole']);
  assert.equal(whole.code, 0, whole.notes);
  const times = whole.out
    .split('\n')
    .filter((line) => line.includes('"epoch"'))
    .map((line) => Number(JSON.parse(line).seconds ?? 0));
  const epochMs = Math.max(...times) * 1000;

  let args: readonly string[] = [...training, '--epochs', String(epochs), '--name', 'killed'];
  const done: number[] = [];
  for (const wholeEpochs of [0, 1, 1, 2, 1]) {
    const { child, outcome } = await startAndAwait(args, wholeEpochs);
    await wait(Math.random() * epochMs * 0.8);
    child.kill('SIGKILL');
    const { code } = await outcome;
    assert.equal(code, null, 'it was killed before it could end');
    const checkpoint = at('runs/killed/checkpoint/checkpoint.json');
    done.push(existsSync(checkpoint) ? JSON.parse(readFileSync(checkpoint, 'utf8')).epoch : 0);
    args = ['train', '--resume', 'runs/killed', '--json'];
  }
  context.diagnostic(`killed after ${done.join(', ')} of ${epochs} epochs`);
  const last = await run(args);
  assert.equal(last.code, 0, last.notes);
  assert.match(last.out, /"event":"resume"/);
  for (const file of [
    'history.csv',
    'weights/best/model.safetensors',
    'weights/last/model.safetensors',
    'checkpoint/state.safetensors',
    'split.json',
    'args.json',
  ]) {
    assert.ok(readFileSync(at('runs/killed', file)).equals(readFileSync(at('runs/whole', file))), file);
  }
  const rows = readFileSync(at('runs/killed/events.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"event":"epoch"'));
  assert.deepEqual(
    rows.map((line) => JSON.parse(line).epoch),
    Array.from({ length: epochs }, (_, index) => index + 1),
  );
  assert.deepEqual(
    readdirSync(at('runs/killed')).filter((name) => name.startsWith('.')),
    [],
    'nothing half-written is left',
  );
});

test('Ctrl-C ends the step, saves, reports and exits with 130; the run can go on to the same bits', async (context) => {
  if (isReference) return context.skip(notBitForBit);
  const { child, outcome } = await startAndAwait([...training, '--epochs', '3', '--name', 'stopped'], 1);
  child.kill('SIGINT');
  const { code, out, notes } = await outcome;
  assert.equal(code, 130, notes);
  assert.match(
    notes,
    /Stopping after this step, then the report\. Press Ctrl-C again to stop at once\.\n.*To go on: cajal train --resume runs.stopped/s,
  );
  const end = JSON.parse(out.trim().split('\n').at(-1)!);
  assert.equal(end.reason, 'interrupted');
  for (const file of ['report.html', 'weights/best/model.json', 'weights/last/model.json'])
    assert.ok(existsSync(at('runs/stopped', file)), file);

  const resumed = await run(['train', '--resume', 'runs/stopped', '--quiet']);
  assert.equal(resumed.code, 0, resumed.notes);
  const again = await run(['train', '--config', 'runs/stopped/args.json', '--quiet', '--name', 'unstopped']);
  assert.equal(again.code, 0, again.notes);
  for (const file of ['history.csv', 'weights/last/model.safetensors']) {
    assert.ok(readFileSync(at('runs/stopped', file)).equals(readFileSync(at('runs/unstopped', file))), file);
  }
});

test('a finished run has nothing to go on with; --epochs asks for more, and gives what a longer run gives', async (context) => {
  if (isReference) return context.skip(notBitForBit);
  const state = () => readFileSync(at('runs/stopped/checkpoint/state.safetensors'));
  const before = state();
  const { code } = await run(['train', '--resume', 'runs/stopped', '--quiet']);
  assert.equal(code, 0);
  assert.ok(state().equals(before));
  const longer = await run(['train', '--resume', 'runs/stopped', '--epochs', '4', '--quiet']);
  assert.equal(longer.code, 0, longer.notes);
  const whole = readFileSync(at('runs/whole/history.csv'), 'utf8').split('\n').slice(0, 5);
  assert.deepEqual(readFileSync(at('runs/stopped/history.csv'), 'utf8').trim().split('\n'), whole);
});

test('Ctrl-C twice ends at once', async () => {
  const { child, outcome } = await startAndAwait([...training, '--epochs', '500', '--name', 'aborted'], 0);
  child.kill('SIGINT');
  child.stderr!.once('data', () => child.kill('SIGINT'));
  const { out } = await outcome;
  // Shells say 130 for it.
  assert.equal(child.signalCode, 'SIGINT');
  assert.doesNotMatch(out, /"event":"end"/);
});

test('Ctrl-C before the first epoch leaves no run', async () => {
  for (let copy = 0; copy < 40; copy++) cpSync(at('pictures/cats'), at(`many/cats/${copy}`), { recursive: true });
  cpSync(at('pictures/dogs'), at('many/dogs'), { recursive: true });
  const { child, outcome } = start(['train', 'many', ...tinyNetwork, '--size', '200', '--name', 'none'], {
    cwd: folder,
  });
  while (!existsSync(at('runs/none'))) await wait(5);
  child.kill('SIGINT');
  const { code, notes } = await outcome;
  assert.equal(code, 130, notes);
  assert.ok(!existsSync(at('runs/none')), notes);
});

test('a run whose pictures have changed, or whose checkpoint is damaged, does not go on', async (context) => {
  if (isReference) return context.skip(notBitForBit);
  cpSync(at('runs/stopped'), at('runs/damaged'), { recursive: true });
  writeFileSync(at('runs/damaged/checkpoint/state.safetensors'), 'nothing');
  const damaged = await run(['train', '--resume', 'runs/damaged']);
  assert.equal(damaged.code, 3);
  assert.match(
    damaged.notes,
    /state\.safetensors: expected the state that checkpoint\.json was written with, received another/,
  );
  writeFileSync(at('runs/damaged/checkpoint/checkpoint.json'), '{}');
  const foreign = await run(['train', '--resume', 'runs/damaged']);
  assert.match(foreign.notes, /checkpoint\.json: expected a checkpoint of version 1, received something else/);

  rmSync(at('pictures/cats/_0_0.png'));
  const changed = await run(['train', '--resume', 'runs/stopped']);
  assert.equal(changed.code, 3);
  assert.match(changed.notes, /expected the files as they were, received 1 that changed/);
  assert.ok(existsSync(at('runs/stopped/report.html')), 'an old run is never thrown away');
});
