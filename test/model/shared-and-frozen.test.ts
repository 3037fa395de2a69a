/** Protects what shared and frozen layers add to the loss and keep: numbers are Keras 3.15's. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { input, layers, type Model, model, regularizers, sequential, tensor } from '../../src/index.ts';

const ones = (examples: number, width: number) => tensor(new Float32Array(examples * width).fill(1), [examples, width]);
const zeros = (examples: number, width: number) => tensor(new Float32Array(examples * width), [examples, width]);

function calledTwice(options: object): Model {
  const x = input({ shape: [4] });
  const shared = layers.dense({ units: 4, kernelInitializer: 'ones', ...options });
  const made = model({ inputs: x, outputs: layers.dense({ units: 3, kernelInitializer: 'zeros' })(shared(shared(x))) });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
}

async function lossOf(made: Model, examples: number): Promise<number> {
  return (await made.evaluate(ones(examples, 4), zeros(examples, 3)))['loss']!;
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-5 * expected, `expected ${expected}, received ${actual}`);
}

it('counts the regularizer of a shared weight once', async () => {
  near(await lossOf(calledTwice({ kernelRegularizer: regularizers.l2({ l2: 0.1 }) }), 10), 1.6);
});

it('counts the regularizer of an output at each call, by example', async () => {
  const made = calledTwice({ activityRegularizer: regularizers.l2({ l2: 0.1 }) });
  for (const examples of [1, 2, 10]) near(await lossOf(made, examples), 108.8);
});

it('leaves out the regularizers of frozen layers', async () => {
  assert.equal(await lossOf(calledTwice({ kernelRegularizer: regularizers.l2({ l2: 0.1 }), trainable: false }), 4), 0);
});

it('freezes at the next compile, not before', async () => {
  const made = sequential([layers.input({ shape: [4] }), layers.dense({ units: 3 })]);
  const kernel = async () => (await made.getWeights()).get('dense/kernel')!;
  const train = () => made.fit(ones(4, 4), zeros(4, 3));
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const first = await kernel();
  made.getLayer('dense').trainable = false;
  await train();
  const second = await kernel();
  assert.notDeepEqual(second, first);
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await train();
  assert.deepEqual(await kernel(), second);
});
