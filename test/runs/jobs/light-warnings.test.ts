// Protects what a training says of light and colour: in its warnings, and in both reports.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { createRunFolder } from '../../../src/runs/create-run-folder.ts';
import { type JobObserver, silentObserver } from '../../../src/runs/jobs/job-observer.ts';
import { train } from '../../../src/runs/jobs/train.ts';
import type { TrainSettings } from '../../../src/runs/jobs/train-settings.ts';

let folder = '';
let settings: TrainSettings;
const at = (...parts: string[]) => path.join(folder, ...parts);

/** Noise around a light that differs from picture to picture. */
async function writePictures(name: string, count: number, lights: Readonly<Record<string, number>>): Promise<string> {
  for (const [className, light] of Object.entries(lights)) {
    mkdirSync(at(name, className), { recursive: true });
    for (let index = 0; index < count; index++) {
      const own = light + ((index * 37) % 31) - 15;
      const pixels = Uint8Array.from(
        { length: 12 * 12 * 3 },
        (_, place) => own + ((place * 7919 + index * 104729) % 41),
      );
      await sharp(pixels, { raw: { width: 12, height: 12, channels: 3 } })
        .png()
        .toFile(at(name, className, `${index}.png`));
    }
  }
  return at(name);
}

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cajal-light-'));
  settings = {
    folder: await writePictures('even', 20, { cats: 100, dogs: 100 }),
    val: 0,
    valFolder: await writePictures('later', 12, { cats: 140, dogs: 140 }),
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
    epochs: 1,
    batchSize: 8,
    optimizer: 'adam',
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 0,
  };
});

after(() => rmSync(folder, { recursive: true, force: true }));

async function warningsOf(name: string, given: Partial<TrainSettings>) {
  const warnings: string[] = [];
  const observer: JobObserver = { ...silentObserver, warn: (message) => void warnings.push(message) };
  const run = await createRunFolder(at('runs'), { name });
  await train(run, { ...settings, ...given }, { observer, cacheBytes: 2 ** 24 });
  return { run, about: warnings.filter((warning) => warning.includes('usual deviation')) };
}

test('a brighter validation folder is a warning in the terminal and in both reports', async () => {
  const { run, about } = await warningsOf('later', {});
  assert.equal(about.length, 1);
  assert.match(about[0]!, /^The validation pictures are brighter, \w+ by 40 of 255/);
  const page = readFileSync(run.pathOf('report.html'), 'utf8');
  assert.ok(page.includes('The validation pictures are brighter') && page.includes('Light and colour'));
  assert.match(page, /<th scope="row">validation<\/th><td>1\d\d\.\d ± \d+\.\d<\/td>/);
  const report = JSON.parse(readFileSync(run.pathOf('report.json'), 'utf8'));
  const { channels, subsets } = report.statistics;
  assert.deepEqual(channels, ['red', 'green', 'blue']);
  const [training, validation] = subsets;
  assert.deepEqual(
    [training.name, training.counted, validation.name, validation.counted],
    ['training', 40, 'validation', 24],
  );
  assert.ok(Math.abs(validation.mean[0] - training.mean[0] - 40) < 1.5);
});

test('a brighter class is a warning; even light is none', async () => {
  const bright = await writePictures('bright', 20, { cats: 90, dogs: 150 });
  const { about } = await warningsOf('bright', { folder: bright, valFolder: bright });
  assert.equal(about.length, 1);
  assert.match(about[0]!, /^Pictures of dogs are brighter, \w+ by 60 of 255 .* than those of cats\./);
  const { about: none } = await warningsOf('even', { valFolder: settings.folder });
  assert.deepEqual(none, []);
});
