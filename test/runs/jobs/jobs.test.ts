// Protects jobs as another program calls them: what they tell, and that a signal stops each of them.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { listPictures } from '../../../src/data/node/index.ts';
import { createRunFolder, openRunFolder } from '../../../src/runs/create-run-folder.ts';
import { tryOneBatch } from '../../../src/runs/jobs/dry-run.ts';
import { evaluateFolder } from '../../../src/runs/jobs/evaluate.ts';
import { type JobObserver, silentObserver } from '../../../src/runs/jobs/job-observer.ts';
import { predictPictures } from '../../../src/runs/jobs/predict.ts';
import { openPictureModel } from '../../../src/runs/jobs/run-models.ts';
import { train } from '../../../src/runs/jobs/train.ts';
import type { TrainSettings } from '../../../src/runs/jobs/train-settings.ts';
import { writeTinyPictures } from '../../cli/tiny-pictures.ts';

let folder = '';
let settings: TrainSettings;
const at = (...parts: string[]) => path.join(folder, ...parts);
const stopped = () => AbortSignal.abort();
const told: string[] = [];
const observer: JobObserver = {
  start(title, total) {
    told.push(`${title} (${total})`);
    return { update() {}, end: () => void told.push('end') };
  },
  warn: (message) => void told.push(message),
  say() {},
  event: ({ event }) => void told.push(event),
};

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-jobs-'));
  settings = {
    folder: await writeTinyPictures(at('pictures'), 6),
    val: 0.34,
    fraction: 1,
    strict: false,
    arch: 'cnn',
    size: 12,
    colorMode: 'rgb',
    fit: 'stretch',
    interpolation: 'bilinear',
    filters: [4],
    units: 8,
    dropout: 0.4,
    epochs: 2,
    batchSize: 8,
    optimizer: 'adam',
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 0,
  };
  const run = await createRunFolder(at('runs'), { name: 'first' });
  const { reason, epochs } = await train(run, settings, { observer });
  assert.deepEqual({ reason, epochs }, { reason: 'finished', epochs: 2 });
});

after(() => rmSync(folder, { recursive: true, force: true }));

test('a training tells its observer what it does, in order', () => {
  const expected = [
    'Reading pictures (18)',
    'end',
    'start',
    'Epoch 1/2 (2)',
    'end',
    'epoch',
    'Epoch 2/2 (2)',
    'end',
    'epoch',
  ];
  assert.deepEqual(told, [...expected, 'Evaluating on validation pictures (6)', 'end', 'end']);
});

test('a training that is stopped before its first epoch leaves no folder', async () => {
  const run = await createRunFolder(at('runs'), { name: 'none' });
  await assert.rejects(train(run, settings, { observer: silentObserver, signal: stopped() }), { name: 'AbortError' });
  assert.ok(!existsSync(run.path));
});

test('a checkpoint of another network is refused, and the run is kept', async () => {
  cpSync(at('runs/first'), at('runs/other'), { recursive: true });
  const run = await openRunFolder(at('runs/other'));
  const other = { ...settings, filters: [4, 4], size: 24 };
  const resumed = train(run, other, { observer: silentObserver, isResumed: true });
  await assert.rejects(
    resumed,
    /checkpoint: expected "conv2d_1\/kernel" of \[.*\], received none\. It is of another network or optimizer: start anew\.$/,
  );
  assert.ok(existsSync(at('runs/other/weights/best/model.json')));
});

test('predicting gives answers in the order of the files, and can be stopped', async () => {
  const model = await openPictureModel(at('runs/first'));
  const { files } = await listPictures([settings.folder]);
  const answers = [];
  for await (const answer of predictPictures(model, files, { topK: 3, observer: silentObserver })) answers.push(answer);
  assert.deepEqual(
    answers.map(({ path: file }) => file),
    files,
  );
  for (const { answers: [first, second] = [] } of answers) assert.ok(first!.probability >= second!.probability);
  const all = predictPictures(model, files, { topK: 1, observer: silentObserver, signal: stopped() });
  await assert.rejects(all.next(), /predict: stopped after 0 of 18 pictures\./);
});

test('evaluating and trying out can be stopped', async () => {
  const model = await openPictureModel(at('runs/first'));
  const options = { observer: silentObserver, signal: stopped() };
  await assert.rejects(evaluateFolder(model, settings.folder, { ...options, batchSize: 8, strict: false }), {
    name: 'AbortError',
  });
  await assert.rejects(tryOneBatch(settings, options), /train: the trial was stopped\./);
});

test('the last model is found where there is no best one, and a half exchanged one is put back', async () => {
  cpSync(at('runs/first'), at('runs/half'), { recursive: true });
  cpSync(at('runs/half/weights/best'), at('runs/half/weights/.best.former'), { recursive: true });
  rmSync(at('runs/half/weights/best'), { recursive: true });
  assert.equal((await openPictureModel(at('runs/half'))).folder, at('runs/half/weights/best'));
  rmSync(at('runs/half/weights/best'), { recursive: true });
  assert.equal((await openPictureModel(at('runs/half'))).folder, at('runs/half/weights/last'));
  rmSync(at('runs/half/weights'), { recursive: true });
  await assert.rejects(
    openPictureModel(at('runs/half')),
    /expected a run or a model folder, received a run that has saved none yet/,
  );
});

test('what decides the weights is in args.json, and nothing else', () => {
  const { command, ...written } = JSON.parse(readFileSync(at('runs/first/args.json'), 'utf8'));
  assert.equal(command, 'train');
  assert.deepEqual(written, settings);
});

test('pictures that go away after the last epoch cost their thumbnails, and not the report', async () => {
  cpSync(settings.folder, at('vanishing'), { recursive: true });
  const run = await createRunFolder(at('runs'), { name: 'vanishing' });
  const forgetful: JobObserver = {
    ...silentObserver,
    start(title) {
      // The answers come from memory; what the report shows is read again.
      if (title.startsWith('Evaluating')) rmSync(at('vanishing'), { recursive: true });
      return { update() {}, end() {} };
    },
  };
  const { reason } = await train(run, { ...settings, folder: at('vanishing'), epochs: 1 }, { observer: forgetful });
  assert.equal(reason, 'finished');
  const { samples, mistakes } = JSON.parse(readFileSync(run.pathOf('report.json'), 'utf8'));
  assert.deepEqual(samples, []);
  for (const { picture, file } of mistakes) assert.ok(picture === undefined && file.endsWith('.png'));
  assert.ok(existsSync(run.pathOf('report.html')));
});

test('without a cache, pictures that go away while it trains stop it, and the message says how to go on', async () => {
  const pictures = at('leaving');
  cpSync(settings.folder, pictures, { recursive: true });
  const run = await createRunFolder(at('runs'), { name: 'leaving' });
  const careless: JobObserver = {
    ...silentObserver,
    event({ event }) {
      if (event === 'epoch') for (const name of readdirSync(pictures)) rmSync(path.join(pictures, name, '_0_0.png'));
    },
  };
  const going = { ...settings, folder: pictures, epochs: 3 };
  await assert.rejects(train(run, going, { observer: careless, cacheBytes: 0 }), {
    name: 'DataError',
    message: new RegExp(
      '_0_0\\.png: expected a picture .*, received a path where nothing is\\. Put it back as it was\\. ' +
        'Then go on: cajal train --resume .*leaving$',
    ),
  });
  cpSync(settings.folder, pictures, { recursive: true });
  const { reason } = await train(run, going, { observer: silentObserver, isResumed: true });
  assert.equal(reason, 'finished');
});
