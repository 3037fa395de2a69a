// Protects: the MNIST lesson, whole, reaches 99.0 % on the test set in five epochs.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { realData } from '../data/node/real-data.ts';
import { runExample } from './run-example.ts';

it('mnist reaches 99.0 % on the test set in five epochs', { skip: realData('mnist').skip }, async () => {
  const output = await runExample('mnist');
  const [, accuracy] = /Accuracy on the test set: ([\d.]+) %\n$/.exec(output) ?? [];
  assert.equal(output.match(/^epoch \d+: /gm)?.length, 5);
  assert.ok(Number(accuracy) >= 99, `${accuracy} %`);
});
