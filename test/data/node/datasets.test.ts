// Protects the readers of MNIST, CIFAR-10 and Iris: layouts against hand-made files, checks by message, and the real
// files where they are at hand.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cifar10, iris, mnist } from '../../../src/data/node/datasets/index.ts';
import { temporaryFolder, writeFiles } from './picture-folder.ts';
import { realData } from './real-data.ts';

function idx(shape: readonly number[], values: readonly number[]): Buffer {
  const words = Buffer.alloc(4 + 4 * shape.length);
  words.writeUInt32BE(0x0800 + shape.length);
  for (const [axis, size] of shape.entries()) words.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([words, Buffer.from(values)]);
}

const tinyMnist = {
  'train-images-idx3-ubyte.gz': gzipSync(idx([2, 2, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255])),
  'train-labels-idx1-ubyte.gz': gzipSync(idx([2], [7, 3])),
  't10k-images.idx3-ubyte': idx([1, 2, 3], [1, 1, 1, 1, 1, 1]),
  't10k-labels-idx1-ubyte': idx([1], [9]),
};

test('mnist reads IDX files, compressed or not', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, tinyMnist);
  const { train, test: held } = await mnist(folder);
  assert.deepEqual([train.x.shape, train.x.dtype, train.y.shape], [[2, 2, 3, 1], 'uint8', [2, 1]]);
  assert.deepEqual(
    [Array.from(train.x.data), Array.from(train.y.data)],
    [
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255],
      [7, 3],
    ],
  );
  assert.deepEqual([held.x.shape, Array.from(held.y.data)], [[1, 2, 3, 1], [9]]);
});

test('mnist names the file that is wrong', async () => {
  const wrong: [Record<string, Buffer>, RegExp][] = [
    [
      { 'train-labels-idx1-ubyte.gz': gzipSync(idx([2, 1], [7, 3])) },
      /train-labels.*with 1 axes \(it begins with 0x00000801\), received 14 bytes that begin with 0x00000802/,
    ],
    [
      { 'train-images-idx3-ubyte.gz': gzipSync(idx([2, 2, 3], [0, 1])) },
      /train-images.*expected 28 bytes for the shape \[2, 2, 3\], received 18\. Download/,
    ],
    [
      { 'train-images-idx3-ubyte.gz': tinyMnist['train-images-idx3-ubyte.gz'].subarray(0, 20) },
      /expected a whole gzip file, received one that does not unpack/,
    ],
    [
      { 'train-labels-idx1-ubyte.gz': gzipSync(idx([1], [7])) },
      /a label for each picture, received pictures \[2, 2, 3\] and labels \[1\]/,
    ],
    [{ 't10k-labels-idx1-ubyte': Buffer.alloc(0) }, /t10k-labels.*received 0 bytes that begin with nothing/],
  ];
  for (const [files, message] of wrong) {
    const folder = temporaryFolder();
    await writeFiles(folder, { ...tinyMnist, ...files });
    await assert.rejects(mnist(folder), message);
  }
  const folder = temporaryFolder();
  await writeFiles(folder, { ...tinyMnist, 'train-images-idx3-ubyte/inside': 'x' });
  await assert.rejects(mnist(folder), /train-images-idx3-ubyte: expected a file, received an error \(EISDIR/);
  await assert.rejects(
    mnist(temporaryFolder()),
    /expected the file (train|t10k)-images-idx3-ubyte or .*\.gz, received a folder without it/,
  );
  await assert.rejects(mnist('/nowhere/at/all'), /\/nowhere\/at\/all: expected a folder with the MNIST files/);
});

/** A record whose red, green and blue planes begin with the given pixels. */
function cifarRecord(label: number, pixels: readonly [number, number, number][]): Buffer {
  const record = Buffer.alloc(3073);
  record[0] = label;
  for (const [at, pixel] of pixels.entries())
    for (const channel of [0, 1, 2]) record[1 + channel * 1024 + at] = pixel[channel]!;
  return record;
}

test('cifar10 reads batches from planes to pixels', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'data_batch_2.bin': cifarRecord(4, []),
    'data_batch_1.bin': Buffer.concat([
      cifarRecord(6, [
        [1, 2, 3],
        [4, 5, 6],
      ]),
      cifarRecord(9, []),
    ]),
    'test_batch.bin': cifarRecord(3, []),
    'batches.meta.txt': 'airplane',
  });
  const { train, test: held, classNames } = await cifar10(folder);
  assert.deepEqual(
    [train.x.shape, Array.from(train.y.data)],
    [
      [3, 32, 32, 3],
      [6, 9, 4],
    ],
  );
  assert.deepEqual(Array.from(train.x.data.subarray(0, 6)), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([held?.y.data[0], classNames[6]], [3, 'frog']);
  const single = await cifar10(join(folder, 'data_batch_2.bin'));
  assert.deepEqual([single.train.x.shape, single.test], [[1, 32, 32, 3], undefined]);
});

