// Protects the folds of cross-validation: every example held out once, whole groups, even classes, the same for the same seed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../src/core/random.ts';
import {
  type Fold,
  groupKFold,
  kFold,
  stratifiedGroupKFold,
  stratifiedKFold,
} from '../../../src/data/splits/k-fold.ts';

function checkPartition(folds: readonly Fold[], count: number): void {
  const heldOut = folds.flatMap(({ validation }) => [...validation]);
  assert.deepEqual(
    heldOut.sort((a, b) => a - b),
    Array.from({ length: count }, (_, example) => example),
  );
  for (const { training, validation } of folds) {
    assert.equal(training.length + validation.length, count);
    assert.equal(new Set([...training, ...validation]).size, count);
    assert.ok(validation.length > 0, 'a fold holds out nothing');
  }
}

function checkGroups(folds: readonly Fold[], groups: readonly unknown[]): void {
  for (const { training, validation } of folds) {
    const trained = new Set(Array.from(training, (example) => groups[example]));
    assert.ok(Array.from(validation, (example) => groups[example]).every((group) => !trained.has(group)));
  }
}

/** By how much the share of a class in a fold differs from one fold's share, at most. */
function worstShare(folds: readonly Fold[], labels: readonly number[]): number {
  const classes = [...new Set(labels)];
  const differences = classes.flatMap((label) => {
    const total = labels.filter((each) => each === label).length;
    return folds.map(({ validation }) => {
      const count = validation.reduce((sum, example) => sum + Number(labels[example] === label), 0);
      return Math.abs(count / total - 1 / folds.length);
    });
  });
  return Math.max(...differences);
}

/** Random labels of unequal classes, and groups of unequal sizes that may have several labels. */
function drawExamples(seed: number, count: number, groupCount: number): { labels: number[]; groups: string[] } {
  const random = new Random(seed, 'examples');
  const labels = Array.from({ length: count }, () => Math.floor(random.next() ** 2 * 4));
  const groups = Array.from({ length: count }, () => `g${Math.floor(random.next() ** 2 * groupCount)}`);
  return { labels, groups };
}

test('folds hold every example out once, and their sizes differ by one at most', () => {
  for (const [count, folds] of [
    [100, 5],
    [7, 3],
    [5, 5],
    [2, 2],
  ] as const) {
    const made = kFold(count, { folds, seed: 3 });
    checkPartition(made, count);
    const sizes = made.map(({ validation }) => validation.length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
  }
});

test('stratified folds share each class, and stay even in size', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { labels } = drawExamples(seed, 83, 10);
    const folds = stratifiedKFold(labels, { folds: 4, seed });
    checkPartition(folds, 83);
    const sizes = folds.map(({ validation }) => validation.length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
    for (const label of new Set(labels)) {
      const counts = folds.map(({ validation }) => validation.filter((example) => labels[example] === label).length);
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join());
    }
  }
});

test('grouped folds cut no group', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { labels, groups } = drawExamples(seed, 300, 40);
    for (const folds of [groupKFold(groups, { seed }), stratifiedGroupKFold(labels, groups, { seed })]) {
      checkPartition(folds, 300);
      checkGroups(folds, groups);
    }
  }
  const few = ['a', 'a', 'a', 'b', 'c', 'c'];
  checkPartition(stratifiedGroupKFold([0, 0, 0, 1, 1, 1], few, { folds: 3 }), 6);
});

test('grouped folds share classes as nearly as whole groups allow', () => {
  // Groups of 1 to 12 pictures, each of one class: an even division exists and is found almost to the picture.
  const labels: number[] = [];
  const groups: number[] = [];
  for (const [label, count] of [75, 27, 16, 159].entries()) {
    for (let group = 0; group < count; group++) {
      const size = 1 + ((group * 7 + label) % 12);
      for (let picture = 0; picture < size; picture++) {
        labels.push(label);
        groups.push(label * 1000 + group);
      }
    }
  }
  const folds = stratifiedGroupKFold(labels, groups, { folds: 5, seed: 1 });
  checkPartition(folds, labels.length);
  checkGroups(folds, groups);
  assert.ok(worstShare(folds, labels) < 0.015, String(worstShare(folds, labels)));
  const even = Array.from({ length: 40 }, (_, example) => example % 10);
  assert.equal(worstShare(groupKFold(even, { folds: 5 }), new Array<number>(40).fill(0)), 0);
});

test('exchanges of groups even out what a greedy order cannot', () => {
  // Largest first puts 5 and 4 apart, then 3, 3, 3: 8 and 10 examples. An exchange finds 9 and 9.
  const sizes = [5, 4, 3, 3, 3];
  const groups = sizes.flatMap((size, group) => new Array<number>(size).fill(group));
  const folds = groupKFold(groups, { folds: 2 });
  assert.deepEqual(
    folds.map(({ validation }) => validation.length),
    [9, 9],
  );
});

test('folds follow from the seed', () => {
  const { labels, groups } = drawExamples(1, 200, 50);
  const makers = [
    (seed: number) => kFold(200, { seed }),
    (seed: number) => stratifiedKFold(labels, { seed }),
    (seed: number) => groupKFold(groups, { seed }),
    (seed: number) => stratifiedGroupKFold(labels, groups, { seed }),
  ];
  for (const make of makers) {
    assert.deepEqual(make(4), make(4));
    assert.notDeepEqual(make(4), make(5));
  }
});

test('wrong folds are refused', () => {
  assert.throws(() => kFold(10, { folds: 1 }), /^OptionError: kFold: folds must be a whole number of at least 2/);
  assert.throws(() => kFold(10, { fold: 2 } as never), /^OptionError: kFold: unknown option "fold"/);
  assert.throws(() => kFold(3), {
    name: 'DataError',
    message: 'kFold: expected at least 5 examples for 5 folds, received 3. Use fewer folds.',
  });
  assert.throws(
    () => groupKFold(['a', 'a', 'b'], { folds: 3 }),
    /^DataError: groupKFold: expected at least 3 groups for 3 folds, received 2\./,
  );
  assert.throws(() => stratifiedGroupKFold([0, 1], [0]), {
    name: 'ShapeError',
    message: 'stratifiedGroupKFold: expected a group for each of 2 labels, received 1. Give one for each.',
  });
});

test('what is no list of labels or groups is refused', () => {
  for (const wrong of [undefined, null, 'abab', 4, {}] as unknown as string[][]) {
    assert.throws(
      () => stratifiedKFold(wrong),
      /labels as a list with one number or text for each example, received .*\. Write \['a', 'b', 'a'\]\.$/,
    );
    assert.throws(() => groupKFold(wrong), /^OptionError: groupKFold: expected groups as a list with one/);
    assert.throws(
      () => stratifiedGroupKFold([0, 1], wrong),
      /stratifiedGroupKFold: expected groups as a list with one/,
    );
  }
});
