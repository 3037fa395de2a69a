/** Protects the proposals of groups from file names, and that nonsense is not proposed. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { proposeNamePatterns } from '../../src/audit/index.ts';
import { realData } from '../data/node/real-data.ts';

function filesOf(folder: string): { path: string; className: string }[] {
  return readdirSync(folder).flatMap((className) =>
    readdirSync(`${folder}/${className}`).map((name) => ({ path: `${className}/${name}`, className })),
  );
}

const made = (names: readonly string[], className = 'a') =>
  names.map((name) => ({ path: `${className}/${name}`, className }));

const cells = realData('blood-cells/TRAIN');
test('the blood cells: 277 groups, numbered anew in each class', { skip: cells.skip }, () => {
  const [first, ...others] = proposeNamePatterns(filesOf(cells.path));
  assert.deepEqual([first!.pattern, first!.perClass, first!.groupCount], ['^_(\\d+)_', true, 277]);
  assert.equal(first!.keys.filter((key) => key === 'MONOCYTE/15').length > 100, true);
  assert.deepEqual(others, []);
});

const photos = realData('cats-dogs-horses');
test('photographs named by a browser: nothing', { skip: photos.skip }, () => {
  assert.deepEqual(proposeNamePatterns(filesOf(photos.path)), []);
});

test('patients span classes where their numbers do not restart', () => {
  const names = [101, 101, 205, 205, 333, 333, 478, 478].map((patient, index) => `patient${patient}_${index}.png`);
  const [first] = proposeNamePatterns([...made(names, 'ill'), ...made(names, 'well')]);
  assert.deepEqual([first!.pattern, first!.perClass, first!.groupCount], ['^patient(\\d+)_', false, 4]);
  assert.equal(first!.keys[0], first!.keys[8]);
});

test('words for changed copies, and slices of stacks', () => {
  const copies = ['cat', 'dog', 'owl', 'fox'].flatMap((name) => [
    `${name}.png`,
    `${name}_rot90.png`,
    `${name}_flip.png`,
  ]);
  assert.match(proposeNamePatterns(made(copies))[0]!.reason, /changed copies/);
  assert.equal(proposeNamePatterns(made(copies))[0]!.groupCount, 4);
  const slices = ['liver', 'heart', 'lung'].flatMap((name) => [1, 2, 3].map((slice) => `${name}_z0${slice}.tif`));
  assert.equal(proposeNamePatterns(made(slices))[0]!.groupCount, 3);
});

test('counted names tell nothing', () => {
  assert.deepEqual(proposeNamePatterns(made(Array.from({ length: 50 }, (_, index) => `IMG_${1000 + index}.jpg`))), []);
  assert.deepEqual(proposeNamePatterns([]), []);
});
