// Protects the two conventions by which Keras reads directories: which files, in which order, with which labels, on which
// side of a split. Compared with Keras's own lists; the order after shuffling is not (NumPy draws it there, cajal here).
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, mock, test } from 'node:test';
import { DataError, OptionError } from '../../../src/core/errors.ts';
import type { Batch, Dataset } from '../../../src/data/dataset.ts';
import type { DirectoryDataset } from '../../../src/data/node/directory-dataset.ts';
import { type FlowFromDirectoryOptions, flowFromDirectory } from '../../../src/data/node/flow-from-directory.ts';
import {
  type ImageDatasetFromDirectoryOptions,
  imageDatasetFromDirectory,
} from '../../../src/data/node/image-dataset-from-directory.ts';
import { plain, temporaryFolder, twoClasses, writeFiles } from './picture-folder.ts';

interface Listed {
  files: string[];
  targets: number[][] | null;
  classNames?: string[] | null;
  classIndices?: Record<string, number>;
  labels?: number[];
}
interface Golden {
  tree: string[];
  empty: string[];
  datasets: { options: Record<string, unknown>; gives: Listed[] }[];
  flows: { options: Record<string, unknown>; gives: Listed }[];
}

const golden = JSON.parse(readFileSync(new URL('../../golden/directories.json', import.meta.url), 'utf8')) as Golden;
const directory = temporaryFolder();

before(async () => {
  const png = await plain(9, 99, 199, 4, 3).png().toBuffer();
  // Formats are told by content, so all can be the same picture: lists go by the names.
  await writeFiles(directory, Object.fromEntries(golden.tree.map((path) => [path, png])));
  for (const name of golden.empty) mkdirSync(join(directory, name));
});

/** Keras's options in camelCase. */
function camelCased(options: Record<string, unknown>): Record<string, unknown> {
  const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), value]));
}

async function batchesOf(dataset: Dataset): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of dataset.epoch(0)) batches.push(batch);
  return batches;
}

/** Targets of all examples, row by row, and their names. */
async function examplesOf(dataset: Dataset) {
  const batches = await batchesOf(dataset);
  const rows = batches.flatMap(({ targets }) => {
    const width = targets.shape[1]!;
    return Array.from({ length: targets.shape[0]! }, (_, row) =>
      Array.from(targets.data.subarray(row * width, (row + 1) * width)),
    );
  });
  return { rows, names: batches.flatMap(({ names }) => names!) };
}

async function compare(dataset: DirectoryDataset, expected: Listed): Promise<void> {
  assert.deepEqual(
    dataset.files.map(({ path }) => path),
    expected.files,
  );
  assert.equal(dataset.size, expected.files.length);
  const { rows, names } = await examplesOf(dataset);
  assert.deepEqual(names, expected.files);
  if (expected.targets) assert.deepEqual(rows, expected.targets);
}

for (const { options, gives } of golden.datasets) {
  test(`imageDatasetFromDirectory lists as Keras: ${JSON.stringify(options).slice(0, 90)}`, async () => {
    const own = { shuffle: false, verbose: false, imageSize: 4, ...camelCased(options) };
    const given = (await imageDatasetFromDirectory(
      directory,
      own as ImageDatasetFromDirectoryOptions & { subset: 'both' },
    )) as DirectoryDataset | DirectoryDataset[];
    const sides = Array.isArray(given) ? given : [given];
    assert.equal(sides.length, gives.length);
    for (const [place, side] of sides.entries()) {
      await compare(side, gives[place]!);
      assert.deepEqual(side.classNames, gives[place]!.classNames ?? []);
    }
  });
}

for (const { options, gives } of golden.flows) {
  test(`flowFromDirectory lists as Keras: ${JSON.stringify(options)}`, async () => {
    const own = { shuffle: false, verbose: false, targetSize: 4, ...camelCased(options) } as FlowFromDirectoryOptions;
    const dataset = await flowFromDirectory(directory, own);
    await compare(dataset, gives);
    assert.deepEqual(
      dataset.files.map(({ label }) => label),
      gives.labels,
    );
    const indices = Object.fromEntries(dataset.classNames!.map((name, label) => [name, label]));
    assert.deepEqual(indices, gives.classIndices);
  });
}

