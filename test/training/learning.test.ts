// Protects: networks learn: they fit one batch by heart, and tell stripes apart that they have not seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nativeAvailability } from '../../src/backends/native/index.ts';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { cnn } from '../../src/zoo/cnn.ts';

const { available, reasons } = nativeAvailability();
const skip = available ? false : reasons.join('; ');

/** Pictures of stripes under noise, from left to right, from top to bottom or along a diagonal. */
function stripes(count: number, size: number, seed: number) {
  const random = new Random(seed, 'stripes');
  const pictures = new Uint8Array(count * size * size * 3);
  const rows = new Float32Array(count * 3);
  for (let example = 0; example < count; example++) {
    const kind = random.integer(3);
    const shift = random.integer(6);
    rows[example * 3 + kind] = 1;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const along = [row, column, row + column][kind]! + shift;
        for (let channel = 0; channel < 3; channel++) {
          const place = ((example * size + row) * size + column) * 3 + channel;
          pictures[place] = (Math.floor(along / 3) % 2) * 120 + random.integer(136);
        }
      }
    }
  }
  return { x: tensor(pictures, [count, size, size, 3]), y: tensor(rows, [count, 3]) };
}

test('XOR is learned by two layers', async () => {
  const model = sequential(
    [layers.dense({ units: 8, activation: 'tanh' }), layers.dense({ units: 1, activation: 'sigmoid' })],
    { backend: 'reference', seed: 1 },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.1 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const y = tensor([[0], [1], [1], [0]]);
  await model.fit(x, y, { epochs: 100, batchSize: 4 });
  const { loss, accuracy } = await model.evaluate(x, y);
  assert.ok(loss! < 0.05 && accuracy === 1, `loss ${loss}`);
});

test('a model that is certain and wrong recovers', async () => {
  for (const [activation, loss] of [
    ['softmax', 'categoricalCrossentropy'],
    ['softmax', 'categoricalFocalCrossentropy'],
    ['sigmoid', 'binaryCrossentropy'],
  ] as const) {
    const layer = layers.dense({ units: 2, activation, name: 'last' });
    const model = sequential([layer], { backend: 'reference', seed: 1 });
    model.build([1]);
    model.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss, metrics: ['accuracy'] });
    // Probabilities of 1 and e^−100, which float32 holds for 0.
    await model.setWeights(new Map([['last/bias', Float32Array.of(100, -100)]]));
    const [x, y] = [tensor([[0]]), tensor([[0, 1]])];
    assert.equal((await model.evaluate(x, y))['accuracy'], 0, loss);
    await model.fit(x, y, { epochs: 500 });
    assert.equal((await model.evaluate(x, y))['accuracy'], 1, loss);
  }
});

test('one batch is learned by heart', { skip }, async () => {
  const { x, y } = stripes(16, 30, 1);
  const random = new Random(2);
  const labels = tensor(Float32Array.from(y.data).fill(0), [16, 3]);
  for (let example = 0; example < 16; example++) labels.data[example * 3 + random.integer(3)] = 1;
  const model = sequential(cnn({ inputShape: [30, 30, 3], classes: 3, filters: [8, 16, 16], units: 64, dropout: 0 }), {
    backend: 'native',
    seed: 1,
  });
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(x, labels, { batchSize: 16, epochs: 200 });
  const { loss, accuracy } = await model.evaluate(x, labels);
  assert.ok(accuracy === 1 && loss! < 0.1, `labels by chance: loss ${loss}, accuracy ${accuracy}`);
});

test('stripes are told apart in less than two seconds', { skip }, async () => {
  const training = stripes(192, 24, 3);
  const unseen = stripes(100, 24, 4);
  const model = sequential(cnn({ inputShape: [24, 24, 3], classes: 3, filters: [8, 16], units: 32, dropout: 0.2 }), {
    backend: 'native',
    seed: 1,
  });
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.003 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const start = performance.now();
  await model.fit(training.x, training.y, { batchSize: 16, epochs: 8 });
  const seconds = (performance.now() - start) / 1000;
  const { accuracy } = await model.evaluate(unseen.x, unseen.y);
  assert.equal(accuracy, 1);
  assert.ok(seconds < 2, `${seconds.toFixed(2)} s`);
});
