/** One neuron cannot learn XOR; a network with a hidden layer (a multilayer perceptron, MLP) can. */
import { layers, optimizers, sequential, tensor } from 'cajal';
import { askPlane, drawPlane, savePlane } from './plane.ts';

const points = [
  { x: [0, 0], label: 0 },
  { x: [0, 1], label: 1 },
  { x: [1, 0], label: 1 },
  { x: [1, 1], label: 0 },
];
const x = tensor(points.map((point) => point.x));
const y = tensor(points.map((point) => [point.label]));

// No line has (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other.
const neuron = sequential([layers.dense({ units: 1, activation: 'sigmoid' })], { seed: 1 });
neuron.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: 'binaryCrossentropy' });
await neuron.fit(x, y, { epochs: 1000, batchSize: 4 });
console.log('One neuron, after 1000 epochs: it can only guess.\n');
await showAnswers(neuron);

// The hidden layer bends the plane; the last neuron then finds its line.
const network = sequential(
  [
    layers.input({ shape: [2] }),
    layers.dense({ units: 4, activation: 'tanh' }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
  { seed: 1 },
);
network.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: 'binaryCrossentropy' });

console.log('\nWith four hidden neurons:\n');
console.log(network.summary());
const { history } = await network.fit(x, y, { epochs: 1000, batchSize: 4 });
for (const epoch of [1, 10, 100, 1000]) {
  console.log(`   epoch ${String(epoch).padStart(4)}: loss ${history['loss']![epoch - 1]!.toFixed(3)}`);
}
console.log();
await showAnswers(network);

console.log('\nThe decision surface:\n');
console.log(drawPlane(await askPlane(network, 17), points));
console.log(`   The same as a picture: ${savePlane('xor', await askPlane(network, 60), points)}`);

async function showAnswers(model: typeof network): Promise<void> {
  const { data } = await model.predict(x);
  for (const [
    example,
    {
      x: [x1, x2],
      label,
    },
  ] of points.entries()) {
    console.log(`   ${x1} XOR ${x2} = ${label}, it says ${data[example]!.toFixed(3)}`);
  }
}
