// Protects splits: whole groups on one side, shares as near the fraction as groups allow, the same split for the same
// seed, and the record that a run stores.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError, FormatError, OptionError } from '../../../src/core/errors.ts';
import { Random } from '../../../src/core/random.ts';
import { checkSameClasses, type FolderListing, type VerifiedPicture } from '../../../src/data/picture-file.ts';
import { groupsOf, parseGroupPattern } from '../../../src/data/splits/group-pattern.ts';
import { nearestSubset } from '../../../src/data/splits/nearest-subset.ts';
import { splitByFraction, splitByGroup, splitByKnownGroups, takeFraction } from '../../../src/data/splits/split.ts';
import { splitByFold } from '../../../src/data/splits/split-folds.ts';
import { applySplitRecord, createSplitRecord, parseSplitRecord } from '../../../src/data/splits/split-record.ts';

const classNames = ['cats', 'dogs'];

function pictures(label: number, names: readonly string[]): VerifiedPicture[] {
  return names.map((name) => ({
    path: `${classNames[label]}/${name}`,
    label,
    sizeBytes: 1,
    sha256: `hash of ${name}`,
  }));
}

/** `groups[g]` pictures of the group g: `_g_0.jpeg`, `_g_1.jpeg`, … */
function grouped(label: number, groups: readonly number[]): VerifiedPicture[] {
  return pictures(
    label,
    groups.flatMap((size, group) => Array.from({ length: size }, (_, index) => `_${group}_${index}.jpeg`)),
  );
}

const numbered = (label: number, count: number) =>
  pictures(
    label,
    Array.from({ length: count }, (_, index) => `${index}.jpg`),
  );

test('a split by fraction is stratified, seeded, and loses nothing', () => {
  const files = [...numbered(0, 50), ...numbered(1, 10)];
  const { training, validation, warnings } = splitByFraction(files, classNames, { fraction: 0.2, seed: 7 });
  assert.deepEqual(
    [0, 1].map((label) => validation.filter((file) => file.label === label).length),
    [10, 2],
  );
  assert.deepEqual(new Set([...training, ...validation]), new Set(files));
  assert.equal(training.length + validation.length, files.length);
  assert.deepEqual(warnings, []);
  assert.deepEqual(splitByFraction(files, classNames, { fraction: 0.2, seed: 7 }).validation, validation);
  assert.notDeepEqual(splitByFraction(files, classNames, { fraction: 0.2, seed: 8 }).validation, validation);
});

test('small classes have a picture on each side, and a single one is in training', () => {
  const { training, validation, warnings } = splitByFraction([...numbered(0, 2), ...numbered(1, 1)], classNames, {
    fraction: 0.01,
  });
  assert.deepEqual([training.length, validation.length], [2, 1]);
  assert.equal(validation[0]!.label, 0);
  assert.match(warnings.join(), /^class dogs has one picture: it is in training/);
  assert.equal(splitByFraction(numbered(0, 2), classNames, { fraction: 0.99 }).training.length, 1);
});

test('a fraction of each class is taken, at least one picture', () => {
  const files = [...numbered(0, 50), ...numbered(1, 3)];
  const taken = takeFraction(files, 0.1, 7);
  assert.deepEqual(
    [0, 1].map((label) => taken.filter((file) => file.label === label).length),
    [5, 1],
  );
  assert.deepEqual(takeFraction(files, 0.1, 7), taken);
  assert.notDeepEqual(takeFraction(files, 0.1, 8), taken);
  assert.deepEqual(takeFraction(files, 1), files);
  assert.throws(
    () => takeFraction(files, 0),
    /takeFraction: fraction must be a number above 0 and of at most 1, received 0/,
  );
});

test('a fraction is above 0 and below 1', () => {
  for (const fraction of [0, 1, Number.NaN, -0.1]) {
    assert.throws(
      () => splitByFraction(numbered(0, 5), classNames, { fraction }),
      /fraction must be a number above 0 and below 1/,
    );
    assert.throws(() => splitByGroup(grouped(0, [2, 2]), classNames, '_(\\d+)_', { fraction }), /fraction must be/);
  }
});

test('groups stay whole, and the same number in two classes is two groups', () => {
  const files = [...grouped(0, [5, 5, 5, 5, 5]), ...grouped(1, [3, 9, 4, 1, 3])];
  const { training, validation, groups } = splitByGroup(files, classNames, /^_(\d+)_/g, { fraction: 0.2, seed: 3 });
  const groupsIn = (side: readonly VerifiedPicture[]) => new Set(side.map((file) => groups!.get(file.path)));
  assert.equal(groups!.get('cats/_2_0.jpeg'), 'cats/2');
  assert.equal(new Set(groups!.values()).size, 10);
  for (const group of groupsIn(validation)) assert.ok(!groupsIn(training).has(group), group);
  assert.deepEqual(
    [0, 1].map((label) => validation.filter((file) => file.label === label).length),
    [5, 4],
  );
  assert.equal(training.length + validation.length, files.length);
  const again = splitByGroup(files, classNames, '^_(\\d+)_', { fraction: 0.2, seed: 3 });
  assert.deepEqual(again.validation, validation);
  const seeds = Array.from({ length: 20 }, (_, seed) => splitByGroup(files, classNames, '^_(\\d+)_', { seed }));
  assert.ok(new Set(seeds.map((split) => split.validation.map((file) => file.path).join())).size > 5);
});

