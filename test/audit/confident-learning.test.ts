/** Protects the search for wrong labels by confident learning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLabelIssues } from '../../src/audit/index.ts';
import { plantLabelErrors } from './changed-copies.ts';

test('labels that the probabilities confidently contradict are issues, the surest first', () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  const ofOne = [0.1, 0.2, 0.1, 0.95, 0.9, 0.8, 0.9, 0.05];
  const found = findLabelIssues(
    labels,
    ofOne.flatMap((value) => [1 - value, value]),
    2,
  );
  assert.deepEqual(
    found.issues.map(({ example, label, suggested }) => [example, label, suggested]),
    [
      [3, 0, 1],
      [7, 1, 0],
    ],
  );
  assert.deepEqual(found.confidentJoint, [
    [3, 1],
    [1, 3],
  ]);
  assert.ok(Math.abs(found.noiseShare - 0.25) < 1e-9);
  assert.ok(Math.abs(found.thresholds[0]! - 0.6625) < 1e-9);
});

test('of swapped labels most are found, and little else', () => {
  const { kinds, labels, probabilities } = plantLabelErrors(2000, 1);
  const { issues, noiseShare } = findLabelIssues(labels, probabilities, 4);
  const isSwapped = (example: number) => labels[example] !== kinds[example];
  const hits = issues.filter(({ example }) => isSwapped(example));
  const recall = hits.length / labels.filter((_, example) => isSwapped(example)).length;
  const precision = hits.length / issues.length;
  assert.ok(recall >= 0.75, `recall ${recall}`);
  assert.ok(precision >= 0.8, `precision ${precision}`);
  assert.ok(Math.abs(noiseShare - 0.05) < 0.02, `share ${noiseShare}`);
  const mended = hits.filter(({ example, suggested }) => suggested === kinds[example]);
  assert.ok(mended.length >= 0.95 * hits.length, `${mended.length} of ${hits.length} suggestions`);
});

test('an unsure model accuses nobody', () => {
  const found = findLabelIssues([0, 1, 2], [0.4, 0.3, 0.3, 0.3, 0.4, 0.3, 0.3, 0.3, 0.4], 3);
  assert.deepEqual(found.issues, []);
  assert.equal(found.noiseShare, 0);
});

test('numbers that do not fit', () => {
  assert.throws(() => findLabelIssues([0, 1], [1, 0], 2), /findLabelIssues: expected 2 × 2 probabilities, received 2/);
});
