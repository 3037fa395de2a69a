/** Pictures of ten kinds of things (CIFAR-10), by a network as Keras lessons write it: Sequential, add, compile, fit, evaluate.
 * It is large, 89 million parameters: `npx tsx examples/cifar10.ts 256 1` takes a quick look with 256 pictures and 1 epoch. */
import { layers, sequential, toCategorical, trainTestSplit } from 'cajal';
import { datasets } from 'cajal/data/node';
import { dataSet } from './data.ts';

const [pictures = 4000, epochs = 5] = process.argv.slice(2).map(Number);
const all = (await datasets.cifar10(dataSet('cifar10'))).train;
const sample = pictures < 4000 ? trainTestSplit(all.x, all.y, { testSize: pictures / 4000, stratify: true }).test : all;
const { train, test } = trainTestSplit(sample.x, sample.y, { testSize: 0.2, stratify: true });
const [yTrain, yTest] = [toCategorical(train.y, 10), toCategorical(test.y, 10)];
console.log(`${train.x.shape[0]} pictures to learn from, ${test.x.shape[0]} to validate on`);

const model = sequential();
model.add(layers.input({ shape: [32, 32, 3] }));
model.add(layers.rescaling({ scale: 1 / 255 }));
model.add(layers.conv2d({ filters: 128, kernelSize: 3, activation: 'relu' }));
model.add(layers.conv2d({ filters: 128, kernelSize: 3, activation: 'relu' }));
model.add(layers.conv2d({ filters: 128, kernelSize: 3, activation: 'relu' }));
model.add(layers.flatten());
model.add(layers.dense({ units: 1024, activation: 'relu' }));
model.add(layers.dense({ units: 10, activation: 'softmax' }));
console.log(model.summary());

model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const { history } = await model.fit(train.x, yTrain, {
  batchSize: 128,
  shuffle: true,
  epochs,
  validationData: [test.x, yTest],
});
for (const epoch of history['loss']!.keys()) {
  const of = (name: string) => history[name]![epoch]!.toFixed(3);
  console.log(
    `epoch ${epoch + 1}: loss ${of('loss')}, accuracy ${of('accuracy')}; ` +
      `validation loss ${of('val_loss')}, accuracy ${of('val_accuracy')}`,
  );
}
const { loss, accuracy } = await model.evaluate(test.x, yTest, { batchSize: 128 });
console.log(`\nevaluate: loss ${loss!.toFixed(3)}, accuracy ${accuracy!.toFixed(3)} (guessing gives 0.100)`);
