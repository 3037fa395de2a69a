// Protects: the same seed gives the same weights, to the bit, whatever the number of threads, on every backend and
// instruction set; another seed gives others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import type { BackendOptions } from '../../src/engine/choose-backend.ts';
import { type Model, sequential } from '../../src/model/model.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { listTargets, threadCounts } from '../support/backends-under-test.ts';

const [size, batchSize, classes, steps] = [30, 8, 4, 20];

const random = new Random(21);
const x: Tensor = tensor(
  Uint8Array.from({ length: 40 * size * size * 3 }, () => random.integer(256)),
  [40, size, size, 3],
);
const y: Tensor = tensor(
  Float32Array.from({ length: 40 * classes }, (_, place) =>
    place % classes === Math.floor(place / classes) % classes ? 1 : 0,
  ),
  [40, classes],
);

/** The 13-layer network in small, with dropout, after 20 steps on batches whose last one is smaller. */
async function train(options: BackendOptions, seed = 5): Promise<Model> {
  const layers = cnn({ inputShape: [size, size, 3], classes, filters: [8, 8, 16], units: 32, dropout: 0.4 });
  const model = sequential(layers, { ...options, seed });
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { batchSize: batchSize + 1, epochs: 1, stepsPerEpoch: steps });
  return model;
}

async function weightBytes(model: Model): Promise<string> {
  const weights = await model.getWeights();
  return [...weights].map(([name, data]) => `${name} ${Buffer.from(data.buffer).toString('base64')}`).join('\n');
}

for (const { backend, instructionSet, missing } of await listTargets()) {
  test(`${backend} ${instructionSet}: ${threadCounts.join(', ')} threads reach the same weights`, {
    skip: missing ?? false,
  }, async () => {
    const [first, ...others] = threadCounts;
    const expected = await weightBytes(await train({ backend, instructionSet, threads: first! }));
    for (const threads of others) {
      assert.equal(
        await weightBytes(await train({ backend, instructionSet, threads })),
        expected,
        `${threads} threads`,
      );
    }
    assert.equal(await weightBytes(await train({ backend, instructionSet, threads: first! })), expected, 'once more');
    assert.notEqual(
      await weightBytes(await train({ backend, instructionSet, threads: 2 }, 6)),
      expected,
      'another seed',
    );
  });
}
