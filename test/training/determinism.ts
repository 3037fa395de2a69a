/** A test that a network reaches the same weights, to the bit, with any number of threads, on every backend and instruction
 * set of this machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import type { BackendOptions } from '../../src/engine/choose-backend.ts';
import { type Model, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import type { SequentialPart } from '../../src/nn/network.ts';
import { cnn } from '../../src/zoo/cnn.ts';
import { listTargets, threadCounts } from '../support/backends-under-test.ts';

const steps = 20;

/** A network, and what it is trained on. */
export interface DeterminismCase {
  readonly name: string;
  readonly layers: () => SequentialPart[];
  readonly inputShape: readonly [number, number, number];
  readonly batchSize: number;
  readonly classes: number;
  readonly optimizer: 'rmsprop' | 'adam';
}

/** The 13-layer network on pictures of a size. */
export function thirteenLayers(size: number, batchSize: number): DeterminismCase {
  const inputShape = [size, size, 3] as const;
  return {
    name: `13-layer network, ${size}×${size}, batch ${batchSize}`,
    layers: () => cnn({ inputShape, classes: 4, filters: [32, 32, 64], units: 256, dropout: 0.4 }),
    inputShape,
    batchSize,
    classes: 4,
    optimizer: 'rmsprop',
  };
}

/** A convolution network for handwritten digits. */
export function digitNetwork(batchSize: number): DeterminismCase {
  const inputShape = [28, 28, 1] as const;
  const convolution = (filters: number): SequentialPart =>
    layers.conv2d({ filters, kernelSize: 3, activation: 'relu' });
  return {
    name: `digit network, batch ${batchSize}`,
    layers: () => [
      layers.input({ shape: inputShape }),
      convolution(32),
      layers.maxPooling2d({ poolSize: 2 }),
      convolution(64),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
    inputShape,
    batchSize,
    classes: 10,
    optimizer: 'adam',
  };
}

/** Tests that 20 steps, the last of an epoch on a smaller batch, end with the same weights whatever the number of threads. */
export async function testDeterminism(subject: DeterminismCase): Promise<void> {
  const { name, inputShape, batchSize, classes, optimizer } = subject;
  const random = new Random(21);
  const examples = 4 * batchSize - 1;
  const numbers = examples * inputShape[0] * inputShape[1] * inputShape[2];
  const x: Tensor = tensor(
    Uint8Array.from({ length: numbers }, () => random.integer(256)),
    [examples, ...inputShape],
  );
  const y: Tensor = tensor(
    Float32Array.from({ length: examples * classes }, (_, place) =>
      place % classes === Math.floor(place / classes) % classes ? 1 : 0,
    ),
    [examples, classes],
  );

  const trainedBytes = async (options: BackendOptions, seed = 5): Promise<string> => {
    const model: Model = sequential(subject.layers(), { ...options, seed });
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    await model.fit(x, y, { batchSize, epochs: 5, stepsPerEpoch: steps / 5 });
    const weights = await model.getWeights();
    return [...weights].map(([key, data]) => `${key} ${Buffer.from(data.buffer).toString('base64')}`).join('\n');
  };

  for (const { backend, instructionSet, missing } of await listTargets()) {
    const title = `${name}: ${backend} ${instructionSet}: ${threadCounts.join(', ')} threads reach the same weights`;
    test(title, { skip: missing ?? false }, async () => {
      const [first, ...others] = threadCounts;
      const expected = await trainedBytes({ backend, instructionSet, threads: first! });
      for (const threads of others) {
        const reached = await trainedBytes({ backend, instructionSet, threads });
        assert.ok(reached === expected, `${threads} threads`);
      }
      assert.ok((await trainedBytes({ backend, instructionSet, threads: first! })) === expected, 'once more');
      assert.ok((await trainedBytes({ backend, instructionSet, threads: 2 }, 6)) !== expected, 'another seed');
    });
  }
}
