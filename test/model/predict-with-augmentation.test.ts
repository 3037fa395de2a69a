// Protects test-time augmentation: which views flips and quarter turns have, the mean over them, draws that no batch size changes,
// and what it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dihedralViews, viewOf } from '../../src/augmentation/dihedral-views.ts';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { predictWithAugmentation } from '../../src/model/predict-with-augmentation.ts';
import { layers } from '../../src/nn/layers/table.ts';

const picture = tensor(Uint8Array.from([1, 2, 3, 4]), [1, 2, 2, 1]);
const seen = (...parts: Parameters<typeof dihedralViews>[0]) =>
  dihedralViews(parts)!.map((view) => Array.from(viewOf(picture, view).data).join(''));

test('flips and quarter turns have two, four or eight views, each once and the picture as it is first', () => {
  assert.deepEqual(seen(layers.randomFlip({ mode: 'horizontal' })), ['1234', '2143']);
  assert.deepEqual(seen(layers.randomFlip({ mode: 'vertical' })), ['1234', '3412']);
  assert.deepEqual(seen(layers.randomFlip()).sort(), ['1234', '2143', '3412', '4321']);
  assert.deepEqual(seen(layers.randomRot90()).sort(), ['1234', '2413', '3142', '4321']);
  const all = seen(layers.randomFlip({ mode: 'vertical' }), layers.randomRot90());
  assert.equal(all[0], '1234');
  assert.equal(new Set(all).size, 8);
  assert.equal(dihedralViews([layers.randomFlip(), layers.randomRotation({ factor: 0.1 })]), undefined);
});

test('views move whole pixels of every picture, wide ones too', () => {
  const wide = tensor(
    Float32Array.from({ length: 2 * 2 * 3 * 2 }, (_, place) => place),
    [2, 2, 3, 2],
  );
  const { data, shape } = viewOf(wide, { isMirrored: true, turns: 0 });
  assert.deepEqual(shape, [2, 2, 3, 2]);
  assert.deepEqual(Array.from(data.slice(12, 18)), [16, 17, 14, 15, 12, 13]);
});

const model = sequential(
  [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 3, activation: 'softmax' })],
  {
    seed: 3,
  },
);
const pictures = tensor(
  Uint8Array.from({ length: 5 * 16 }, (_, place) => (place * 37) % 251),
  [5, 4, 4, 1],
);
const scaled = tensor(
  Float32Array.from(pictures.data, (value) => value / 255),
  [5, 4, 4, 1],
);

test('answers are the mean over the views', async () => {
  const flip = layers.randomFlip({ mode: 'horizontal' });
  const mirrored = viewOf(scaled, { isMirrored: true, turns: 0 });
  const [one, other] = [await model.predict(scaled), await model.predict(mirrored)];
  const mean = await predictWithAugmentation(model, scaled, [flip]);
  assert.deepEqual(mean.shape, [5, 3]);
  assert.deepEqual(
    Array.from(mean.data),
    Array.from(one.data, (value, place) => Math.fround((value + other.data[place]!) / 2)),
  );
});

test('random views follow from seed and picture, and not from the batch', async () => {
  const turned = [layers.randomRotation({ factor: 0.2 })];
  const first = await predictWithAugmentation(model, scaled, turned, { count: 4, seed: 7 });
  assert.deepEqual(await predictWithAugmentation(model, scaled, turned, { count: 4, seed: 7, batchSize: 2 }), first);
  assert.notDeepEqual(await predictWithAugmentation(model, scaled, turned, { count: 4, seed: 8 }), first);
  // One view is the picture as it is.
  assert.deepEqual(await predictWithAugmentation(model, scaled, turned, { count: 1 }), await model.predict(scaled));
});

test('what cannot be asked is said', async () => {
  const ask = (parts: Parameters<typeof predictWithAugmentation>[2], options = {}, x = scaled) =>
    predictWithAugmentation(model, x, parts, options);
  await assert.rejects(ask([layers.randomFlip()], {}, tensor(new Float32Array(16), [1, 16])), {
    message: 'predictWithAugmentation: expected pictures [examples, height, width, channels], received [1, 16].',
  });
  await assert.rejects(ask([layers.dense({ units: 2 })]), /expected layers without weights to train/);
  await assert.rejects(ask([layers.randomFlip()], { counts: 3 }), /unknown option "counts"/);
  const stopped = { signal: AbortSignal.abort() };
  await assert.rejects(ask([layers.randomFlip()], stopped), {
    message: 'predictWithAugmentation: stopped by its signal.',
  });
});
