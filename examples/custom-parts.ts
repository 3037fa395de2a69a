/** Parts of your own, each in a few lines: a layer, a loss, a metric, a schedule, a callback and a training loop. */
import {
  type Callback,
  defineLayer,
  layers,
  optimizers,
  Random,
  sequential,
  type Tensor,
  tensor,
  valueAndGradients,
} from 'cajal';
import { add, multiply, relu, square, subtract, sum, type Value } from 'cajal/ops';

/** A layer: a parabola a·x² + b·x + c of each input, with a, b and c learned. Its gradient follows from the ops. */
const parabola = defineLayer<object, object>({
  className: 'Parabola',
  options: [],
  configure: () => ({}),
  weights: (_config, inputShape) => {
    const one = { shape: [inputShape.at(-1)!], initializer: 'zeros', trainable: true } as const;
    return { a: one, b: one, c: one };
  },
  call: ({ inputs: [x], weights: { a, b, c } }) => add(add(multiply(square(x!), a!), multiply(x!, b!)), c!),
});

/** A loss, written in ops: the squared error, counted double where the prediction is too low. Its shape is [batch, …]. */
function lowIsWorse(targets: Value, predictions: Value): Value {
  const error = subtract(targets, predictions);
  return add(square(error), square(relu(error)));
}

/** A metric, in plain TypeScript: the largest error of a batch. */
function largestError(targets: Tensor, predictions: Tensor): number {
  return Math.max(...Array.from(targets.data, (target, place) => Math.abs(target - predictions.data[place]!)));
}

/** A schedule: the learning rate of each step, counted from 0. */
const halveEvery100 = (step: number) => 0.1 / 2 ** Math.floor(step / 100);

/** A callback: says how it goes, and ends the training when it is good enough. */
const untilGood: Callback = {
  onEpochEnd(epoch, logs, training) {
    if ((epoch + 1) % 50 === 0) console.log(`  epoch ${epoch + 1}: loss ${logs['loss']!.toFixed(4)}`);
    if (logs['largestError']! < 0.02) training.stop('good enough');
  },
};

// 64 points of 2x² − x + 1.
const random = new Random(0, 'points');
const points = Array.from({ length: 64 }, () => random.uniform(-1, 1));
const x = tensor(points.map((at) => [at]));
const y = tensor(points.map((at) => [2 * at ** 2 - at + 1]));

const model = sequential([layers.input({ shape: [1] }), parabola({ name: 'curve' })]);
model.compile({
  optimizer: optimizers.adam({ learningRate: halveEvery100 }),
  loss: lowIsWorse,
  metrics: [largestError],
});
console.log('fit, with all of them:\n');
const { stopped } = await model.fit(x, y, { epochs: 1000, batchSize: 64, callbacks: [untilGood] });
console.log(`  stopped: ${stopped}`);
await showCurve(model);

// The same as a loop of one's own.
const again = sequential([layers.input({ shape: [1] }), parabola({ name: 'curve' })]);
again.compile({ optimizer: optimizers.sgd({ learningRate: 0.3 }), loss: 'meanSquaredError' });
const step = valueAndGradients(again, ({ outputs: [prediction], targets: [target] }) =>
  sum(square(subtract(prediction!, target!)), 1),
);
console.log('\nA loop of one’s own:\n');
for (let epoch = 1; epoch <= 100; epoch++) {
  const { value, gradients } = await step(x, y);
  await again.applyGradients(gradients);
  if ([1, 10, 100].includes(epoch)) console.log(`  step ${epoch}: loss ${value.toFixed(4)}`);
}
await showCurve(again);

async function showCurve(trained: typeof model): Promise<void> {
  const weights = await trained.getWeights();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => weights.get(`curve/${name}`)![0]!.toFixed(2));
  console.log(`  learned a = ${a}, b = ${b}, c = ${c}`);
}
