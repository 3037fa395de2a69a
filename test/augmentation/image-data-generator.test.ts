// Protects imageDataGenerator: transforms and standardization as Keras's where Keras does what it says, else as the formula
// without its fault; what flow gives, epoch after epoch; what is refused.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { ImageDataGeneratorOptions } from '../../src/augmentation/generator-options.ts';
import { imageDataGenerator } from '../../src/augmentation/image-data-generator.ts';
import type { TransformParameters } from '../../src/augmentation/transform-parameters.ts';
import { type Tensor, tensor } from '../../src/core/tensor.ts';
import type { Batch } from '../../src/data/dataset.ts';
import { arrayDataset } from '../../src/data/index.ts';
import { savePictures } from '../../src/data/node/save-pictures.ts';
import { uniform } from '../support/formula.ts';

interface Golden {
  readonly transforms: readonly {
    readonly shape: readonly number[];
    readonly salt: number;
    readonly options: ImageDataGeneratorOptions;
    readonly parameters: TransformParameters;
    readonly output: readonly number[];
  }[];
  readonly standardizations: readonly {
    readonly options: ImageDataGeneratorOptions;
    readonly fitted: readonly number[] | null;
    readonly salt: number;
    readonly shape: readonly number[];
    readonly output: readonly number[];
    readonly mean?: readonly number[];
    readonly std?: readonly number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/image-data-generator.json', import.meta.url), 'utf8'),
) as Golden;

function pictures(shape: readonly number[], salt: number): Tensor {
  return tensor(
    uniform(shape, salt).map((value) => (value + 1) * 127.5),
    shape,
  );
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    assert.ok(difference <= tolerance, `${what}, value ${index}: ${actual[index]} instead of ${expected[index]}`);
  }
}

