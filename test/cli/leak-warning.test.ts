// Protects that training warns by itself when a random split has pictures on both sides that belong together, names the numbers and
// the command, and does not cry wolf over sets of different pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { changedCopy, numbersFrom, smear } from '../audit/changed-copies.ts';
import { temporaryFolder, writeFiles } from '../data/node/picture-folder.ts';
import { realData } from '../data/node/real-data.ts';
import { run } from './command-line.ts';

const jpeg = ({ data, height, width }: ReturnType<typeof smear>) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();

let root = '';
let named = '';
let unnamed = '';

before(async () => {
  root = temporaryFolder();
  named = path.join(root, 'named');
  unnamed = path.join(root, 'my pictures');
  const random = numbersFrom(11);
  for (let source = 0; source < 10; source++) {
    const className = source % 2 === 0 ? 'round' : 'long';
    for (let copy = 0; copy < 4; copy++) {
      const content = await jpeg(copy === 0 ? smear(source) : changedCopy(smear(source), random));
      await writeFiles(named, { [`${className}/_${source >> 1}_${source * 31 + copy * 7}.jpg`]: content });
      await writeFiles(unnamed, { [`${className}/${Math.floor(1e9 * random()).toString(36)}.jpg`]: content });
    }
  }
});

const quick = '--epochs 1 --filters 4 --units 4 --batch-size 16'.split(' ');
let count = 0;
const train = (folder: string, ...args: string[]) =>
  run(['train', folder, ...quick, '--size', '12', '--out', path.join(root, `run-${count++}`), ...args]);

const report = (number: number) => readFileSync(path.join(root, `run-${number}`, 'report.html'), 'utf8');

describe('a random split that leaks', () => {
  test('by copies: the warning, the report and the events', async () => {
    const number = count;
    // Large enough that the warning looks at what the network sees, and reads no file again.
    const { code, out, notes } = await train(unnamed, '--json', '--size', '64');
    assert.equal(code, 0, notes);
    assert.match(
      notes,
      /warning: The split is random, and (3\d|40) of 40 pictures that were looked at are changed copies of one another/,
    );
    assert.ok(notes.includes(`cajal audit '${unnamed}', then cajal train '${unnamed}' --split grouped`), notes);
    assert.match(report(number), /The split is random, and/);
    const start = out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .find(({ event }) => event === 'start');
    assert.equal(start.leak.source, 'pictures');
    assert.equal(start.leak.of, 40);
    assert.match(start.leak.command, /^cajal audit .* && cajal train .* --split grouped$/);
  });

  test('by names that the pictures confirm', async () => {
    const { notes } = await train(named);
    assert.match(
      notes,
      /(\d+) of 8 held out pictures \(\d+ %\) belong together with training pictures, as their names say/,
    );
    assert.ok(notes.includes(`Split by group: cajal train ${named} --group-by '^_(\\d+)_'`), notes);
    const grouped = await train(named, '--group-by', '^_(\\d+)_');
    assert.doesNotMatch(grouped.notes, /The split is random/);
  });

  test('by an audit, and no more once it is followed', async () => {
    const audit = path.join(root, 'audit.json');
    assert.equal((await run(['audit', unnamed, '--out', audit, '--quiet'])).code, 0);
    const { notes } = await train(unnamed);
    assert.match(notes, /(\d+) of 8 held out pictures .* belong together with training pictures, as audit\.json says/);
    const folds = await train(unnamed, '--cv', '2', '--json');
    assert.match(folds.notes, /warning: The split is random, and \d+ of 40 held out pictures/);
    assert.equal(folds.notes.match(/The split is random/g)?.length, 1);
    const [last] = folds.out.trim().split('\n').reverse();
    assert.deepEqual([JSON.parse(last!).event, JSON.parse(last!).leak.of], ['cross-validation', 40]);
    const grouped = await train(unnamed, '--split', 'grouped');
    assert.equal(grouped.code, 0, grouped.notes);
    assert.doesNotMatch(grouped.notes, /The split is random/);
  });
});

describe('no false alarm', () => {
  test('for different pictures with numbers in their names', async () => {
    const folder = path.join(root, 'different');
    for (let index = 0; index < 40; index++) {
      const className = index % 2 === 0 ? 'a' : 'b';
      await writeFiles(folder, { [`${className}/_${index >> 3}_${index}.jpg`]: jpeg(smear(100 + index, 64)) });
    }
    const { code, notes } = await train(folder, '--size', '64');
    assert.equal(code, 0, notes);
    assert.doesNotMatch(notes, /The split is random/);
  });

  const digits = realData('mnist/t10k-images-idx3-ubyte.gz');
  test('for digits', { skip: digits.skip }, async () => {
    const pixels = gunzipSync(readFileSync(digits.path)).subarray(16);
    const labels = gunzipSync(readFileSync(realData('mnist/t10k-labels-idx1-ubyte.gz').path)).subarray(8);
    const folder = path.join(root, 'digits');
    for (let index = 0; index < 300; index++) {
      const raw = { width: 28, height: 28, channels: 1 } as const;
      const digit = pixels.subarray(index * 784, (index + 1) * 784);
      await writeFiles(folder, { [`${labels[index]}/${index}.png`]: sharp(digit, { raw }).png().toBuffer() });
    }
    const { code, notes } = await train(folder, '--size', '28');
    assert.equal(code, 0, notes);
    assert.doesNotMatch(notes, /The split is random/);
  });

  const pets = realData('cats-dogs-horses');
  test('for pets', { skip: pets.skip }, async () => {
    const { code, notes } = await train(pets.path, '--size', '64');
    assert.equal(code, 0, notes);
    assert.doesNotMatch(notes, /The split is random/);
  });
});