test('both readers give restartable batches of bytes, and say what they found', async () => {
  const said: string[] = [];
  mock.method(console, 'log', (text: string) => said.push(text));
  const dataset = await imageDatasetFromDirectory(directory, { imageSize: [3, 5], batchSize: 10 });
  const flowing = await flowFromDirectory(directory, { targetSize: [3, 5], colorMode: 'grayscale', batchSize: 10 });
  const [training, validation] = await imageDatasetFromDirectory(directory, {
    imageSize: 4,
    validationSplit: 0.25,
    subset: 'both',
    seed: 3,
  });
  mock.restoreAll();
  assert.deepEqual(said, [
    'Found 28 files belonging to 4 classes.',
    'Found 29 images belonging to 4 classes.',
    'Found 28 files belonging to 4 classes.',
    'Using 21 files for training.',
    'Using 7 files for validation.',
  ]);
  assert.deepEqual([dataset.inputShape, dataset.targetShape, dataset.batchCount], [[3, 5, 3], [1], 3]);
  assert.deepEqual([flowing.inputShape, flowing.targetShape, flowing.batchCount], [[3, 5, 1], [4], 3]);
  const namesOf = async (epoch: number) =>
    (await examplesOf({ ...dataset, epoch: () => dataset.epoch(epoch) } as Dataset)).names;
  assert.deepEqual(await namesOf(1), await namesOf(1));
  assert.notDeepEqual(await namesOf(1), await namesOf(0));
  assert.deepEqual([...(await namesOf(1))].sort(), [...(await namesOf(0))].sort());
  const [first] = await batchesOf(dataset);
  assert.deepEqual([first!.inputs.dtype, first!.inputs.shape], ['uint8', [10, 3, 5, 3]]);
  const paths = ({ files }: DirectoryDataset) => files.map(({ path }) => path);
  assert.equal(new Set([...paths(training), ...paths(validation)]).size, 28);
  // The same seed gives the same sides when each is asked for alone.
  const own = { imageSize: 4, validationSplit: 0.25, seed: 3, verbose: false } as const;
  const alone = await imageDatasetFromDirectory(directory, { ...own, subset: 'validation' });
  assert.deepEqual(paths(alone), paths(validation));
  const other = await imageDatasetFromDirectory(directory, { ...own, seed: 4, subset: 'validation' });
  assert.notDeepEqual(paths(other), paths(validation));
});

test('targets of none, and of the pictures themselves', async () => {
  const own = { targetSize: 4, verbose: false, shuffle: false } as const;
  const [none] = await batchesOf(await flowFromDirectory(directory, { ...own, classMode: null }));
  assert.deepEqual([none!.targets.shape, none!.targets.data.length], [[29, 0], 0]);
  const itself = await flowFromDirectory(directory, { ...own, classMode: 'input', batchSize: 3 });
  assert.deepEqual(itself.targetShape, [4, 4, 3]);
  for await (const { inputs, targets } of itself) {
    assert.deepEqual(targets.shape, inputs.shape);
    assert.deepEqual(Array.from(targets.data), Array.from(inputs.data));
  }
});

test('links to folders are entered only where asked, and loops are named', async () => {
  const folder = await twoClasses();
  symlinkSync(join(folder, 'cats'), join(folder, 'dogs', 'more'));
  const own = { imageSize: 4, shuffle: false, verbose: false } as const;
  const paths = async (followLinks: boolean) =>
    (await imageDatasetFromDirectory(folder, { ...own, followLinks })).files.map(({ path }) => path);
  assert.deepEqual(await paths(false), ['cats/1.png', 'cats/2.png', 'dogs/1.png', 'dogs/2.png']);
  assert.deepEqual((await paths(true)).slice(2), ['dogs/1.png', 'dogs/2.png', 'dogs/more/1.png', 'dogs/more/2.png']);
  symlinkSync(folder, join(folder, 'cats', 'loop'));
  await assert.rejects(paths(true), (error) => {
    assert.ok(error instanceof DataError);
    assert.match(
      error.message,
      /expected folders that end, received a link to a folder that holds it\. Remove the link/,
    );
    return true;
  });
  assert.equal((await paths(false)).length, 4);
});