async function batchesOf(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

test('transforms are those of Keras', async () => {
  for (const { shape, salt, options, parameters, output } of golden.transforms) {
    const generator = imageDataGenerator(options);
    const changed = await generator.applyTransform(pictures(shape, salt), parameters);
    assert.deepEqual(changed.shape, shape);
    assertClose(changed.data, output, 0.005, JSON.stringify({ shape, options, parameters }));
  }
  assert.equal(golden.transforms.length, 19);
});

test('standardization is that of Keras', async () => {
  for (const { options, fitted, salt, shape, output, mean, std } of golden.standardizations) {
    const generator = imageDataGenerator(options);
    if (fitted) await generator.fit(pictures(fitted, salt));
    const standard = await generator.standardize(pictures(shape, salt + 100));
    const largest = Math.max(...output.map(Math.abs));
    assertClose(standard.data, output, 1e-4 * largest, JSON.stringify(options));
    if (mean) assertClose(generator.mean!, mean, 1e-4, 'mean');
    if (std) assertClose(generator.std!, std, 1e-4, 'std');
  }
});

test('ZCA from fewer pictures than features is that from a dataset of them', async () => {
  const x = pictures([7, 4, 5, 1], 3);
  const [one, other] = [0, 1].map(() => imageDataGenerator({ zcaWhitening: true, zcaEpsilon: 1 }));
  await one!.fit(x);
  await other!.fit(arrayDataset(x, tensor([0, 1, 2, 3, 4, 5, 6]), { batchSize: 3 }));
  const [a, b] = await Promise.all([one!.standardize(x), other!.standardize(x)]);
  assertClose(a.data, b.data, 1e-4, 'shuffled batches');
});

test('without options pictures come as they are, in float32', async () => {
  const x = tensor(
    Uint8Array.from({ length: 5 * 12 }, (_, index) => index * 3),
    [5, 2, 2, 3],
  );
  const flow = imageDataGenerator().flow(x, tensor([0, 1, 2, 3, 4]), { batchSize: 2, shuffle: false });
  assert.equal(flow.length, 3);
  assert.equal(flow.inputType, 'float32');
  const batches = await batchesOf(flow);
  assert.deepEqual([...batches[0]!.inputs.data], [...x.data.subarray(0, 24)]);
  assert.deepEqual([...batches[2]!.targets.data], [4]);
  assert.deepEqual([...batches[2]!.indices!], [4]);
  const unlabelled = await batchesOf(imageDataGenerator().flow(x));
  assert.deepEqual(unlabelled[0]!.targets.shape, [5, 0]);
});

const everything: ImageDataGeneratorOptions = {
  rotationRange: 40,
  widthShiftRange: 0.2,
  heightShiftRange: 2,
  shearRange: 10,
  zoomRange: 0.3,
  channelShiftRange: 20,
  brightnessRange: [0.5, 1.5],
  horizontalFlip: true,
  verticalFlip: true,
  rescale: 1 / 255,
};

test('what is drawn follows from seed, epoch and picture alone', async () => {
  const x = pictures([6, 8, 9, 3], 1);
  const y = tensor([0, 1, 2, 3, 4, 5]);
  const collect = async (batches: AsyncIterable<Batch>) => {
    const found: [number, number[]][] = [];
    for await (const { inputs, targets } of batches) {
      const size = inputs.data.length / inputs.shape[0]!;
      targets.data.forEach((label, place) => {
        found.push([label, [...inputs.data.subarray(place * size, (place + 1) * size)]]);
      });
    }
    return new Map(found.sort(([a], [b]) => a - b));
  };
  const one = imageDataGenerator(everything).flow(x, y, { batchSize: 4, seed: 5 });
  const other = imageDataGenerator({ ...everything, threads: 1 }).flow(x, y, { batchSize: 1, shuffle: false, seed: 5 });
  const first = await collect(one);
  assert.deepEqual(first, await collect(other));
  assert.notDeepEqual(await collect(one), first);
  assert.deepEqual(await collect(one.epoch(0)), first);
});

test('drawn parameters stay within their ranges, shifts along the axes that they name', () => {
  const generator = imageDataGenerator({ ...everything, channelShiftRange: 0, brightnessRange: null });
  const drawn = Array.from({ length: 500 }, () => generator.getRandomTransform([100, 50, 3]));
  const extent = (of: (one: (typeof drawn)[number]) => number) => [
    Math.min(...drawn.map(of)),
    Math.max(...drawn.map(of)),
  ];
  const within = ([low, high]: number[], least: number, most: number, share = 0.9) => {
    assert.ok(low! >= least && high! <= most, `${low} … ${high} within ${least} … ${most}`);
    assert.ok(high! - low! > share * (most - least), `${low} … ${high} fills ${least} … ${most}`);
  };
  within(
    extent(({ theta }) => theta),
    -40,
    40,
  );
  within(
    extent(({ tx }) => tx),
    -10,
    10,
  );
  assert.deepEqual([...new Set(drawn.map(({ ty }) => Math.abs(ty)))].sort(), [0, 1]);
  within(
    extent(({ zx }) => zx),
    0.7,
    1.3,
  );
  assert.ok(drawn.some(({ zx, zy }) => Math.abs(zx - zy) > 0.3));
  assert.ok(
    drawn.every(({ channelShiftIntensity, brightness }) => channelShiftIntensity === null && brightness === null),
  );
  const flips = drawn.filter(({ flipHorizontal }) => flipHorizontal).length;
  assert.ok(flips > 200 && flips < 300);
  assert.deepEqual(generator.getRandomTransform([9, 9, 1], 3), generator.getRandomTransform([9, 9, 1], 3));
  const listed = imageDataGenerator({ heightShiftRange: [2, 5], widthShiftRange: [0.5] });
  for (const { tx, ty } of Array.from({ length: 50 }, () => listed.getRandomTransform([20, 10, 3]))) {
    assert.equal(Math.abs(tx), 5);
    assert.ok([2, 5].includes(Math.abs(ty)));
  }
});

test('a subset is the first or the last part, of the same classes', async () => {
  const x = pictures([10, 2, 2, 1], 1);
  const labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
  const generator = imageDataGenerator({ validationSplit: 0.25 });
  const options = { shuffle: false, sampleWeight: labels.map((_, index) => index) } as const;
  const [held] = await batchesOf(generator.flow(x, tensor(labels), { ...options, subset: 'validation' }));
  assert.deepEqual([...held!.inputs.data], [...x.data.subarray(0, 8)]);
  assert.deepEqual([...held!.sampleWeights!], [0, 1]);
  const [rest] = await batchesOf(generator.flow(x, tensor(labels), { ...options, subset: 'training' }));
  assert.deepEqual([...rest!.sampleWeights!], [2, 3, 4, 5, 6, 7, 8, 9]);
  const sorted = tensor([...labels].sort());
  assert.throws(() => generator.flow(x, sorted, { subset: 'training' }), {
    name: 'OptionError',
    message: /expected the same classes in both subsets, received 2 for training and 1 for validation/,
  });
  assert.equal(generator.flow(x, sorted, { subset: 'training', ignoreClassSplit: true }).size, 8);
  assert.throws(() => imageDataGenerator().flow(x, sorted, { subset: 'training' }), {
    message: /expected a validationSplit that leaves examples for each subset, received 0 of 10/,
  });
});

test('a function of the user changes pictures before they are rescaled, in fit too', async () => {
  const x = pictures([4, 2, 2, 1], 1);
  const generator = imageDataGenerator({
    featurewiseCenter: true,
    rescale: 0.5,
    preprocessingFunction: ({ data, shape }) =>
      tensor(
        Float32Array.from(data, (value) => value * 10),
        shape,
      ),
  });
  await generator.fit(x);
  const expected = Array.from(x.data, (value) => value * 5);
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
  assertClose(generator.mean!, [mean], 1e-3, 'mean');
  const flow = generator.flow(x, null, { shuffle: false });
  const [batch] = await batchesOf(flow);
  assertClose(
    batch!.inputs.data,
    expected.map((value) => value - mean),
    1e-3,
    'pictures',
  );
  const wrong = imageDataGenerator({ preprocessingFunction: () => tensor([1]) });
  await assert.rejects(wrong.standardize(x), {
    message: /preprocessingFunction must return a tensor \[2, 2, 1\] like its picture, received \[1\]/,
  });
});

test('fit with augmentation measures what training will see', async () => {
  const x = tensor(
    Float32Array.from({ length: 2 * 36 }, (_, index) => (index % 6) * 10),
    [2, 6, 6, 1],
  );
  const generator = imageDataGenerator({
    featurewiseCenter: true,
    widthShiftRange: [3],
    fillMode: 'constant',
    cval: 0,
  });
  await generator.fit(x, { augment: true, rounds: 8 });
  // Shifted by three to either side, (0 + 1 + 2) · 10 / 6 or (3 + 4 + 5) · 10 / 6 are left.
  assert.ok(generator.mean![0]! >= 5 && generator.mean![0]! <= 20);
  assert.notEqual(generator.mean![0], 25);
});

test('pictures are saved as training sees them', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-generator-'));
  const x = pictures([3, 4, 4, 3], 1);
  const flow = imageDataGenerator(everything).flow(x, null, { saveToDir: folder, savePrefix: 'seen', batchSize: 2 });
  await batchesOf(flow);
  await batchesOf(flow);
  const names = ['seen_0_0.png', 'seen_0_1.png', 'seen_1_0.png', 'seen_1_1.png', 'seen_2_0.png', 'seen_2_1.png'];
  assert.deepEqual(readdirSync(folder).sort(), names);
  const missing = imageDataGenerator().flow(x, null, { saveToDir: path.join(folder, 'none') });
  await assert.rejects(batchesOf(missing), { name: 'StorageError', message: /expected to write a picture, but/ });
  const wide = imageDataGenerator().flow(pictures([1, 2, 2, 2], 1), null, { saveToDir: folder });
  await assert.rejects(batchesOf(wide), {
    message: 'savePictures: expected pictures of 1, 3 or 4 channels, received 2.',
  });
  assert.throws(() => imageDataGenerator().flow(x, null, { saveToDir: '' }), {
    message: /saveToDir must be a folder that exists, received ""/,
  });
});

