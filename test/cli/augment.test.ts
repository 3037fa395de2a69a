// Protects `cajal augment`: what it shows is what training is given for the same seed, epoch and picture; its files; what it refuses.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { drawSheet } from '../../src/runs/jobs/augmentation-variants.ts';
import { silentObserver } from '../../src/runs/jobs/job-observer.ts';
import type { TrainSettings } from '../../src/runs/jobs/train-settings.ts';
import { openTrainingPictures } from '../../src/runs/jobs/training-data.ts';
import { temporaryFolder } from '../data/node/picture-folder.ts';
import { run } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

const folder = temporaryFolder();
const at = (...parts: string[]) => path.join(folder, ...parts);
const pictures = await writeTinyPictures(at('pictures'));
const words = ['flip', 'rotation=40', 'brightness'];
const augment = (...more: string[]) =>
  run(['augment', pictures, '--size', '12', '--augment', words.join(), '--count', '6', '--variants', '3', ...more]);

test('the sheet shows what training is given for the same seed, epoch and picture', async () => {
  const args = ['--augment', words.join(), '--seed', '5', '--epochs', '1', '--quiet', '--out', at('run')];
  assert.equal((await run(['train', pictures, ...tinyNetwork, ...args])).code, 0);
  const settings = JSON.parse(readFileSync(at('run', 'args.json'), 'utf8')) as TrainSettings;
  const how = { observer: silentObserver };
  const { training } = await openTrainingPictures(settings, how);
  const sheet = await drawSheet(settings, { ...how, count: 6, epochs: 3 });
  assert.equal(sheet.rows.length, 6);
  assert.deepEqual(
    sheet.rows.map(({ title }) => title),
    ['cats', 'cats', 'dogs', 'dogs', 'owls', 'owls'],
  );
  let compared = 0;
  for (let epoch = 0; epoch < 3; epoch++) {
    for await (const { inputs, names } of training.epoch(epoch)) {
      for (const { file, pictures: variants } of sheet.rows) {
        const place = names!.indexOf(file);
        if (place < 0) continue;
        const size = 12 * 12 * 3;
        assert.deepEqual(variants[epoch + 1]!.pixels, inputs.data.slice(place * size, (place + 1) * size));
        compared++;
      }
    }
  }
  assert.equal(compared, 18);
  assert.deepEqual(
    sheet.single.map(({ title, file }) => [title, file]),
    words.map((word) => [word, sheet.rows[0]!.file]),
  );
});

test('writes a page, and the variants as files in class folders', async () => {
  const { code, out, notes } = await augment('--out', at('sheet.html'), '--save-to-dir', at('saved'));
  assert.equal(code, 0, notes);
  assert.equal(out, `6 pictures in 3 epochs by ${words.join(', ')}: ${at('sheet.html')}\n18 files: ${at('saved')}\n`);
  const page = readFileSync(at('sheet.html'), 'utf8');
  assert.equal(page.match(/<img /g)?.length, 6 * 4 + 3 * 4);
  for (const text of ['All together', 'Each one alone', 'as prepared', 'epoch 3', 'rotation=40']) {
    assert.ok(page.includes(text), text);
  }
  const saved = readdirSync(at('saved', 'cats')).sort();
  assert.equal(saved.length, 6);
  const [, name, epoch] = /^(.*\.png)\.epoch-(\d)\.png$/.exec(saved[0]!)!;
  assert.ok(existsSync(path.join(pictures, 'cats', name!)));
  assert.equal(epoch, '1');
  const { width, height } = await sharp(at('saved', 'cats', saved[0]!)).metadata();
  assert.deepEqual([width, height], [12, 12]);
});

test('writes a PNG, and says as JSON what it did', async () => {
  const { code, out } = await augment('--out', at('sheet.png'), '--augment', 'flip', '--json', '--quiet');
  assert.equal(code, 0);
  const told = JSON.parse(out) as {
    augment: string[];
    epochs: number;
    pictures: { className: string }[];
    saved?: number;
  };
  assert.deepEqual([told.augment, told.epochs, told.pictures.length, told.saved], [['flip'], 3, 6, undefined]);
  // Six rows and a heading, four columns beside the names; pictures of 12 pixels are enlarged to 96.
  const { data, info } = await sharp(at('sheet.png')).raw().toBuffer({ resolveWithObject: true });
  assert.ok(
    info.height >= 6 * 96 && info.height < 7 * 110 && info.width >= 4 * 96 + 190,
    `${info.width}×${info.height}`,
  );
  assert.ok(new Set(data).size > 50);
});

test('takes the settings of a run', async () => {
  const { code, out, notes } = await run([
    'augment',
    '--config',
    at('run', 'args.json'),
    '--count',
    '3',
    '--variants',
    '1',
    '--out',
    at('of-run.html'),
  ]);
  assert.equal(code, 0, notes);
  assert.equal(out, `3 pictures in 1 epoch by ${words.join(', ')}: ${at('of-run.html')}\n`);
});

test('what cannot be done is said', async () => {
  const refused = async (args: string[], expected: string) => {
    const { code, notes } = await run(args);
    assert.equal(code, 2, notes);
    assert.ok(notes.includes(expected), notes);
  };
  await refused(
    ['augment'],
    'augment: expected pictures to change, received no folder. Name it: cajal augment photos.',
  );
  await refused(
    ['augment', pictures, '--out', 'sheet.jpg'],
    'augment: expected --out to name an .html or a .png file, received "sheet.jpg". Write --out sheet.html.',
  );
  await refused(
    ['augment', pictures, '--augment', 'flop'],
    'augment: unknown augmentation "flop". Did you mean "flip"?',
  );
  await refused(
    ['augment', pictures, '--val', '0', '--cv', '3', '--fold', '4'],
    'train: --fold 4 is one of the folds of --cv',
  );
});