test('cifar10 names what is wrong', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'cut.bin': Buffer.alloc(3072),
    'labels.bin': Buffer.concat([cifarRecord(1, []), cifarRecord(10, [])]),
  });
  await assert.rejects(
    cifar10(join(folder, 'cut.bin')),
    /cut\.bin: expected records of 3073 bytes, received 3072 bytes/,
  );
  await assert.rejects(cifar10(join(folder, 'labels.bin')), /expected labels from 0 to 9, received 10 in record 1\./);
  await assert.rejects(cifar10(folder), /expected CIFAR-10's data_batch_\*\.bin, received none/);
  await assert.rejects(cifar10(join(folder, 'none')), /none: expected a file or a folder, received an error \(ENOENT/);
});

test('iris reads a table with a header', async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    'a.csv': '\uFEFFId,Length,Width,Species\r\n1,5.5,"3",Iris-virginica\r\n2,4,1e-1,Iris-setosa\r\n',
    'word.csv': 'Length,Species\n1,a\nlong,b\n',
    'gap.csv': 'Length,Species\n,a\n',
    'none.csv': 'Length,Width\n1,2\n',
  });
  const { x, y, featureNames, classNames } = await iris(join(folder, 'a.csv'));
  assert.deepEqual(
    [x.shape, Array.from(x.data)],
    [
      [2, 2],
      [5.5, 3, 4, Math.fround(0.1)],
    ],
  );
  assert.deepEqual(
    [Array.from(y.data), y.shape],
    [
      [1, 0],
      [2, 1],
    ],
  );
  assert.deepEqual(
    [featureNames, classNames],
    [
      ['Length', 'Width'],
      ['Iris-setosa', 'Iris-virginica'],
    ],
  );
  await assert.rejects(
    iris(join(folder, 'word.csv')),
    /expected a number for Length in row 2, received "long"\. Correct or remove the row/,
  );
  await assert.rejects(iris(join(folder, 'gap.csv')), /expected a number for Length in row 1, received ""/);
  await assert.rejects(
    iris(join(folder, 'none.csv')),
    /a column Species and rows below it, received the columns Length, Width and 1 rows/,
  );
  await assert.rejects(iris(folder), /expected a CSV file, received an error \(EISDIR/);
});

test('the real MNIST', realData('mnist'), async () => {
  const { train, test: held } = await mnist(realData('mnist').path);
  assert.deepEqual(
    [train.x.shape, train.y.shape, held.x.shape],
    [
      [60_000, 28, 28, 1],
      [60_000, 1],
      [10_000, 28, 28, 1],
    ],
  );
  assert.deepEqual(Array.from(train.y.data.subarray(0, 10)), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
});

test('the real CIFAR-10 pictures', realData('cifar10'), async () => {
  const { train } = await cifar10(realData('cifar10').path);
  assert.deepEqual(train.x.shape, [4000, 32, 32, 3]);
  // The first training picture is a frog whose first pixel is known.
  assert.deepEqual([train.y.data[0], ...train.x.data.subarray(0, 3)], [6, 59, 62, 63]);
});

test('the real Iris table', realData('iris'), async () => {
  const { x, y, classNames, featureNames } = await iris(join(realData('iris').path, 'Iris.csv'));
  assert.deepEqual(
    [x.shape, classNames],
    [
      [150, 4],
      ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'],
    ],
  );
  assert.deepEqual(featureNames, ['SepalLengthCm', 'SepalWidthCm', 'PetalLengthCm', 'PetalWidthCm']);
  for (const species of [0, 1, 2]) assert.equal(y.data.filter((label) => label === species).length, 50);
});