test('what is missing or wrong is said', async () => {
  const x = pictures([2, 3, 3, 1], 1);
  const refused = (options: object, message: RegExp) =>
    assert.throws(() => imageDataGenerator(options), { name: 'OptionError', message });
  refused({ rotationRang: 3 }, /unknown option "rotationRang"\. Did you mean "rotationRange"/);
  refused({ zoomRange: [1, 2, 3] }, /zoomRange must be two numbers, as \[0\.8, 1\.2\], received \[1,2,3\]/);
  refused({ widthShiftRange: [] }, /widthShiftRange must be a number or a list of shifts, received \[\]/);
  refused({ interpolationOrder: 3 }, /interpolationOrder must be 0 \(the nearest pixel\) or 1 \(linear\), received 3/);
  refused({ preprocessingFunction: 1 }, /preprocessingFunction must be a function of one picture, received 1/);
  refused({ fillMode: 'mirror' }, /unknown fillMode "mirror"/);
  await assert.rejects(imageDataGenerator({ featurewiseCenter: true }).standardize(x), {
    message: /expected fit before pictures are standardized by featurewise statistics, received none/,
  });
  const fitted = imageDataGenerator({ zcaWhitening: true });
  await fitted.fit(pictures([12, 3, 3, 1], 1));
  await assert.rejects(fitted.standardize(pictures([1, 2, 3, 1], 1)), {
    message: /expected pictures of the shape that fit saw, received \[2, 3, 1\]\. Fit again/,
  });
  await assert.rejects(fitted.fit(tensor(new Float32Array(0), [0, 2, 2, 1])), {
    name: 'DataError',
    message: 'imageDataGenerator.fit: expected pictures, received none.',
  });
  await assert.rejects(fitted.fit(tensor([1, 2])), {
    name: 'ShapeError',
    message: /fit: expected pictures \[examples/,
  });
  await assert.rejects(imageDataGenerator().standardize(tensor([1, 2])), { message: /expected a picture \[height/ });
  assert.throws(() => imageDataGenerator().flow(tensor([1, 2])), { message: /flow: expected pictures \[examples/ });
});

test('an NaN among the pictures ends fit with a word', async () => {
  const x = pictures([6, 2, 2, 1], 1);
  x.data[3] = Number.NaN;
  await assert.rejects(imageDataGenerator({ zcaWhitening: true }).fit(x), {
    name: 'TrainingError',
    message: 'zcaWhitening: expected finite pictures, received some whose axes cannot be found.',
  });
});

test('a directory is read by the conventions of Keras, with its own augmentation', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cajal-directory-'));
  for (const name of ['a', 'b']) {
    mkdirSync(path.join(folder, name));
    const names = Array.from({ length: 4 }, (_, index) => `${index}.png`);
    await savePictures(path.join(folder, name), names, pictures([4, 5, 6, 3], name === 'a' ? 1 : 2));
  }
  const generator = imageDataGenerator({ validationSplit: 0.25, rescale: 1 / 255, horizontalFlip: true });
  const options = { targetSize: [5, 6], verbose: false } as const;
  const training = await generator.flowFromDirectory(folder, { ...options, subset: 'training', batchSize: 4 });
  const validation = await generator.flowFromDirectory(folder, { ...options, subset: 'validation' });
  assert.equal(training.length, 2);
  assert.deepEqual((await batchesOf(validation))[0]!.names?.toSorted(), ['a/0.png', 'b/0.png']);
  const [batch] = await batchesOf(training.epoch(3));
  assert.deepEqual(batch!.inputs.shape, [4, 5, 6, 3]);
  assert.ok(Math.max(...batch!.inputs.data) <= 1);
  assert.deepEqual(batch!.targets.shape, [4, 2]);
  const same = await generator.flowFromDirectory(folder, { ...options, classMode: 'input' });
  const [own] = await batchesOf(same);
  assert.deepEqual(own!.targets, own!.inputs);
});
