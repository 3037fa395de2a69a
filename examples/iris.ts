/** Iris: three species of flowers, told apart by four measures. */
import {
  classificationReport,
  confusionMatrix,
  formatClassificationReport,
  layers,
  optimizers,
  sequential,
  toCategorical,
  trainTestSplit,
} from 'cajal';
import { datasets } from 'cajal/data/node';
import { dataSet } from './data.ts';

const { x, y, classNames, featureNames } = await datasets.iris(dataSet('iris/Iris.csv'));
console.log(`${x.shape[0]} flowers; ${featureNames.join(', ')}`);

// The table is sorted by species. A third of each, picked at random, is kept for the test.
const { train, test } = trainTestSplit(x, y, { testSize: 1 / 3, seed: 1, stratify: true });
console.log(`${train.x.shape[0]} to learn from, ${test.x.shape[0]} for the test\n`);

// Centre each measure and divide it by its standard deviation: those of the flowers to learn from, since the test must
// stay unseen. The layer keeps them, so that whoever gets the model need not know them. They also carry the bias of the
// set: flowers from another meadow may have another mean.
const standardize = layers.normalization();
await standardize.adapt(train.x);

const model = sequential(
  [standardize, layers.dense({ units: 16, activation: 'relu' }), layers.dense({ units: 3, activation: 'softmax' })],
  { seed: 1 },
);
model.compile({
  optimizer: optimizers.adam({ learningRate: 0.01 }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
});
const { history } = await model.fit(train.x, toCategorical(train.y, 3), { epochs: 50, batchSize: 16 });
for (const epoch of [1, 10, 50]) {
  const [loss, accuracy] = [history['loss']![epoch - 1]!, history['accuracy']![epoch - 1]!];
  console.log(`epoch ${epoch}: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`);
}

console.log('\nOn the flowers that it has not seen:\n');
const matrix = confusionMatrix(test.y, await model.predict(test.x), 3);
console.log(formatClassificationReport(classificationReport(matrix, classNames)));
for (const [label, row] of matrix.entries()) {
  console.log(`${classNames[label]!.padStart(16)} ${row.map((count) => String(count).padStart(3)).join('')}`);
}
