// Protects what a report says of augmentation, mixing and imbalance: what was done, and that nothing was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeTreatment, isTreatmentWorthSaying } from '../../src/runs/treatment-text.ts';

const none = { augmentation: [], mixing: [] };
const names = ['cats', 'dogs', 'owls'];

test('says that nothing was done, and where that matters', () => {
  assert.deepEqual(describeTreatment(none, names, [10, 11, 12]), [
    'Training pictures were not changed (no augmentation).',
  ]);
  assert.equal(isTreatmentWorthSaying(none, [10, 11, 12]), false);
  assert.equal(isTreatmentWorthSaying(none, [30, 0, 10]), true);
  assert.deepEqual(describeTreatment(none, names, [30, 0, 10]).slice(1), [
    'The largest class (cats, 30) has 3.0 times the training pictures of the smallest (owls, 10). Nothing was done about it: a ' +
      'network may then neglect the small ones (--sampling balanced or --class-weight balanced).',
  ]);
});

test('says all that was done', () => {
  const all = {
    augmentation: ['flip', 'rotation=15'],
    mixing: ['cutMix'],
    labelSmoothing: 0.1,
    sampling: 'balanced',
    focalLoss: 'categoricalFocalCrossentropy',
  } as const;
  assert.deepEqual(describeTreatment(all, names, [30, 20, 10]), [
    'Training pictures were changed at random in every epoch: flip, rotation=15.',
    'Pictures of a batch were mixed, and their targets with them: cutMix.',
    '0.1 of each target was shared among all classes.',
    'The largest class (cats, 30) has 3.0 times the training pictures of the smallest (owls, 10). Done about it: every epoch had ' +
      'as many pictures of each class (balanced sampling); pictures that were right already counted less ' +
      '(categoricalFocalCrossentropy).',
  ]);
  assert.deepEqual(describeTreatment({ ...none, classWeight: 'balanced' }, names, [1, 1, 1]).slice(1), [
    'Against imbalance: each class counted the same in the loss (class weights).',
  ]);
});
