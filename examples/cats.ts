/** Is there a cat? Logistic regression on the flattened RGB numbers, a convolutional network, and a fully connected one, on
 * the same 209 pictures of 64 × 64. */
import { layers, type ModelPart, optimizers, sequential, tensor, trainTestSplit } from 'cajal';
import { type Dataset, File, ready } from 'h5wasm/node';
import { dataSet } from './data.ts';

await ready;
const file = new File(dataSet('catvnoncat/train_catvnoncat.h5'), 'r');
const read = (name: string) => (file.get(name) as Dataset).value;
const x = tensor(read('train_set_x') as Uint8Array, [209, 64, 64, 3]);
const y = tensor(Array.from(read('train_set_y') as BigInt64Array, Number), [209, 1]);
file.close();

// A quarter of the pictures is kept for the test; none of it is used to choose anything.
const { train, test } = trainTestSplit(x, y, { testSize: 0.25, seed: 1, stratify: true });
const share = test.y.data.filter((label) => label === 0).length / test.y.data.length;
console.log(`${train.x.shape[0]} pictures to learn from, ${test.x.shape[0]} for the test`);
console.log(`Always answering "no cat" is right on ${per(share)} of the test\n`);

function per(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** Trains a network, says how it did, and how sure it is of three pictures. */
async function study(title: string, parts: readonly ModelPart[], epochs: number, learningRate: number): Promise<void> {
  const model = sequential([layers.input({ shape: [64, 64, 3] }), layers.rescaling({ scale: 1 / 255 }), ...parts], {
    seed: 1,
  });
  // With softmax the two classes have an output each; sigmoid has one output, the probability of a cat.
  const isSoftmax = model.output.shape.at(-1) === 2;
  const loss = isSoftmax ? 'sparseCategoricalCrossentropy' : 'binaryCrossentropy';
  model.compile({ optimizer: optimizers.adam({ learningRate }), loss, metrics: ['accuracy'] });
  await model.fit(train.x, train.y, { epochs, batchSize: 32 });

  const seen = await model.evaluate(train.x, train.y);
  const unseen = await model.evaluate(test.x, test.y);
  console.log(
    `${title}, ${model.layers.reduce((sum, layer) => sum + layer.parameterCount, 0).toLocaleString('en-US')} parameters`,
  );
  console.log(
    `   on the pictures it learned from: accuracy ${per(seen['accuracy']!)}, loss ${seen['loss']!.toFixed(3)}`,
  );
  console.log(
    `   on the pictures of the test:     accuracy ${per(unseen['accuracy']!)}, loss ${unseen['loss']!.toFixed(3)}`,
  );
  const gap = seen['accuracy']! - unseen['accuracy']!;
  if (gap > 0.1)
    console.log(`   It over-fits: ${(100 * gap).toFixed(0)} points are lost on pictures that it has not seen.`);

  const { data } = await model.predict(test.x);
  for (let picture = 0; picture < 3; picture++) {
    const cat = isSoftmax ? data[picture * 2 + 1]! : data[picture]!;
    const [answer, confidence] = cat > 0.5 ? ['a cat', cat] : ['no cat', 1 - cat];
    console.log(`   it is ${test.y.data[picture] === 1 ? 'a cat' : 'no cat'}; it says ${answer}, ${per(confidence)}`);
  }
  console.log();
}

await study('Logistic regression', [layers.flatten(), layers.dense({ units: 1, activation: 'sigmoid' })], 60, 0.0003);

await study(
  'Convolutional network',
  [
    layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 2, activation: 'softmax' }),
  ],
  30,
  0.001,
);

await study(
  'Fully connected network',
  [
    layers.flatten(),
    layers.dense({ units: 20, activation: 'relu' }),
    layers.dense({ units: 7, activation: 'relu' }),
    layers.dense({ units: 5, activation: 'relu' }),
    layers.dense({ units: 2, activation: 'softmax' }),
  ],
  60,
  0.0003,
);
