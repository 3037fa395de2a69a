/** A convolutional network reads handwritten digits (MNIST), and is judged on 10,000 that it has not seen. A quick look:
 * `npx tsx examples/mnist.ts 6000 2` learns from 6000 pictures in 2 epochs. */
import {
  argMax,
  classificationReport,
  confusionMatrix,
  formatClassificationReport,
  layers,
  optimizers,
  schedules,
  sequential,
  type Tensor,
  tensor,
  toCategorical,
} from 'cajal';
import { datasets } from 'cajal/data/node';
import { dataSet } from './data.ts';

const [pictures = 60_000, epochs = 5] = process.argv.slice(2).map(Number);
const { train, test, classNames } = await datasets.mnist(dataSet('mnist'));
const first = ({ data, shape, dtype }: Tensor, count: number) =>
  tensor(data.subarray(0, (data.length / shape[0]!) * count), [count, ...shape.slice(1)], dtype);
const x = first(train.x, pictures);
const y = toCategorical(first(train.y, pictures), 10);

const model = sequential([
  layers.input({ shape: [28, 28, 1] }),
  layers.rescaling({ scale: 1 / 255 }),
  layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
  layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.dropout({ rate: 0.25 }),
  layers.flatten(),
  layers.dense({ units: 128, activation: 'relu' }),
  layers.dropout({ rate: 0.5 }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
console.log(model.summary());

// The steps get smaller towards the end, along half a cosine.
const decaySteps = epochs * Math.ceil(pictures / 128);
const learningRate = schedules.cosineDecay({ initialLearningRate: 0.002, decaySteps });
model.compile({ optimizer: optimizers.adam({ learningRate }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const { history } = await model.fit(x, y, { epochs, batchSize: 128 });
for (const [epoch, loss] of history['loss']!.entries()) {
  console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}, accuracy ${history['accuracy']![epoch]!.toFixed(4)}`);
}

console.log('\nOn the test set:\n');
const predictions = await model.predict(test.x, { batchSize: 128 });
const matrix = confusionMatrix(test.y, predictions, 10);
const report = classificationReport(matrix, classNames);
console.log(formatClassificationReport(report, 4));
console.log('The confusion matrix: a row for each true digit, a column for each answer.\n');
console.log(`      ${classNames.map((name) => name.padStart(5)).join('')}\n`);
for (const [digit, row] of matrix.entries()) {
  console.log(`  ${digit}   ${row.map((count) => String(count).padStart(5)).join('')}`);
}

console.log('\nFive pictures: softmax gives the confidence in per cent\n');
const answers = argMax(predictions);
for (let picture = 0; picture < 5; picture++) {
  const answer = answers[picture]!;
  const confidence = 100 * predictions.data[picture * 10 + answer]!;
  console.log(`  it is a ${test.y.data[picture]}; it says ${answer}, ${confidence.toFixed(1)} %`);
}
console.log(`\nAccuracy on the test set: ${(100 * report.accuracy).toFixed(2)} %`);
