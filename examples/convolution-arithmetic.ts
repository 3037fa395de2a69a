/** The arithmetic of convolutions: how large the output is, how many parameters a layer has, and what pooling does. */
import { layers, sequential, tensor } from 'cajal';

/** ⌊(n + 2p − f) / s⌋ + 1 for n pixels, padding p, a filter of f pixels and a stride of s. */
const outputSize = (n: number, f: number, p: number, s: number) => Math.floor((n + 2 * p - f) / s) + 1;

console.log('1. Output size: ⌊(n + 2p − f) / s⌋ + 1\n');
console.log('     n   f   p   s   by the formula   by the layer');
const convolutions = [
  { n: 6, f: 3, p: 0, s: 1 },
  { n: 6, f: 3, p: 1, s: 1 },
  { n: 7, f: 3, p: 0, s: 2 },
  { n: 7, f: 3, p: 1, s: 2 },
  { n: 39, f: 3, p: 0, s: 1 },
  { n: 37, f: 5, p: 0, s: 2 },
  { n: 150, f: 3, p: 0, s: 1 },
];
for (const { n, f, p, s } of convolutions) {
  // Padding 'same' adds (f − 1) / 2 pixels on each side where the stride is 1 or n is odd.
  const padding = p === 0 ? 'valid' : 'same';
  const model = sequential([
    layers.input({ shape: [n, n, 3] }),
    layers.conv2d({ filters: 1, kernelSize: f, strides: s, padding, name: 'convolution' }),
  ]);
  const [, height] = model.getLayer('convolution').outputShape;
  const row = [n, f, p, s].map((value) => String(value).padStart(4)).join('');
  console.log(`  ${row}${String(outputSize(n, f, p, s)).padStart(17)}${String(height).padStart(15)}`);
}

console.log('\n2. Parameters of a first layer on pictures of 626 × 417 × 3\n');
const picture = { shape: [417, 626, 3] };
const dense = sequential([layers.input(picture), layers.flatten(), layers.dense({ units: 5 })]);
const convolution = sequential([layers.input(picture), layers.conv2d({ filters: 5, kernelSize: 3 })]);
const count = (model: typeof dense) => model.layers.reduce((sum, layer) => sum + layer.parameterCount, 0);
console.log(`   Dense, 5 units:        626·417·3·5 + 5 = ${count(dense).toLocaleString('en-US').padStart(9)}`);
console.log(`   5 filters of 3 × 3 × 3:    3·3·3·5 + 5 = ${count(convolution).toLocaleString('en-US').padStart(9)}`);
console.log('   A filter is used at every place of the picture, so its parameters do not grow with the picture.');

console.log(
  '\n3. Several filters over RGB: each filter is as deep as its input, and makes one channel of the output\n',
);
const network = sequential([
  layers.input({ shape: [39, 39, 3] }),
  layers.conv2d({ filters: 10, kernelSize: 3 }),
  layers.conv2d({ filters: 20, kernelSize: 5, strides: 2 }),
  layers.conv2d({ filters: 40, kernelSize: 5, strides: 2 }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dense({ units: 1, activation: 'sigmoid' }),
]);
console.log(network.summary());

console.log('4. Pooling has no parameters: the largest of each 2 × 2 pixels stays\n');
const pool = sequential([layers.input({ shape: [4, 4, 1] }), layers.maxPooling2d({ poolSize: 2 })]);
const numbers = [
  [1, 3, 2, 1],
  [2, 9, 1, 1],
  [1, 3, 2, 3],
  [5, 6, 1, 2],
];
const { data } = await pool.predict(tensor(numbers.flat(), [1, 4, 4, 1]));
for (const [row, line] of numbers.entries()) {
  const pooled = row % 2 === 0 ? `     ${data[row]} ${data[row + 1]}` : '';
  console.log(`   ${line.join(' ')}${pooled}`);
}
