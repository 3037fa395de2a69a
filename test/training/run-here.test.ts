/** Protects small programs that run on the caller's thread: the same bits as off it, callbacks at every step, and an event loop
 * that goes on. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Backend } from '../../src/backends/backend.ts';
import { nativeAvailability, openNativeBackend } from '../../src/backends/native/index.ts';
import { openWasmBackend, wasmAvailability } from '../../src/backends/wasm/node/index.ts';
import { tensor } from '../../src/core/tensor.ts';
import { arrayDataset } from '../../src/data/array-dataset.ts';
import { ModelMemory } from '../../src/engine/model-memory.ts';
import { variableType } from '../../src/engine/variable-store.ts';
import * as layers from '../../src/nn/layers/index.ts';
import { Network } from '../../src/nn/network.ts';
import type { Callback } from '../../src/training/callbacks/callback.ts';
import { resolveCompileOptions } from '../../src/training/compile-options.ts';
import { fitLoop } from '../../src/training/fit-loop.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { noise } from '../native/programs.ts';
import { stubModel } from './callbacks/play.ts';

const examples = 60;
const x = tensor(noise(examples * 36), [examples, 6, 6, 1]);
const y = tensor(
  Float32Array.from({ length: examples }, (_, index) => index % 3),
  [examples],
);

/** The backend, counting its runs on either thread. */
function counting(backend: Backend, hasHere: boolean): { counted: Backend; runs: { here: number; off: number } } {
  const runs = { here: 0, off: 0 };
  const { here } = backend;
  const counted: Backend = {
    name: backend.name,
    instructionSet: backend.instructionSet,
    threads: backend.threads,
    allocate: (bytes) => backend.allocate(bytes),
    write: (...given) => backend.write(...given),
    read: (...given) => backend.read(...given),
    load: (...given) => backend.load(...given),
    close: () => backend.close(),
    run(...given) {
      runs.off++;
      return backend.run(...given);
    },
    ...(hasHere &&
      here && {
        here: {
          view: (...given) => here.view(...given),
          run(...given) {
            runs.here++;
            here.run(...given);
          },
        },
      }),
  };
  return { counted, runs };
}

async function train(backend: Backend, epochs: number, callbacks: Callback[] = [], filters = 4) {
  const network = Network.sequential(
    [
      layers.conv2d({ filters, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    [6, 6, 1],
  );
  const memory = new ModelMemory(backend);
  const numbers = network.initialize(3);
  await memory.add(
    network.weights.map(({ name, shape }) => ({ type: variableType(name, shape), data: numbers.get(name)! })),
  );
  const trainer = new Trainer(network, memory, 3);
  const compiled = resolveCompileOptions({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await trainer.compile(compiled);
  const model = stubModel();
  const data = arrayDataset(x, y, { batchSize: 16 });
  const { history, stopped } = await fitLoop(trainer, compiled, model, data, {
    epochs,
    callbacks,
    validationData: data,
  });
  const weights = await Promise.all(network.weights.map(({ name }) => memory.read(name)));
  return { history, stopped, weights };
}

const open: [name: string, isThere: boolean, open: () => Promise<Backend>][] = [
  ['native', nativeAvailability().available, () => openNativeBackend({ threads: 2 })],
  ['wasm', wasmAvailability().available, () => openWasmBackend({ threads: 2 })],
];

for (const [name, isThere, openBackend] of open) {
  describe(`small programs on the caller's thread: ${name}`, { skip: !isThere }, async () => {
    if (!isThere) return;
    const backend = await openBackend();
    after(() => backend.close());

    it('give the same bits as off it', async () => {
      const [off, both] = [counting(backend, false), counting(backend, true)];
      const expected = await train(off.counted, 5);
      assert.deepEqual(await train(both.counted, 5), expected);
      assert.equal(off.runs.here, 0);
      assert.ok(both.runs.here > both.runs.off, `${both.runs.here} runs here, ${both.runs.off} off`);
    });

    it('call callbacks after each step, and stop where one says so', async () => {
      const { counted, runs } = counting(backend, true);
      const seen: number[] = [];
      const callback: Callback = {
        onTrainBatchEnd(step, logs, training) {
          seen.push(step);
          assert.ok(Number.isFinite(logs['loss']));
          if (seen.length === 6) training.stop('enough');
        },
      };
      const { stopped } = await train(counted, 5, [callback]);
      assert.equal(stopped, 'enough');
      assert.deepEqual(seen, [0, 1, 2, 3, 0, 1]);
      // Six steps, and the validation of the first epoch.
      assert.equal(runs.here + runs.off, 6 + 4);
    });

    it('let the event loop go on', async () => {
      const { counted, runs } = counting(backend, true);
      let turns = 0;
      let timer = setTimeout(function count() {
        turns++;
        timer = setTimeout(count);
      });
      const start = performance.now();
      await train(counted, 100);
      clearTimeout(timer);
      const elapsed = performance.now() - start;
      assert.ok(runs.here > runs.off);
      // Compiling takes some of the time, and neighbours on the machine may.
      assert.ok(turns > elapsed / 40, `${turns} turns in ${elapsed} ms`);
    });

    it('are not large ones', async () => {
      const { counted, runs } = counting(backend, true);
      await train(counted, 3, [], 512);
      assert.equal(runs.here, 0);
      assert.ok(runs.off > 0);
    });
  });
}
