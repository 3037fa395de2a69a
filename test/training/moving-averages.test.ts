// Protects: weights become their moving averages at the end of `fit`, and `swapEmaWeights` validates with them and gives the
// weights back.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tensor } from '../../src/core/tensor.ts';
import { type Model, sequential } from '../../src/model/model.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { type Callback, swapEmaWeights } from '../../src/training/callbacks/index.ts';

const x = tensor(Float32Array.of(1, 2, 3, 4), [4, 1]);
const y = tensor(Float32Array.of(0, 0, 0, 0), [4, 1]);

/** One weight that starts at 1 and is halved and more by each step. */
function made(useEma = true): Model {
  const head = layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
  const model = sequential([layers.input({ shape: [1] }), head], { backend: 'reference' });
  const optimizer = optimizers.sgd({ learningRate: 0.05, useEma, emaMomentum: 0.5 });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  return model;
}

const weightOf = async (model: Model): Promise<number> => (await model.getWeights()).get('dense/kernel')![0]!;

/** The weight after each step, with gradient 2w · mean(x²) = 15w. */
const weights = [0.25, 0.0625, 0.015625, 0.00390625];
/** The first step copies the weight. */
const averages = [0.25, 0.15625, 0.0859375, 0.044921875];

async function fit(
  callbacks: readonly Callback[],
  model = made(),
): Promise<{ model: Model; losses: readonly number[] }> {
  const options = { epochs: 4, batchSize: 4, shuffle: false, validationData: [x, y], callbacks } as const;
  const { history } = await model.fit(x, y, options);
  return { model, losses: history['val_loss']! };
}

/** The validation's loss with a weight: mean(x²) w². */
const lossWith = (weight: number) => 7.5 * weight ** 2;

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((number, place) => {
    assert.ok(Math.abs(actual[place]! - number) < 1e-6, `${actual} instead of ${expected}`);
  });
}

describe('moving averages', () => {
  it('become the weights at the end of fit, and not before', async () => {
    const seen: number[] = [];
    const look: Callback = {
      onEpochEnd: async (_, __, training) => void seen.push((await training.getWeights())[0]![0]!),
    };
    const { model, losses } = await fit([look]);
    assertNear(seen, weights);
    assertNear(losses, weights.map(lossWith));
    assertNear([await weightOf(model)], [averages.at(-1)!]);
  });

  it('are left alone where there was no epoch', async () => {
    const model = made();
    await model.fit(x, y, { epochs: 0 });
    assert.equal(await weightOf(model), 1);
  });

  it('are validated with by swapEmaWeights', async () => {
    const seen: number[] = [];
    const look: Callback = {
      onEpochEnd: async (_, __, training) => void seen.push((await training.getWeights())[0]![0]!),
    };
    const { model, losses } = await fit([swapEmaWeights(), look]);
    assertNear(losses, averages.map(lossWith));
    assertNear(seen, weights);
    assertNear([await weightOf(model)], [averages.at(-1)!]);
  });

  it('are seen by callbacks behind swapEmaWeights with swapOnEpoch', async () => {
    const seen: number[] = [];
    const look: Callback = {
      onEpochEnd: async (_, __, training) => void seen.push((await training.getWeights())[0]![0]!),
    };
    const { model, losses } = await fit([swapEmaWeights({ swapOnEpoch: true }), look]);
    assertNear(losses, averages.map(lossWith));
    assertNear(seen, averages);
    assertNear([await weightOf(model)], [averages.at(-1)!]);
    const again = await fit([], model);
    assertNear([again.losses.length], [4]);
  });

  it('must be kept by the optimizer', async () => {
    await assert.rejects(
      fit([swapEmaWeights()], made(false)),
      /^OptionError: swapEmaWeights: expected an optimizer that keeps averages, received one that does not\. Compile with useEma: true\./,
    );
  });
});
