/** How much longer training takes with augmentation: steps of the 13-layer network at 150×150 and batch 32, in turns without and
 * with layers ahead of it, in one process. `npm run bench:augmentation [-- --steps 12 --turns 5]`. */
import { parseArgs } from 'node:util';
import { architecture, arrayDataset, augment, layers, sequential, tensor, toCategorical } from '../src/index.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '12' }, turns: { type: 'string', default: '5' } },
});
const [steps, turns] = [Number(values.steps), Number(values.turns)];
const [size, batchSize, classes] = [150, 32, 4];
const count = steps * batchSize;

const x = tensor(
  Uint8Array.from({ length: count * size * size * 3 }, (_, index) => (index * 2_654_435_761) >>> 24),
  [count, size, size, 3],
);
const y = toCategorical(
  Array.from({ length: count }, (_, index) => index % classes),
  classes,
);
const plain = arrayDataset(x, y, { batchSize });
const augmented = augment(plain, [
  layers.randomFlip(),
  layers.randomRotation({ factor: 0.1 }),
  layers.randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 }),
  layers.randomZoom({ heightFactor: 0.2 }),
]);

const model = sequential(architecture('cnn', { inputShape: [size, size, 3], classes }));
model.compile({ optimizer: 'rmsprop', loss: 'categoricalCrossentropy' });

async function timed(dataset: typeof plain): Promise<number> {
  const start = performance.now();
  await model.fit(dataset, { epochs: 1 });
  return (performance.now() - start) / steps;
}

async function alone(): Promise<number> {
  const start = performance.now();
  for await (const _ of augmented.epoch(0));
  return (performance.now() - start) / steps;
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
await timed(plain);
await timed(augmented);
const found: { without: number[]; with: number[]; alone: number[] } = { without: [], with: [], alone: [] };
for (let turn = 0; turn < turns; turn++) {
  found.without.push(await timed(plain));
  found.with.push(await timed(augmented));
  found.alone.push(await alone());
}
const [without, withLayers, itself] = [median(found.without), median(found.with), median(found.alone)];
console.log(`a step without augmentation: ${without.toFixed(2)} ms`);
console.log(
  `with flip, rotation, shift and zoom: ${withLayers.toFixed(2)} ms, ${(withLayers / without).toFixed(3)} times as long`,
);
console.log(`augmenting a batch by itself: ${itself.toFixed(2)} ms`);
