// Protects: on compiled backends, predictions do not depend on their batch, to the bit, and nothing blocks the event loop while
// a network trains.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { listTargets } from '../support/backends-under-test.ts';

const size = 34;
const random = new Random(13);
const pictures = (count: number, side: number) =>
  tensor(
    Uint8Array.from({ length: count * side * side * 3 }, () => random.integer(256)),
    [count, side, side, 3],
  );
const rows = (count: number) =>
  tensor(
    Float32Array.from({ length: count * 4 }, (_, place) => (place % 5 === 0 ? 1 : 0)),
    [count, 4],
  );

for (const { backend, instructionSet, missing } of await listTargets()) {
  const here = { skip: missing ?? false };
  const options = { backend, instructionSet };

  test(`${backend} ${instructionSet}: a picture's prediction does not depend on its batch`, here, async () => {
    const model = sequential(
      cnn({ inputShape: [size, size, 3], classes: 4, filters: [8, 16, 16], units: 48 }),
      options,
    );
    const x = pictures(37, size);
    const expected = await model.predict(x, { batchSize: 37 });
    for (const batchSize of [1, 2, 5, 32]) assert.deepEqual(await model.predict(x, { batchSize }), expected);
  });

  test(`${backend} ${instructionSet}: the event loop stays free while a network trains`, here, async () => {
    const side = 96;
    const model = sequential(cnn({ inputShape: [side, side, 3], classes: 4 }), options);
    model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
    const [x, y] = [pictures(32, side), rows(32)];
    await model.trainOnBatch(x, y);
    const delay = monitorEventLoopDelay({ resolution: 2 });
    const start = performance.now();
    delay.enable();
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    const stepMs = (performance.now() - start) / 3;
    delay.disable();
    const worstMs = delay.percentile(99) / 1e6;
    // A step that ran on this thread would hold it for all of its time.
    assert.ok(
      worstMs < Math.max(25, stepMs / 3),
      `99 of 100 turns come within ${worstMs.toFixed(1)} ms; a step takes ${stepMs.toFixed(0)} ms`,
    );
  });
}
