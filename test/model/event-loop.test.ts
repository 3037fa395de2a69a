// Protects: nothing blocks the event loop while the thirteen-layer network trains on pictures of 150×150. The bound is
// generous, because machines are busy at times; a step that ran on this thread would hold it for all of its time.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { listTargets } from '../support/backends-under-test.ts';

const [side, batch, classes] = [150, 32, 4];
const shortestMs = 2000;
const boundMs = 100;

/** The best instruction set of each backend. */
const targets = new Map(
  (await listTargets()).filter(({ missing }) => !missing).map((target) => [target.backend, target]),
);

for (const { backend, instructionSet } of targets.values()) {
  test(`${backend} ${instructionSet}: the event loop stays free while a network trains`, async (context) => {
    const model = sequential(cnn({ inputShape: [side, side, 3], classes }), { backend, instructionSet });
    model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });
    const random = new Random(13);
    const pictures = Uint8Array.from({ length: batch * side * side * 3 }, () => random.integer(256));
    const rows = Float32Array.from({ length: batch * classes }, (_, place) => (place % 5 === 0 ? 1 : 0));
    const [x, y] = [tensor(pictures, [batch, side, side, 3]), tensor(rows, [batch, classes])];
    await model.trainOnBatch(x, y);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const start = performance.now();
    delay.enable();
    let steps = 0;
    for (; steps < 3 || performance.now() - start < shortestMs; steps++) await model.trainOnBatch(x, y);
    delay.disable();
    const stepMs = (performance.now() - start) / steps;
    const p99 = delay.percentile(99) / 1e6;
    context.diagnostic(
      `${backend} ${instructionSet}: event loop delay in ${steps} steps of ${stepMs.toFixed(0)} ms: ` +
        `median ${(delay.percentile(50) / 1e6).toFixed(1)} ms, 99 of 100 within ${p99.toFixed(1)} ms, ` +
        `longest ${(delay.max / 1e6).toFixed(1)} ms`,
    );
    assert.ok(p99 < boundMs, `99 of 100 turns come within ${p99.toFixed(1)} ms`);
  });
}
