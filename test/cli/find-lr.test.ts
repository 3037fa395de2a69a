// Protects `cajal find-lr` as a person types it: what it prints and writes, that it trains as `train` would, and what it refuses.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findLearningRate } from '../../src/runs/jobs/find-learning-rate.ts';
import { type JobObserver, silentObserver } from '../../src/runs/jobs/job-observer.ts';
import type { TrainSettings } from '../../src/runs/jobs/train-settings.ts';
import { run } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

let folder = '';
let formerFolder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
const search = ['find-lr', 'pictures', ...tinyNetwork, '--optimizer', 'adam'];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-find-lr-'));
  await writeTinyPictures(at('pictures'), 24);
  formerFolder = process.cwd();
  process.chdir(folder);
});

after(() => {
  process.chdir(formerFolder);
  rmSync(folder, { recursive: true, force: true });
});

test('prints a suggestion, a table and the command that uses it, and writes the picture', async () => {
  const { code, out, notes } = await run([...search, '--dropout', '0']);
  assert.equal(code, 0, notes);
  assert.match(out, /^learning rate +loss +smoothed\n +1\.0e-7 +\d\.\d+ +\d\.\d+\n/);
  assert.equal(out.match(/<- suggestion$/gm)?.length, 1);
  const rate = Number(/^Suggested learning rate: ([\d.e-]+), where the smoothed loss falls/m.exec(out)?.[1]);
  assert.ok(rate > 1e-4 && rate < 1, `${rate}`);
  const command = /^To train with it: cajal (.*)$/m.exec(out)![1]!;
  assert.equal(
    command,
    `train pictures --size 12 --filters 4 --units 8 --dropout 0 --batch-size 8 --optimizer adam --learning-rate ${rate}`,
  );
  assert.match(out, /\nPicture: runs.find-lr.learning-rate\.html\n$/);
  assert.deepEqual(readdirSync(at('runs/find-lr')).sort(), ['learning-rate.html', 'learning-rate.svg']);
  const page = read('runs/find-lr/learning-rate.html');
  for (const part of ['<svg', 'A learning rate for <bdi>pictures</bdi>', command, '<tr class="best">']) {
    assert.ok(page.includes(part), part);
  }
  assert.ok(!/NaN|undefined|Infinity/.test(page));
  assert.match(read('runs/find-lr/learning-rate.svg'), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>/);
  assert.equal((await run([...command.split(' '), '--epochs', '1', '--name', 'found', '--quiet'])).code, 0);
});

test('prints JSON where it is asked, and writes into a folder that it is given', async () => {
  const { code, out, notes } = await run([...search, '--steps', '20', '--json', '--out', 'found/here']);
  assert.equal(code, 0);
  assert.match(notes, /^warning: Pictures of .*\n$/);
  const found = JSON.parse(out) as Record<string, unknown> & { learningRates: number[]; losses: number[] };
  assert.equal(found['event'], 'learning-rate');
  assert.equal(found['page'], path.join('found', 'here', 'learning-rate.html'));
  assert.equal(found.learningRates.length, found.losses.length);
  assert.ok(existsSync(at('found/here/learning-rate.svg')));
  const again = await run([...search, '--steps', '20', '--json', '--out', 'found/here']);
  assert.equal(again.out, out, 'the same seed gives the same losses');
});

test('tells how far it is, and stops at a signal', async () => {
  const settings: TrainSettings = {
    folder: 'pictures',
    val: 0.2,
    fraction: 1,
    strict: false,
    arch: 'logistic-regression',
    size: 12,
    colorMode: 'rgb',
    fit: 'stretch',
    interpolation: 'bilinear',
    filters: [4],
    units: 8,
    dropout: 0,
    epochs: 1,
    batchSize: 8,
    optimizer: 'adam',
    loss: 'categoricalCrossentropy',
    metrics: [],
    seed: 0,
  };
  const told: string[] = [];
  const controller = new AbortController();
  const observer: JobObserver = {
    ...silentObserver,
    start: (title, total) => ({
      update(done, logs) {
        told.push(`${title} ${done}/${total} ${Object.keys(logs ?? {})}`);
        if (title === 'Searching' && done === 3) controller.abort();
      },
      end() {},
    }),
  };
  const found = findLearningRate(
    settings,
    { minimum: 1e-7, maximum: 10, steps: 50, smoothing: 0.8 },
    { observer, signal: controller.signal },
  );
  await assert.rejects(found, { name: 'AbortError' });
  assert.deepEqual(
    told.slice(-3),
    [1, 2, 3].map((step) => `Searching ${step}/50 loss,learningRate`),
  );
});

test('says where no learning rate can be suggested', async () => {
  const { code, out } = await run([...search, '--maximum', '1e-6', '--steps', '12', '--out', 'none']);
  assert.equal(code, 0);
  assert.match(out, /^No suggestion: the smoothed loss (falls by .* only|does not fall), where/m);
  assert.doesNotMatch(out, /To train with it/);
  assert.match(read('none/learning-rate.html'), /<dt>Suggestion<\/dt><dd>none<\/dd>/);
  const lost = await run([
    'find-lr',
    'pictures',
    ...tinyNetwork,
    '--minimum',
    '1e18',
    '--maximum',
    '1e19',
    '--optimizer',
    'sgd',
    '--out',
    'lost',
  ]);
  assert.equal(lost.code, 0, lost.notes);
  assert.match(lost.out, /^No suggestion: the loss grew without bounds after \d+ steps?\./m);
});

test('refuses what it cannot use', async () => {
  const refusal = async (args: string[]) => {
    const { code, out, notes } = await run(['find-lr', ...args]);
    assert.equal(out, '');
    return `${code}: ${notes}`;
  };
  assert.match(await refusal([]), /^2: error: find-lr: expected pictures to search on, received no folder\./);
  assert.match(
    await refusal(['pictures', '--steps', '3']),
    /^2: .*--steps must be a whole number of at least 10, received 3/,
  );
  assert.match(
    await refusal(['pictures', '--minimum', '1', '--maximum', '0.1']),
    /^2: error: find-lr: expected --minimum below --maximum \(0\.1\), received 1\.\n$/,
  );
  assert.match(await refusal(['pictures', '--learning-rate', '1']), /^2: error: unknown option '--learning-rate'/);
  assert.match(await refusal(['pictures', '--out', 'pictures/cats']), /^2: .*expected a place apart from the pictures/);
  assert.match(await refusal(['nothing']), /^3: error: /);
  assert.ok(!existsSync(at('runs/find-lr-2')));
});