test('a class with two groups has one on each side; with one, it is in training', () => {
  const split = splitByGroup([...grouped(0, [90, 10]), ...grouped(1, [4])], classNames, '_(\\d+)_', { fraction: 0.6 });
  assert.deepEqual([split.training.length, split.validation.length], [14, 90]);
  assert.match(split.warnings.join(), /^class dogs has one group: it is in training/);
});

test('several captures make one group name', () => {
  const files = pictures(0, ['p1-left-0.png', 'p1-right-0.png', 'p1-left-1.png']);
  const { groups } = splitByGroup(files, classNames, '(p\\d)-(left|right)');
  assert.deepEqual([...groups!.values()], ['cats/p1/left', 'cats/p1/right', 'cats/p1/left']);
});

test('names that do not match are named, and bad patterns are refused', () => {
  const files = [...grouped(0, [2]), ...pictures(0, ['photo.jpg'])];
  assert.throws(
    () => splitByGroup(files, classNames, '^_(\\d+)_'),
    (error) =>
      error instanceof DataError &&
      /expected every file name to match \/\^_\(\\d\+\)_\/, received 1 of 3 that do not: cats\/photo\.jpg\. Change the pattern/.test(
        error.message,
      ),
  );
  // The pattern is for the name: it must not match the class folder.
  assert.throws(() => splitByGroup(pictures(0, ['1.jpg']), classNames, '(cats)'), /1 of 1 that do not: cats\/1\.jpg/);
  assert.throws(
    () => parseGroupPattern('^_(\\d+'),
    (error) => error instanceof OptionError && /received "\^_\(\\d\+"/.test(error.message),
  );
  assert.throws(
    () => parseGroupPattern('^_\\d+_'),
    /expected a regular expression with a capture group, received "\^_\\d\+_"/,
  );
  assert.throws(() => parseGroupPattern('(?:a)'), /with a capture group/);
});

test('nearestSubset finds the nearest sum there is', () => {
  const random = new Random(1, 'test');
  for (let round = 0; round < 200; round++) {
    const sizes = Array.from({ length: 2 + random.integer(8) }, () => 1 + random.integer(30));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const target = total * random.next();
    const sumOf = (positions: readonly number[]) => positions.reduce((sum, position) => sum + sizes[position]!, 0);
    let nearest = Infinity;
    for (let mask = 1; mask < 2 ** sizes.length - 1; mask++) {
      const positions = sizes.map((_, position) => position).filter((position) => mask & (1 << position));
      nearest = Math.min(nearest, Math.abs(sumOf(positions) - target));
    }
    const found = nearestSubset(sizes, target);
    assert.equal(new Set(found).size, found.length);
    assert.ok(found.length > 0 && found.length < sizes.length);
    assert.equal(Math.abs(sumOf(found) - target), nearest, `${sizes} to ${target}: ${found}`);
  }
});

test('nearestSubset is quick and exact on a hundred thousand groups', () => {
  const random = new Random(2, 'test');
  const sizes = Array.from({ length: 100_000 }, () => 1 + random.integer(9));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const start = performance.now();
  const sum = nearestSubset(sizes, Math.round(total / 5)).reduce((all, position) => all + sizes[position]!, 0);
  assert.equal(sum, Math.round(total / 5));
  assert.ok(performance.now() - start < 1000);
});

const listing = (files: VerifiedPicture[], names = classNames): FolderListing<VerifiedPicture> => ({
  folder: 'pets',
  classNames: names,
  files,
  skipped: [],
  warnings: [],
});

test('a record is plain data from which the split comes back', () => {
  const files = [...grouped(0, [5, 5, 5]), ...grouped(1, [3, 9, 4])];
  const split = splitByGroup(files, classNames, '_(\\d+)_', { seed: 5 });
  const record = createSplitRecord(classNames, split, { method: 'group', fraction: 0.2, seed: 5, pattern: '_(\\d+)_' });
  const entry = record.files.find(({ path }) => path === 'cats/_0_0.jpeg');
  const subset = split.training.some(({ path }) => path === 'cats/_0_0.jpeg') ? 'training' : 'validation';
  assert.deepEqual(entry, {
    path: 'cats/_0_0.jpeg',
    class: 'cats',
    group: 'cats/0',
    subset,
    sha256: 'hash of _0_0.jpeg',
  });
  const stored = parseSplitRecord('split.json', JSON.stringify(record));
  assert.deepEqual(applySplitRecord(stored, listing([...files].reverse())), split);
});

