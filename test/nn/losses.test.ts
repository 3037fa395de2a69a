// Protects: losses, their means over a batch and their gradients are Keras's, with ordinary and with saturated
// probabilities; and what a user may give for a loss.
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { checkLoss, type LossPart, losses, lossNames, lossOf } from '../../src/nn/losses/table.ts';
import { add, sigmoid, square, subtract } from '../../src/ops/elementwise.ts';
import type { Value } from '../../src/ops/op.ts';
import { sum } from '../../src/ops/reduce.ts';
import { softmaxOf } from '../../src/ops/softmax.ts';
import { type LossGolden, lossGolden } from './loss-golden.ts';
import { places } from './network-golden.ts';
import { type LossRun, runLoss } from './run-loss.ts';

function assertNear(actual: readonly number[], expected: readonly number[], relative: number, what: string): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, place) => {
    // Differences of numbers near 1 keep the absolute error of those.
    const allowed = relative * Math.abs(value) + 2e-7;
    assert.ok(Math.abs(actual[place]! - value) <= allowed, `${what} at ${place}: ${actual[place]} instead of ${value}`);
  });
}

const partOf = ({ loss, options }: LossGolden): LossPart => checkLoss('test', { name: loss, config: options });

// Where a probability is 0 or 1, Keras's bound 1 − ε is rounded to float32, which float64 does not do.
const isSaturated = ({ predictions, options }: LossGolden) =>
  !options['fromLogits'] && predictions.some((p) => p < 1e-6 || (p > 1 - 1e-5 && p <= 1));

for (const { name, skip, open } of await places()) {
  test(`${name}: ${lossGolden.losses.length} losses and gradients as Keras ${lossGolden.keras}`, { skip }, async () => {
    const backend = await open();
    for (const expected of lossGolden.losses) {
      if (name === 'reference' && isSaturated(expected)) continue;
      const loss = partOf(expected);
      const actual = await runLoss({ ...expected, loss }, backend);
      const what = `${expected.loss} ${JSON.stringify(expected.options)} of ${expected.predictions}`;
      // What Keras leaves out by a mask it leaves out of the mean only, not of the single losses.
      if (!('ignoreClass' in expected.options)) {
        assertNear(actual.values, expected.values, 5e-6, `${what}: the loss`);
      }
      assertNear([actual.total], [expected.total], 5e-6, `${what}: the mean`);
      assertNear(actual.gradient, expected.gradient, 5e-6, `${what}: the gradient`);
    }
    await backend.close();
  });
}

test('every loss has goldens', () => {
  assert.deepEqual([...new Set(lossGolden.losses.map(({ loss }) => loss))].sort(), [...lossNames].sort());
});

const reference = await (await places())[0]!.open();
const run = (given: LossRun) => runLoss(given, reference);

describe('losses', () => {
  it('stay finite, with finite gradients, however wrong a certain prediction is', async () => {
    for (const loss of lossNames) {
      const targets = loss.startsWith('sparse') ? [0, 1] : [1, 0, 0, 1];
      for (const predictions of [
        [0, 1, 1, 0],
        [1, 0, 0, 1],
        [0.5, 0.5, 1e-30, 1],
      ]) {
        const { values, gradient } = await run({ loss, shape: [2, 2], targets, predictions });
        for (const value of [...values, ...gradient]) assert.ok(Number.isFinite(value), `${loss} of ${predictions}`);
      }
    }
  });

  it('of sequences are the means over their places', async () => {
    const row = { shape: [1, 2], targets: [0, 1], predictions: [0.25, 0.75] };
    for (const loss of lossNames.filter((name) => !name.startsWith('sparse'))) {
      const one = await run({ loss, ...row });
      const three = {
        shape: [1, 3, 2],
        targets: [0, 1, 0, 1, 0, 1],
        predictions: [0.25, 0.75, 0.25, 0.75, 0.25, 0.75],
      };
      const many = await run({ loss, ...three });
      assertNear(many.values, one.values, 1e-12, loss);
    }
  });

  it('divide the sum by the number of examples, whatever their weights', async () => {
    const batch = { shape: [2, 1], targets: [0, 0], predictions: [1, 2] };
    const { total } = await run({ loss: 'meanSquaredError', ...batch, weights: [3, 0.5] });
    assert.equal(total, (3 * 1 + 0.5 * 4) / 2);
  });
});

