/** Over-fitting, and what helps: L1, L2, max-norm, dropout, batch normalization and early stopping on one small problem, with
 * several seeds, since one run proves nothing. */
import {
  compare,
  constraints,
  formatComparison,
  layers,
  type ModelPart,
  optimizers,
  Random,
  regularizers,
  sequential,
  tensor,
} from 'cajal';

/** Two half moons that reach into each other, under noise; a twentieth of the labels is wrong. */
function moons(count: number, seed: number) {
  const random = new Random(seed, 'moons');
  const [points, labels]: [number[][], number[][]] = [[], []];
  for (let example = 0; example < count; example++) {
    const label = example % 2;
    const angle = Math.PI * random.next();
    const [across, up] =
      label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    points.push([across + 0.25 * random.normal(), up + 0.25 * random.normal()]);
    labels.push([random.next() < 0.05 ? 1 - label : label]);
  }
  return { x: tensor(points), y: tensor(labels) };
}

const hidden = (options: object = {}) => layers.dense({ units: 64, activation: 'relu', ...options });

/** The same two hidden layers, each time with another remedy. */
const remedies: Record<string, () => ModelPart[]> = {
  none: () => [hidden(), hidden()],
  L1: () => [1, 2].map(() => hidden({ kernelRegularizer: regularizers.l1({ l1: 0.003 }) })),
  L2: () => [1, 2].map(() => hidden({ kernelRegularizer: regularizers.l2({ l2: 0.01 }) })),
  'max-norm': () => [1, 2].map(() => hidden({ kernelConstraint: constraints.maxNorm({ maxValue: 1 }) })),
  dropout: () => [hidden(), layers.dropout({ rate: 0.5 }), hidden(), layers.dropout({ rate: 0.5 })],
  'batch normalization': () => [hidden(), layers.batchNormalization(), hidden(), layers.batchNormalization()],
};

const train = moons(80, 1);
const test = moons(500, 2);
const comparison = await compare({
  settings: Object.keys(remedies),
  seeds: 5,
  epochs: 200,
  batchSize: 40,
  data: [train.x, train.y],
  validationData: [test.x, test.y],
  build(remedy, seed) {
    const model = sequential([...remedies[remedy]!(), layers.dense({ units: 1, activation: 'sigmoid' })], { seed });
    model.compile({
      optimizer: optimizers.adam({ learningRate: 0.01 }),
      loss: 'binaryCrossentropy',
      metrics: ['accuracy'],
    });
    return model;
  },
});

console.log('80 points to learn from, 500 for the test, 200 epochs, 5 seeds each.');
console.log('Over-fitting is the gap between what was learned and what was not; means over the seeds:\n');
console.log('                        learned points       test');
// What was learned is measured as fit does, during the last epoch: with dropout on.
for (const { name, runs, values } of comparison.settings) {
  const learned = runs.reduce((sum, { history }) => sum + Number(history.at(-1)!['accuracy']), 0) / runs.length;
  const per = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(11);
  console.log(`  ${name.padEnd(20)}  ${per(learned)}      ${per(values!.accuracy.mean)}`);
}

console.log('\nIs that luck of the seeds or of the test? What the runs can show:\n');
console.log(formatComparison(comparison));
