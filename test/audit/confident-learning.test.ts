/** Protects the search for wrong labels by confident learning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLabelIssues } from '../../src/audit/index.ts';

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

test('an unsure model accuses nobody', () => {
  const found = findLabelIssues([0, 1, 2], [0.4, 0.3, 0.3, 0.3, 0.4, 0.3, 0.3, 0.3, 0.4], 3);
  assert.deepEqual(found.issues, []);
  assert.equal(found.noiseShare, 0);
});

test('numbers that do not fit', () => {
  assert.throws(() => findLabelIssues([0, 1], [1, 0], 2), /findLabelIssues: expected 2 × 2 probabilities, received 2/);
});
