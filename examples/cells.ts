/** Four kinds of blood cells: Keras's lesson on `ImageDataGenerator` as it is typed in cajal. Folders of pictures, a deeper
 * network, three optimizers, then the same with pictures that change at random. Without the real set, small cells are drawn.
 * A quick look: `npx tsx examples/cells.ts 10 2 64` does 2 epochs of 10 steps on pictures of 64 × 64. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { imageDataGenerator, layers, type Model, type Optimizer, optimizers, sequential } from 'cajal';
import { drawCells } from './draw-cells.ts';

const [stepsPerEpoch = 100, epochs = 10, side = 150] = process.argv.slice(2).map(Number);
const real = path.join(process.env['CAJAL_DATA'] ?? '../shared/data', 'blood-cells/TRAIN');
const directory = existsSync(real) ? real : await drawCells('build/examples/cells', { perClass: 40, side: 80 });

// Pictures come from folders, one for each class; values 0…255 become 0…1. A fifth of each class is kept for validation.
const generator = imageDataGenerator({ rescale: 1 / 255, validationSplit: 0.2 });
const common = { targetSize: [side, side], batchSize: 50, classMode: 'categorical', seed: 1, verbose: false } as const;
const training = await generator.flowFromDirectory(directory, { ...common, subset: 'training' });
const validation = await generator.flowFromDirectory(directory, { ...common, subset: 'validation', shuffle: false });
const classes = training.classNames!;
console.log(`${training.size} pictures to learn from and ${validation.size} to check, of ${classes.join(', ')}\n`);

/** Four times convolution and pooling: 148 × 148 × 32 down to 7 × 7 × 128 from pictures of 150 × 150. */
function deeperNetwork(): Model {
  return sequential(
    [
      layers.input({ shape: [side, side, 3] }),
      layers.conv2d({ filters: 32, kernelSize: [3, 3], activation: 'relu' }),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.conv2d({ filters: 64, kernelSize: [3, 3], activation: 'relu' }),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.conv2d({ filters: 128, kernelSize: [3, 3], activation: 'relu' }),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.conv2d({ filters: 128, kernelSize: [3, 3], activation: 'relu' }),
      layers.maxPooling2d({ poolSize: [2, 2] }),
      layers.flatten(),
      layers.dense({ units: 512, activation: 'relu' }),
      layers.dropout({ rate: 0.4 }),
      layers.dense({ units: classes.length, activation: 'softmax' }),
    ],
    { seed: 1 },
  );
}

/** Trains a new network, and says how it does on the pictures that are kept. */
async function study(title: string, optimizer: Optimizer | 'rmsprop', pictures: typeof training): Promise<void> {
  const model = deeperNetwork();
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { history } = await model.fit(pictures, {
    epochs,
    stepsPerEpoch,
    validationData: validation,
    validationSteps: Math.min(10, validation.length),
  });
  const last = (name: string) => history[name]!.at(-1)!.toFixed(3);
  console.log(`${title}: loss ${last('loss')}, accuracy ${last('accuracy')}`);
  console.log(`   validation: loss ${last('val_loss')}, accuracy ${last('val_accuracy')}`);
}

await study('rmsprop', 'rmsprop', training);
await study('Adam', optimizers.adam({ learningRate: 1e-4, decay: 1e-6 }), training);
await study('SGD', optimizers.sgd({ learningRate: 1e-4, decay: 1e-6 }), training);

// The same pictures, turned, shifted, slanted, zoomed and mirrored at random in each epoch; those for validation stay.
const augmenting = imageDataGenerator({
  rescale: 1 / 255,
  rotationRange: 40,
  widthShiftRange: 0.2,
  heightShiftRange: 0.2,
  shearRange: 0.2,
  zoomRange: 0.2,
  horizontalFlip: true,
  fillMode: 'nearest',
  validationSplit: 0.2,
});
const changed = await augmenting.flowFromDirectory(directory, { ...common, subset: 'training' });
await study('rmsprop, with augmentation', 'rmsprop', changed);