describe('cross-entropies of a softmax or sigmoid', () => {
  const crossEntropies = [
    ['categoricalCrossentropy', softmaxOf, 1],
    ['sparseCategoricalCrossentropy', softmaxOf, 1],
    ['categoricalFocalCrossentropy', softmaxOf, 0.25],
    ['binaryCrossentropy', sigmoid, 1],
    ['binaryFocalCrossentropy', sigmoid, 1],
  ] as const;

  it('are those of the probabilities', async () => {
    for (const [loss, activation] of crossEntropies) {
      const targets = loss.startsWith('sparse') ? [1] : [0, 1, 0];
      const x = [0.5, -1, 2];
      const traced = await run({ loss, shape: [1, 3], targets, predictions: x, activation });
      // Adding nothing hides from the loss where its predictions come from.
      const hidden = (logits: Value) => add(activation(logits), activation(logits).graph.scalar('nothing'));
      const formula = await run({ loss, shape: [1, 3], targets, predictions: x, activation: hidden });
      assertNear(traced.values, formula.values, 1e-6, loss);
      assertNear(traced.gradient, formula.gradient, 1e-5, loss);
    }
  });

  it('have a gradient where the prediction is wrong and certain', async () => {
    for (const [loss, activation, slope] of crossEntropies) {
      const x = loss.startsWith('binary') ? [60, -60] : [120, 0];
      const targets = loss.startsWith('sparse') ? [1] : [0, 1];
      const { gradient, total } = await run({ loss, shape: [1, 2], targets, predictions: x, activation });
      const expected = loss.startsWith('binary') ? [slope / 2, -slope / 2] : [slope, -slope];
      assertNear(gradient, expected, 1e-6, loss);
      assert.ok(total >= 30 && total <= 120, `${loss}: ${total}`);
    }
  });

  it('have the gradient ½ − y at logits of 0', async () => {
    for (const fromLogits of [false, true]) {
      const loss = losses.binaryCrossentropy({ fromLogits });
      const activation = fromLogits ? (x: Value) => x : sigmoid;
      const { gradient } = await run({ loss, shape: [2, 1], targets: [1, 0], predictions: [0, 0], activation });
      assert.deepEqual(gradient, [-0.25, 0.25]);
    }
  });

  it('take binary cross-entropy on a softmax for the formula', async () => {
    const batch = { shape: [1, 2], targets: [0, 1], predictions: [0, 0] };
    const { total } = await run({ loss: 'binaryCrossentropy', ...batch, activation: softmaxOf });
    assertNear([total], [Math.log(2)], 1e-6, 'the loss');
  });

  it('refuse probabilities where logits are promised', async () => {
    for (const [loss, activation] of crossEntropies) {
      const part = checkLoss('test', { name: loss, config: { fromLogits: true } });
      const targets = loss.startsWith('sparse') ? [1] : [0, 1];
      const op = activation === sigmoid ? 'sigmoid' : 'softmax';
      await assert.rejects(run({ loss: part, shape: [1, 2], targets, predictions: [0, 0], activation }), {
        name: 'OptionError',
        message:
          `${loss}: expected logits, since fromLogits is true, received the output of a ${op}. ` +
          'Leave fromLogits out, or end the model without an activation.',
      });
    }
  });
});

describe('a loss is given', () => {
  it('by its name, or Keras’s short one', () => {
    assert.equal(checkLoss('compile', 'huber'), 'huber');
    assert.equal(checkLoss('compile', 'mse'), 'meanSquaredError');
    assert.equal(checkLoss('compile', 'kld'), 'klDivergence');
    assert.throws(
      () => checkLoss('compile', 'categoricalCrossentropie'),
      /^OptionError: compile: unknown loss "categoricalCrossentropie"\. Did you mean "categoricalCrossentropy"\?/,
    );
    assert.throws(() => checkLoss('compile', 'binary_crossentropy'), /Did you mean "binaryCrossentropy"\?/);
    assert.throws(() => checkLoss('compile', undefined), /compile: expected loss as a name, .* received nothing/);
  });

  it('with options, as plain data', async () => {
    const smooth = losses.categoricalCrossentropy({ labelSmoothing: 0.1 });
    assert.deepEqual(checkLoss('compile', JSON.parse(JSON.stringify(smooth))), smooth);
    assert.equal(checkLoss('compile', losses.huber()), 'huber');
    assert.equal(lossOf(smooth), lossOf(smooth));
  });

  it('with options that are checked', () => {
    const refuses = (body: () => unknown, message: RegExp) => assert.throws(body, message);
    refuses(
      () => losses.categoricalCrossentropy({ labelSmothing: 0.1 } as never),
      /^OptionError: categoricalCrossentropy: unknown option "labelSmothing"\. Did you mean "labelSmoothing"\?/,
    );
    refuses(() => losses.binaryCrossentropy({ labelSmoothing: 2 }), /labelSmoothing must be a number .* received 2/);
    refuses(() => losses.huber({ delta: 0 }), /huber: delta must be a number above 0, received 0/);
    refuses(() => losses.binaryFocalCrossentropy({ gamma: -1 }), /gamma must be a number of at least 0, received -1/);
    refuses(() => losses.binaryFocalCrossentropy({ alpha: 2 }), /alpha must be .* received 2/);
    refuses(() => losses.categoricalFocalCrossentropy({ gamma: -1 }), /gamma must be a number of at least 0/);
    refuses(() => losses.categoricalFocalCrossentropy({ alpha: -1 }), /alpha must be a number of at least 0/);
    refuses(() => losses.sparseCategoricalCrossentropy({ ignoreClass: 0.5 }), /ignoreClass must be a whole number/);
  });

  it('as a function that writes the loss of each example, or place, in ops', async () => {
    const squares = (y: Value, p: Value) => square(subtract(y, p));
    const batch = { shape: [1, 2], targets: [0, 1], predictions: [1, 3] };
    const { total, gradient } = await run({ loss: checkLoss('compile', squares), ...batch });
    assert.equal(total, 2.5);
    assert.deepEqual(gradient, [1, 2]);
    assert.equal(lossOf(squares).name, 'squares');
    const oneNumber = (y: Value, p: Value) => sum(squares(y, p));
    await assert.rejects(run({ loss: oneNumber, ...batch }), {
      name: 'ShapeError',
      message:
        'loss oneNumber: expected one loss for each example, a value of shape [batch], received []. ' +
        'Sum or average over the last axes only.',
    });
  });
});
