/** The classic kernels, slid over a picture by a convolution whose weights are set by hand. Give a picture of your own:
 * `npx tsx examples/classic-kernels.ts photo.jpg`. */
import { mkdirSync } from 'node:fs';
import { layers, sequential, tensor } from 'cajal';
import sharp from 'sharp';

const kernels = {
  identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
  'edges, diagonal neighbours': [1, 0, -1, 0, 0, 0, -1, 0, 1],
  'edges, four neighbours': [0, -1, 0, -1, 4, -1, 0, -1, 0],
  'edges, eight neighbours': [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  'box blur': [1, 1, 1, 1, 1, 1, 1, 1, 1].map((value) => value / 9),
  'Gaussian blur': [1, 2, 1, 2, 4, 2, 1, 2, 1].map((value) => value / 16),
};
const names = Object.keys(kernels);

/** One filter for each kernel: a kernel's numbers lie `filters` apart, since the weights are [3, 3, channels, filters]. */
function classicConvolution(height: number, width: number) {
  const model = sequential([
    layers.input({ shape: [height, width, 1] }),
    layers.conv2d({ filters: names.length, kernelSize: 3, padding: 'same', useBias: false, name: 'kernels' }),
  ]);
  const weights = Array.from({ length: 9 }, (_, place) => Object.values(kernels).map((kernel) => kernel[place]!));
  return { model, weights: new Map([['kernels/kernel', Float32Array.from(weights.flat())]]) };
}

// A bright square on a dark ground.
const picture = [
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 9, 9, 9, 1, 1],
  [1, 1, 9, 9, 9, 1, 1],
  [1, 1, 9, 9, 9, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
];

console.log('The window slides over the picture; at each place the products are summed. At row 2, column 1:\n');
const kernel = kernels['edges, eight neighbours'];
const window = [1, 2, 3].flatMap((row) => picture[row]!.slice(0, 3));
const products = window.map((pixel, place) => pixel * kernel[place]!);
for (let row = 0; row < 3; row++) {
  const part = (numbers: readonly number[]) =>
    numbers.slice(row * 3, row * 3 + 3).map((one) => String(one).padStart(3));
  const [times, equals] = row === 1 ? ['·', '='] : [' ', ' '];
  console.log(`  ${part(window).join('')}  ${times}${part(kernel).join('')}  ${equals}${part(products).join('')}`);
}
const sum = products.reduce((total, product) => total + product, 0);
console.log(`\n  Their sum is ${sum}.`);

const { model, weights } = classicConvolution(7, 7);
await model.setWeights(weights);
const { data } = await model.predict(tensor(picture.flat(), [1, 7, 7, 1]));
const answer = data[(2 * 7 + 1) * names.length + names.indexOf('edges, eight neighbours')];
console.log(`  The layer's output at that place is ${answer}.`);

for (const [filter, name] of names.entries()) {
  console.log(`\n${name}:\n`);
  for (let row = 0; row < 7; row++) {
    const pixels = picture[row]!.map((_, column) => data[(row * 7 + column) * names.length + filter]!);
    console.log(`  ${pixels.map((pixel) => String(Math.round(pixel * 100) / 100).padStart(6)).join('')}`);
  }
}

const file = process.argv[2];
if (file !== undefined) {
  const { data: pixels, info } = await sharp(file).grayscale().raw().toBuffer({ resolveWithObject: true });
  const { height, width } = info;
  const large = classicConvolution(height, width);
  await large.model.setWeights(large.weights);
  const filtered = await large.model.predict(tensor(pixels, [1, height, width, 1]));
  mkdirSync('build/examples', { recursive: true });
  for (const [filter, name] of names.entries()) {
    const valueAt = (pixel: number) => filtered.data[pixel * names.length + filter]!;
    const bytes = Uint8ClampedArray.from(pixels, (_, pixel) => valueAt(pixel));
    const target = `build/examples/${name.replaceAll(/\W+/g, '-')}.png`;
    await sharp(bytes, { raw: { width, height, channels: 1 } }).toFile(target);
    console.log(`\n${name}: ${target}`);
  }
}