test('a listed file that is gone or damaged is named when it is read', async () => {
  const folder = await twoClasses();
  symlinkSync(join(folder, 'nowhere.png'), join(folder, 'dogs', '3.png'));
  const dataset = await flowFromDirectory(folder, { targetSize: 4, verbose: false });
  assert.equal(dataset.size, 5);
  await assert.rejects(batchesOf(dataset), /dogs\/3\.png: expected a picture .*received a path where nothing is/);
  writeFileSync(join(folder, 'nowhere.png'), 'no picture');
  await assert.rejects(batchesOf(dataset), /dogs\/3\.png: expected a picture .*received a file that does not decode/);
});

test('options that do not go together', async () => {
  const refuses = (options: object, message: RegExp, kind: typeof OptionError | typeof DataError = OptionError) =>
    assert.rejects(imageDatasetFromDirectory(directory, { verbose: false, ...options }), (error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
  await refuses(
    { validationSplit: 0.2 },
    /expected validationSplit and subset together, received validationSplit 0\.2 and/,
  );
  await refuses({ subset: 'training' }, /expected validationSplit and subset together/);
  await refuses({ subset: 'training', validationSplit: 0.2 }, /expected a seed where files are shuffled and split/);
  await refuses({ subset: 'half', validationSplit: 0.2 }, /unknown subset "half"/);
  await refuses(
    { subset: 'training', validationSplit: 1, seed: 1 },
    /validationSplit must be a number above 0 and below 1/,
  );
  await refuses({ cropToAspectRatio: true, padToAspectRatio: true }, /expected cropToAspectRatio or padToAspectRatio/);
  await refuses({ imageSize: [1, 2, 3] }, /imageSize must be \[height, width\], received \[1,2,3\]/);
  await refuses({ imagesize: 4 }, /unknown option "imagesize"\. Did you mean "imageSize"/);
  await refuses({ interpolation: 'gaussian' }, /unknown interpolation "gaussian"/);
  await refuses({ labelMode: 'sparse' }, /unknown labelMode "sparse"/);
  await refuses({ labelMode: 'binary' }, /"binary" needs two classes, received 4/);
  await refuses({ labels: null, classNames: ['cats'] }, /expected classNames only with inferred labels/);
  await refuses({ labels: 'none' }, /labels must be "inferred", null or a list of class numbers, received "none"/);
  await refuses({ labels: [0, 1] }, /expected a label for each of the 28 files in it, received 2 labels/, DataError);
  const gaps = golden.tree.slice(0, 28).map((_, place) => (place % 2) * 2);
  await refuses({ labels: gaps }, /expected labels from 0 to 1, since there are 2 different ones, received 2/);
  await refuses(
    { classNames: ['cats', 'Dogs'] },
    /expected classNames that are folders in it .*received "Dogs"/,
    DataError,
  );
  await refuses({ classNames: ['cats', 'cats'] }, /expected each of classNames once, received "cats" twice/);
  await refuses({ classNames: ['ants'] }, /expected pictures \(\.bmp .*received none\. Check the path/, DataError);
  const few = { validationSplit: 0.01, subset: 'validation', seed: 1 };
  await refuses(few, /expected files for validation, received none of 28 by validationSplit/, DataError);
});

test('options of flowFromDirectory that do not go together', async () => {
  const refuses = (options: object, message: RegExp) =>
    assert.rejects(flowFromDirectory(directory, { verbose: false, ...options }), message);
  await refuses({ subset: 'training' }, /expected a validationSplit with subset "training", received nothing/);
  await refuses({ subset: 'both', validationSplit: 0.2 }, /unknown subset "both"/);
  await refuses({ classMode: 'int' }, /unknown classMode "int"/);
  await refuses({ classMode: 'binary' }, /"binary" needs two classes, received 4/);
  await refuses(
    { classes: ['cats', 'mice'] },
    /expected classes that are folders in it, each once .*received mice\. Correct/,
  );
  await refuses({ classes: ['cats', 'cats'] }, /received cats twice/);
  await refuses(
    { classes: ['ants'] },
    /expected pictures \(\.png .*\), received none\. Check the path, give more pictures, or convert them\./,
  );
  await refuses(
    { classes: ['ants'], subset: 'training', validationSplit: 0.5 },
    /for the subset "training", received none/,
  );
  await assert.rejects(
    flowFromDirectory(join(directory, 'dogs')),
    /dogs: expected one folder of pictures for each class, received a folder without folders\. Give the folder that holds/,
  );
});
