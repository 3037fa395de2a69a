// Protects: training loops of one's own. Gradients are those of fit's own step, an update from them gives the same weights to
// the bit or nearly, and wrong use is told by message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import { sequential } from '../../src/model/model.ts';
import { type LossWriter, valueAndGradients } from '../../src/model/value-and-gradients.ts';
import { layers } from '../../src/nn/layers/table.ts';
import { optimizers } from '../../src/nn/optimizers/table.ts';
import { mean, square, subtract, sum } from '../../src/ops/index.ts';

const numbers = (rows: number, columns: number): Tensor =>
  tensor(
    Float32Array.from({ length: rows * columns }, (_, place) => Math.sin(place + 1)),
    [rows, columns],
  );
const make = () => {
  const { input, dense, dropout } = layers;
  const made = sequential([
    input({ shape: [3] }),
    dense({ units: 4, activation: 'tanh' }),
    dropout({ rate: 0.3 }),
    dense({ units: 2 }),
  ]);
  made.compile({ optimizer: optimizers.adam({ learningRate: 0.1, clipnorm: 1 }), loss: 'meanSquaredError' });
  return made;
};
const x = numbers(6, 3);
const y = numbers(6, 2);
const squares: LossWriter = ({ outputs: [p], targets: [t] }) => sum(square(subtract(p!, t!)), 1);

test('steps of one’s own are steps of fit', async () => {
  const [own, fitted] = [make(), make()];
  const step = valueAndGradients(own, (context) => {
    const { shape } = context.outputs[0]!;
    return sum(square(subtract(context.outputs[0]!, context.targets[0]!)), 1, shape.length - 1);
  });
  for (let round = 0; round < 3; round++) {
    const { value, gradients, outputs } = await step(x, y);
    const { loss } = await fitted.trainOnBatch(x, y);
    // The mean over two outputs is half of the sum.
    assert.ok(Math.abs(value - 2 * loss!) < 1e-5, `${value} ${loss}`);
    assert.deepEqual(outputs[0]!.shape, [6, 2]);
    const halves = new Map([...gradients].map(([name, data]) => [name, data.map((each) => each / 2)]));
    await own.applyGradients(halves);
    for (const [name, data] of await fitted.getWeights()) {
      const mine = (await own.getWeights()).get(name)!;
      assert.ok(
        data.every((each, place) => Math.abs(each - mine[place]!) < 1e-5),
        name,
      );
    }
  }
});

test('a mean over examples and outputs is the mean of what each example gives', async () => {
  const model = make();
  const whole = await valueAndGradients(model, ({ outputs: [p], targets: [t] }) => mean(square(subtract(p!, t!))))(
    x,
    y,
  );
  const each = await valueAndGradients(model, ({ outputs: [p], targets: [t] }) => mean(square(subtract(p!, t!)), -1))(
    x,
    y,
  );
  assert.ok(Math.abs(whole.value - each.value) < 1e-6, `${whole.value} ${each.value}`);
  for (const [name, data] of whole.gradients) {
    const others = each.gradients.get(name)!;
    assert.ok(
      data.every((value, place) => Math.abs(value - others[place]!) < 1e-6),
      name,
    );
  }
});

test('frozen weights have no gradient, and weights without one stay', async () => {
  const model = make();
  model.getLayer('dense').trainable = false;
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const { gradients } = await valueAndGradients(model, squares)(x, y);
  assert.deepEqual([...gradients.keys()], ['dense_1/kernel', 'dense_1/bias']);
  const before = await model.getWeights();
  gradients.delete('dense_1/kernel');
  await model.applyGradients(gradients);
  const after = await model.getWeights();
  assert.deepEqual(after.get('dense_1/kernel'), before.get('dense_1/kernel'));
  assert.notDeepEqual(after.get('dense_1/bias'), before.get('dense_1/bias'));
});

test('wrong use is told', async () => {
  const model = make();
  await assert.rejects(
    valueAndGradients(model, ({ outputs: [p] }) => p!)(x, y),
    /^OptionError: valueAndGradients: expected a loss that is one number or one for each example, received shape \[batch, 2\]\./,
  );
  await assert.rejects(
    valueAndGradients(model, squares)(x, numbers(5, 2)),
    /^ShapeError: valueAndGradients: expected as many targets as inputs \(6\), received \[5, 2\]\./,
  );
  await assert.rejects(
    model.applyGradients(new Map([['dence/kernel', new Float32Array(12)]])),
    /^OptionError: applyGradients: expected gradients of weights of sequential that are not frozen, received one of "dence\/kernel"\. They are dense\/kernel/,
  );
  await assert.rejects(
    model.applyGradients(new Map([['dense/bias', new Float32Array(1)]])),
    /^ShapeError: variable "dense\/bias"/,
  );
});
