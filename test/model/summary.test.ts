// Protects: the summary's text. `UPDATE_GOLDEN=1 npm test -- summary` writes the file anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { model, sequential } from '../../src/model/model.ts';
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
  assert.match(of(1), / Forward pass of one example: 6 floating-point operations, 4\.00 B between the layers\n/);
  assert.match(of(1), /Total params: 4 \(16\.00 B\)\n/);
  assert.match(of(100), /Total params: 400 \(1\.56 KB\)\n/);
  assert.match(of(100_000), /Total params: 400,000 \(1\.53 MB\)\n/);
});

test('models of any wiring say what each layer is connected to', () => {
  const x = layers.input({ shape: [4], name: 'x' });
  const inner = sequential([layers.input({ shape: [4] }), layers.dense({ units: 4 })], { name: 'inner' });
  inner.trainable = false;
  const y = layers.add()([inner(x), x]);
  const text = model({ inputs: x, outputs: y, name: 'wired' }).summary({ expandNested: true, showTrainable: true });
  const cells = text.split('\n').map((line) => line.split('│').map((cell) => cell.trim()));
  assert.deepEqual(
    cells.filter((row) => row.length > 3).map((row) => row.slice(1, -1)),
    [
      ['x (InputLayer)', '(None, 4)', '0', '-', '-'],
      ['inner (Sequential)', '(None, 4)', '20', 'x[0][0]', 'N'],
      ['dense (Dense)', '(None, 4)', '20', '-', 'N'],
      ['add (Add)', '(None, 4)', '0', 'inner[0][0], x[0][0]', '-'],
    ],
  );
  assert.match(text, / Trainable params: 0 /);
  assert.match(text, /, 32\.00 B between the layers\n/);
  const deeper = sequential([layers.input({ shape: [4] }), layers.dense({ units: 100 }), layers.dense({ units: 4 })], {
    name: 'deeper',
  });
  const around = model({ inputs: x, outputs: layers.dense({ units: 2 })(deeper(x)) }).summary();
  assert.match(around, /, 424\.00 B between the layers\n/, 'layers of a model within count too');
  assert.throws(
    () => inner.summary({ expandNeste: true } as never),
    /^OptionError: summary: unknown option "expandNeste"\. Did you mean "expandNested"\?/,
  );
});
