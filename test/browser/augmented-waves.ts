/** The augmentation that Node and the page both run: pictures from a formula in whole numbers, through layers that move pixels,
 * change colours and filter, mixed with each other, and through `imageDataGenerator`. */
import type { Dataset } from '../../src/data/dataset.ts';
import type * as Cajal from '../../src/index.ts';

const [count, height, width] = [12, 20, 24];

/** Inputs and targets of every batch of an epoch, in a form that travels between a page and Node. */
export type Waves = readonly { readonly inputs: readonly number[]; readonly targets: readonly number[] }[];

/** All batches by name of what was done. */
export async function augmentWaves(
  { arrayDataset, augment, cutMix, imageDataGenerator, layers, mixUp, tensor, toCategorical }: typeof Cajal,
  options: Cajal.BackendOptions,
): Promise<Record<string, Waves>> {
  const pixels = Uint8Array.from({ length: count * height * width * 3 }, (_, at) => (at * at + 31 * at) % 251);
  const x = tensor(pixels, [count, height, width, 3]);
  const y = toCategorical(
    Array.from({ length: count }, (_, picture) => picture % 3),
    3,
  );
  const dataset = arrayDataset(x, y, { batchSize: 5, seed: 4 });
  const parts = [
    layers.randomFlip(),
    layers.randomAffine({ rotationFactor: 0.2, zoomFactor: 0.3, shearFactor: 0.2, heightFactor: 0.1 }),
    layers.randomElasticTransform(),
    layers.randomHue({ factor: 0.1 }),
    layers.randomContrast({ factor: 0.3 }),
    layers.randomGaussianBlur({ kernelSize: 3 }),
    layers.randomErasing(),
  ];
  const generator = imageDataGenerator({
    ...options,
    rotationRange: 40,
    shearRange: 20,
    zoomRange: 0.3,
    widthShiftRange: 0.2,
    channelShiftRange: 30,
    brightnessRange: [0.7, 1.3],
    horizontalFlip: true,
    samplewiseCenter: true,
    rescale: 1 / 255,
  });
  return {
    layers: await wavesOf(augment(dataset, parts, { ...options, seed: 7 })),
    randAugment: await wavesOf(augment(dataset, [layers.randAugment()], { ...options, seed: 7 })),
    mixUp: await wavesOf(augment(dataset, parts, { ...options, batchMix: mixUp(), outputType: 'float32' })),
    cutMix: await wavesOf(augment(dataset, [], { ...options, batchMix: cutMix(), labelSmoothing: 0.1 })),
    generator: await wavesOf(generator.flow(x, y, { batchSize: 5, seed: 3 })),
  };
}

async function wavesOf(dataset: Dataset): Promise<Waves> {
  const batches: { inputs: number[]; targets: number[] }[] = [];
  for await (const { inputs, targets } of dataset.epoch(1)) {
    batches.push({ inputs: Array.from(inputs.data), targets: Array.from(targets.data) });
  }
  return batches;
}
