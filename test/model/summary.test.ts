// Protects: the summary's text. `UPDATE_GOLDEN=1 npm test -- summary` writes the file anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { cnn } from '../../src/zoo/cnn.ts';

const file = new URL('../golden/summary-cnn.txt', import.meta.url);

test('the summary of the 13-layer network', () => {
  const text = sequential(cnn({ inputShape: [150, 150, 3], classes: 4 }), { name: 'cnn' }).summary();
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
});

test('sizes are given in Keras’s units', () => {
  const of = (units: number) => sequential([layers.input({ shape: [3] }), layers.dense({ units })]).summary();
  assert.match(of(1), /Total params: 4 \(16\.00 B\)\n/);
  assert.match(of(100), /Total params: 400 \(1\.56 KB\)\n/);
  assert.match(of(100_000), /Total params: 400,000 \(1\.53 MB\)\n/);
});
