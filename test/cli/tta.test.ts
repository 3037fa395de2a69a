// Protects test-time augmentation of `evaluate` and `predict`: both give the mean over the same views, and say so.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../data/node/picture-folder.ts';
import { run } from './command-line.ts';
import { tinyNetwork, writeTinyPictures } from './tiny-pictures.ts';

const folder = temporaryFolder();
const pictures = await writeTinyPictures(path.join(folder, 'pictures'), 6);
const model = path.join(folder, 'run');
const trained = await run(['train', pictures, ...tinyNetwork, '--epochs', '2', '--quiet', '--out', model]);
const file = path.join(pictures, 'cats', '_0_0.png');

interface Told {
  testTimeAugmentation?: object;
  accuracy: number;
  values: Record<string, number>;
  answers: { probability: number }[];
}
const told = async (...args: string[]) => {
  const { code, out, notes } = await run([...args, '--json', '--quiet']);
  assert.equal(code, 0, notes);
  return JSON.parse(out.split('\n')[0]!) as Told;
};

test('evaluate says which views it took, and measures the mean answers', async () => {
  assert.equal(trained.code, 0, trained.notes);
  const plain = await told('evaluate', model, pictures);
  const all = await told('evaluate', model, pictures, '--tta', 'flip,rot90');
  assert.equal(plain.testTimeAugmentation, undefined);
  assert.deepEqual(all.testTimeAugmentation, { augment: ['flip', 'rot90'], views: 8, kind: 'all' });
  assert.notEqual(all.values['loss'], plain.values['loss']);
  assert.equal(all.values['accuracy']!.toFixed(6), all.accuracy.toFixed(6));
  // One view, drawn, is the picture as it is: loss and metrics are those of the usual way.
  const single = await told('evaluate', model, pictures, '--tta', 'rotation', '--tta-count', '1');
  assert.equal(single.accuracy, plain.accuracy);
  assert.ok(Math.abs(single.values['loss']! - plain.values['loss']!) < 1e-5);
  const { out } = await run(['evaluate', model, pictures, '--tta', 'rotation=20', '--tta-count', '3', '--quiet']);
  assert.ok(
    out.endsWith('Test-time augmentation: each answer is the mean of 3 views, drawn at random, by rotation=20.\n'),
  );
});

test('predict averages over the same views', async () => {
  const plain = await told('predict', model, file);
  const all = await told('predict', model, file, '--tta', 'flip,rot90');
  assert.deepEqual(all.testTimeAugmentation, { augment: ['flip', 'rot90'], views: 8, kind: 'all' });
  assert.notEqual(all.answers[0]!.probability, plain.answers[0]!.probability);
  const single = await told('predict', model, file, '--tta', 'rotation', '--tta-count', '1');
  assert.deepEqual(single.answers, plain.answers);
});

test('unknown views are refused', async () => {
  for (const args of [
    ['evaluate', model, pictures],
    ['predict', model, file],
  ]) {
    const { code, notes } = await run([...args, '--tta', 'flop']);
    assert.equal(code, 2);
    assert.ok(notes.includes('unknown augmentation "flop". Did you mean "flip"?'), notes);
  }
});
