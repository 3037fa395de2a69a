/** The perceptron learns OR, number by number: first by hand, then with cajal, then by Rosenblatt's rule. */
import { layers, optimizers, sequential, tensor } from 'cajal';
import { askPlane, drawPlane, savePlane } from './plane.ts';

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;
const targets = [0, 1, 1, 1] as const;
const points = inputs.map((x, example) => ({ x, label: targets[example]! }));

const show = (value: number) => value.toFixed(4).padStart(7);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

// One neuron: two weights and a bias.
const w = [0.5, -0.5] as const;
const b = 0.25;
const learningRate = 1;

console.log('1. Forward: z = Σ x·w + b, a = sigmoid(z), and the cross-entropy of each example\n');
console.log('   x1 x2  y        z        a     loss');

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const crossEntropy = (y: number, a: number) => -(y * Math.log(a) + (1 - y) * Math.log(1 - a));

const answers = inputs.map(([x1, x2]) => sigmoid(x1 * w[0] + x2 * w[1] + b));
for (const [example, [x1, x2]] of inputs.entries()) {
  const [y, a] = [targets[example]!, answers[example]!];
  const z = x1 * w[0] + x2 * w[1] + b;
  console.log(`    ${x1}  ${x2}  ${y}  ${show(z)}  ${show(a)}  ${show(crossEntropy(y, a))}`);
}
const cost = mean(answers.map((a, example) => crossEntropy(targets[example]!, a)));
console.log(`\n   The cost J is their mean: ${show(cost)}`);

console.log('\n2. Back-propagation, by the chain rule\n');
console.log('   ∂L/∂z = ∂L/∂a · ∂a/∂z = (a − y) / (a·(1 − a)) · a·(1 − a) = a − y');
console.log('   ∂L/∂w = ∂L/∂z · ∂z/∂w = (a − y) · x          ∂L/∂b = a − y\n');
console.log('   x1 x2    ∂L/∂a    ∂a/∂z    ∂L/∂z   ∂L/∂w1   ∂L/∂w2');

const errors = answers.map((a, example) => a - targets[example]!);
for (const [example, [x1, x2]] of inputs.entries()) {
  const [a, error] = [answers[example]!, errors[example]!];
  const slope = a * (1 - a);
  console.log(`    ${x1}  ${x2}  ${[error / slope, slope, error, error * x1, error * x2].map(show).join('  ')}`);
}
const gradient = {
  w: [
    mean(errors.map((error, example) => error * inputs[example]![0])),
    mean(errors.map((error, example) => error * inputs[example]![1])),
  ],
  b: mean(errors),
} as const;
console.log(
  `\n   Their means: ∂J/∂w1 ${show(gradient.w[0]!)}, ∂J/∂w2 ${show(gradient.w[1]!)}, ∂J/∂b ${show(gradient.b)}`,
);

console.log(`\n3. One update, with the learning rate ${learningRate}: new = old − learning rate · gradient\n`);
const updated = [
  w[0] - learningRate * gradient.w[0]!,
  w[1] - learningRate * gradient.w[1]!,
  b - learningRate * gradient.b,
];
console.log(`   w1 = ${show(w[0])} − ${learningRate} · ${show(gradient.w[0]!)} = ${show(updated[0]!)}`);
console.log(`   w2 = ${show(w[1])} − ${learningRate} · ${show(gradient.w[1]!)} = ${show(updated[1]!)}`);
console.log(`   b  = ${show(b)} − ${learningRate} · ${show(gradient.b)} = ${show(updated[2]!)}`);

console.log('\n4. The same neuron in cajal takes the same step\n');
const model = sequential([
  layers.input({ shape: [2] }),
  layers.dense({ units: 1, activation: 'sigmoid', name: 'neuron' }),
]);
model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
await model.setWeights(
  new Map([
    ['neuron/kernel', Float32Array.from(w)],
    ['neuron/bias', Float32Array.of(b)],
  ]),
);

const x = tensor(inputs);
const y = tensor(targets, [4, 1]);
const before = await model.trainOnBatch(x, y);
const weights = await model.getWeights();
const [w1, w2] = weights.get('neuron/kernel')!;
console.log(
  `   loss ${show(before['loss']!)}; after the step w1 ${show(w1!)}, w2 ${show(w2!)}, b ${show(weights.get('neuron/bias')![0]!)}`,
);

console.log('\n5. Many steps\n');
for (const epochs of [10, 100, 1000]) {
  const { history } = await model.fit(x, y, { epochs, batchSize: 4 });
  console.log(
    `   after ${String(epochs).padStart(4)} more: cost ${show(history['loss']!.at(-1)!)}, accuracy ${history['accuracy']!.at(-1)}`,
  );
}
const { data } = await model.predict(x);
for (const [example, [x1, x2]] of inputs.entries()) {
  console.log(`   ${x1} OR ${x2} = ${targets[example]}, the neuron says ${data[example]!.toFixed(3)}`);
}
const trained = await model.getWeights();
const [slope1, slope2] = trained.get('neuron/kernel')!;
const bias = trained.get('neuron/bias')![0]!;
console.log(
  `\n   It decides along the line ${slope1!.toFixed(2)}·x1 + ${slope2!.toFixed(2)}·x2 − ${(-bias).toFixed(2)} = 0:\n`,
);
console.log(drawPlane(await askPlane(model, 17), points));
console.log(`   The same as a picture: ${savePlane('perceptron-or', await askPlane(model, 60), points)}`);

console.log('\n6. Rosenblatt’s rule (1958): the answer is 0 or 1, and only mistakes teach: w ← w + (y − answer)·x\n');
const perceptron = { w: [0, 0], b: 0 };
for (let epoch = 1, mistakes = 1; mistakes > 0; epoch++) {
  mistakes = 0;
  for (const [example, [x1, x2]] of inputs.entries()) {
    const answer = Number(x1 * perceptron.w[0]! + x2 * perceptron.w[1]! + perceptron.b > 0);
    const error = targets[example]! - answer;
    if (error === 0) continue;
    mistakes++;
    perceptron.w = [perceptron.w[0]! + error * x1, perceptron.w[1]! + error * x2];
    perceptron.b += error;
    const now = `w = [${perceptron.w.join(', ')}], b = ${perceptron.b}`;
    console.log(`   epoch ${epoch}: ${x1} OR ${x2} is ${targets[example]}, not ${answer}: ${now}`);
  }
  if (mistakes === 0) console.log(`   epoch ${epoch}: no mistakes. It has learned OR.`);
}