test('a record does not fit changed files', () => {
  const files = [...numbered(0, 4), ...numbered(1, 4)];
  const record = createSplitRecord(classNames, splitByFraction(files, classNames), { method: 'fraction' });
  const changed = files.map((file, index) => (index === 1 ? { ...file, sha256: 'other' } : file)).slice(0, -1);
  assert.throws(
    () => applySplitRecord(record, listing(changed)),
    /received 2 that changed in pets: .*(cats\/1\.jpg \(other content\).*dogs\/3\.jpg \(missing\)|dogs\/3\.jpg \(missing\).*cats\/1\.jpg \(other content\))/,
  );
  assert.throws(
    () => applySplitRecord(record, listing(files, ['cats', 'mice'])),
    /expected the classes cats, dogs, received cats, mice/,
  );
  for (const text of ['', 'null', '{"version":2}', '{"version":1,"classNames":[],"files":[{"path":"a"}]}']) {
    assert.throws(
      () => parseSplitRecord('split.json', text),
      (error) => error instanceof FormatError && /^split\.json: expected the record of a split/.test(error.message),
    );
  }
});

test('training and validation folders must have the same classes', () => {
  const other = { folder: 'more', classNames: ['cats', 'mice', 'rats'] };
  assert.throws(
    () => checkSameClasses(listing([]), other),
    /more: expected the class folders of pets, received a folder without dogs and with mice, rats, which/,
  );
  checkSameClasses(listing([]), { folder: 'more', classNames });
});

test('known groups stay whole, also where they span classes', () => {
  const files = [...numbered(0, 40), ...numbered(1, 40)];
  // Eight groups of five of one class each, and eight that have two pictures of one class and three of the other.
  const groups = new Map(
    files.map(({ path }, place) => [path, `g${place < 20 || place >= 60 ? place % 16 : place % 8}`]),
  );
  const {
    training,
    validation,
    warnings,
    groups: used,
  } = splitByKnownGroups(files, classNames, groups, {
    fraction: 0.25,
    seed: 2,
  });
  assert.equal(training.length + validation.length, 80);
  const trained = new Set(training.map(({ path }) => groups.get(path)));
  assert.ok(validation.every(({ path }) => !trained.has(groups.get(path))));
  for (const label of [0, 1]) {
    const share = validation.filter((file) => file.label === label).length / 40;
    assert.ok(Math.abs(share - 0.25) < 0.08, String(share));
  }
  assert.deepEqual(warnings, []);
  assert.deepEqual(used, groups);
});

test('a picture without a known group is alone, and a class of one group is named', () => {
  const files = [...numbered(0, 4), ...numbered(1, 3)];
  const groups = new Map(files.filter(({ label }) => label === 1).map(({ path }) => [path, 'all dogs']));
  const split = splitByKnownGroups(files, classNames, groups, { fraction: 0.25 });
  assert.equal(split.validation.length, 1);
  assert.equal(split.groups!.get('cats/0.jpg'), 'cats/0.jpg');
  assert.deepEqual(split.warnings, [
    'class dogs has too few groups: all its pictures are in training, and none is in validation.',
  ]);
});

test('folds hold out each picture once, whole groups with groups', () => {
  const files = [...grouped(0, [3, 3, 3, 2, 2, 2]), ...grouped(1, [5, 5, 5])];
  const groups = groupsOf(files, classNames, '^_(\\d+)_');
  for (const options of [{ seed: 3 }, { seed: 3, groups }]) {
    const folds = [1, 2, 3].map((number) => splitByFold(files, classNames, { number, of: 3 }, options));
    assert.deepEqual(
      folds.flatMap(({ validation }) => validation.map(({ path }) => path)).sort(),
      files.map(({ path }) => path).sort(),
    );
    for (const { training, validation, warnings } of folds) {
      assert.equal(training.length + validation.length, files.length);
      assert.deepEqual([validation.length, warnings], [10, []]);
      if (!('groups' in options)) continue;
      const trained = new Set(training.map(({ path }) => groups.get(path)));
      assert.ok(validation.every(({ path }) => !trained.has(groups.get(path))));
    }
  }
});

test('folds say which class they cannot share', () => {
  const files = [...grouped(0, [2, 2, 2]), ...grouped(1, [4])];
  const groups = groupsOf(files, classNames, '^_(\\d+)_');
  const folds = [1, 2, 3].map((number) => splitByFold(files, classNames, { number, of: 3 }, { groups }));
  const warnings = folds.flatMap((fold) => fold.warnings);
  assert.equal(
    warnings.filter((text) => /class dogs has no picture to train on\. Use fewer folds\./.test(text)).length,
    1,
  );
  assert.equal(
    warnings.filter((text) => /fewer groups than there are folds, and none is held out here/.test(text)).length,
    2,
  );
  assert.throws(
    () => splitByFold(files, classNames, { number: 4, of: 3 }),
    /^OptionError: splitByFold: number must be a whole number of at least 1 and of at most 3, received 4/,
  );
});
