/** Protects: memory stays flat over thousands of training steps, and models that nobody holds any more give theirs back,
 * although nothing disposes of them. `npm run test:leaks` runs it once for each backend, with the garbage collector
 * within reach. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { defaultBackend } from '../../src/engine/choose-backend.ts';
import { type Model, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';

const steps = 2000;
const models = 200;

/** What may be gained after the first quarter, in MiB: of the whole process, where the collector of garbage leaves gaps,
 * and of what JavaScript holds, which is known exactly. */
const bounds = { process: 32, heap: 4, buffers: 4 } as const;
type Part = keyof typeof bounds;

const [side, batch, classes] = [24, 16, 4];
const random = new Random(5);
const pictures = Uint8Array.from({ length: batch * side * side * 3 }, () => random.integer(256));
const rows = Float32Array.from({ length: batch * classes }, (_, place) => (place % 5 === 0 ? 1 : 0));
const [x, y] = [tensor(pictures, [batch, side, side, 3]), tensor(rows, [batch, classes])];

function smallNetwork(seed: number): Model {
  const model = sequential(
    [
      layers.input({ shape: [side, side, 3] }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: classes, activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** Frees what nobody holds; finalizers run between turns of the event loop. */
async function collectGarbage(): Promise<void> {
  const { gc } = globalThis;
  assert.ok(gc, 'expected node --expose-gc');
  for (let round = 0; round < 4; round++) {
    gc();
    await wait(5);
  }
}

/** MiB in use. */
async function memoryInUse(): Promise<Record<Part, number>> {
  await collectGarbage();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { process: rss / 2 ** 20, heap: heapUsed / 2 ** 20, buffers: arrayBuffers / 2 ** 20 };
}

/** Does something `count` times, and compares the memory in use after the first quarter with that at the end. Garbage is
 * collected on the way: WebAssembly's memory never shrinks, and V8, which does not see how large a dropped model is,
 * lets many of them pile up before it collects them. */
async function checkFlat(context: TestContext, count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  const actFrom = async (first: number, end: number) => {
    for (let index = first; index < end; index++) {
      if (index % (count / 20) === 0) await collectGarbage();
      await act(index);
    }
  };
  await actFrom(0, count / 4);
  const before = await memoryInUse();
  await actFrom(count / 4, count);
  const after = await memoryInUse();
  const parts = Object.keys(bounds) as Part[];
  const text = (part: Part) => `${part} ${before[part].toFixed(1)} to ${after[part].toFixed(1)} MiB`;
  const { name } = (await defaultBackend()).backend;
  context.diagnostic(
    `${name}, ${context.name}: from a quarter of ${count} to their end: ${parts.map(text).join(', ')}`,
  );
  for (const part of parts)
    assert.ok(after[part] - before[part] < bounds[part], `${text(part)}: more than ${bounds[part]}`);
}

test('training steps', async (context) => {
  const model = smallNetwork(0);
  await checkFlat(context, steps, () => model.trainOnBatch(x, y));
});

test('models that are trained, asked and dropped', async (context) => {
  await checkFlat(context, models, async (seed) => {
    const model = smallNetwork(seed);
    await model.trainOnBatch(x, y);
    await model.predict(x);
  });
});
