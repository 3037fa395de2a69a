// Protects readers of array files: what NumPy, h5py and others write comes back, what cannot is refused in one clear
// message, and no damaged file does more than throw.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { CajalError, DataError, FormatError } from '../../../src/core/errors.ts';
import { Random } from '../../../src/core/random.ts';
import { arrayDataset } from '../../../src/data/array-dataset.ts';
import { listHdf5, readHdf5 } from '../../../src/data/node/arrays/read-hdf5.ts';
import { readIdx } from '../../../src/data/node/arrays/read-idx.ts';
import { readNpy, readNpz } from '../../../src/data/node/arrays/read-npy.ts';
import { readCifar10 } from '../../../src/data/node/datasets/cifar10.ts';
import { temporaryFolder, writeFiles } from './picture-folder.ts';
import { realData } from './real-data.ts';

interface Golden {
  arrays: Record<string, { file: string; values: number[]; shape: number[] }>;
  refused: Record<string, string>;
  archives: Record<string, string>;
  values: number[];
  hdf5: string;
}
const golden = JSON.parse(readFileSync(new URL('../../golden/arrays.json', import.meta.url), 'utf8')) as Golden;
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const refuses = (given: Promise<unknown>, message: RegExp, kind: typeof FormatError | typeof DataError = FormatError) =>
  assert.rejects(given, (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, message);
    return true;
  });

test('npy arrays of every kind come back as NumPy wrote them', async () => {
  const dtypes: Record<string, string> = { b1: 'uint8', u1: 'uint8', i1: 'int8', u2: 'uint16' };
  for (const [name, { file, values, shape }] of Object.entries(golden.arrays)) {
    const read = await readNpy(bytesOf(file));
    assert.deepEqual([read.shape, Array.from(read.data)], [shape, values], name);
    const kind = name.slice(1);
    if (/^[biuf]\d$/.test(kind))
      assert.equal(read.dtype, dtypes[kind] ?? (kind[0] === 'f' ? 'float32' : 'int32'), name);
  }
});

test('npy files that hold no numbers, or are no such files', async () => {
  const refused = (name: string, message: RegExp) => refuses(readNpy(bytesOf(golden.refused[name]!)), message);
  await refused('objects', /expected numbers, received pickled Python objects, which are programs and are not run/);
  await refused(
    'text',
    /expected booleans, whole numbers or floats of up to 8 bytes, received "<U3"\. Convert the array/,
  );
  await refused('complex', /received "<c8"/);
  await refused('record', /received "a record of several fields"/);
  await refused('wide', /expected whole numbers that fit into int32, received 1099511627776\. Save them as floats/);
  const whole = bytesOf(golden.arrays['<f4']!.file);
  await refuses(
    readNpy(whole.subarray(0, -1)),
    /expected 48 bytes for the shape \[2, 2, 3\], received 47 bytes\. The file is cut/,
  );
  await refuses(
    readNpy(whole.subarray(0, 40)),
    /expected a whole header, received 40 bytes\. The file is cut or damaged: save it again\./,
  );
  await refuses(readNpy(whole.subarray(0, 8)), /expected a whole header, received 8 bytes/);
  await refuses(
    readNpy(Buffer.from('PK')),
    /expected a \.npy file \(it begins with .*\), received 2 bytes that begin otherwise/,
  );
  const lying = Buffer.from(whole);
  lying.write("{'describe'", 10);
  await refuses(readNpy(lying), /expected a \.npy header with descr, fortran_order and shape, received/);
  await refuses(readNpy('none\n.npy'), /none\\n\.npy: expected a file, received an error \(ENOENT/, DataError);
});

test('npz archives hold arrays by name, as Keras has its sets', async () => {
  const folder = temporaryFolder();
  for (const [name, file] of Object.entries(golden.archives)) {
    await writeFiles(folder, { [name]: bytesOf(file) });
    const { x_train: x, y_train: y, ...others } = await readNpz(join(folder, name));
    assert.deepEqual([x!.dtype, Array.from(x!.data)], ['uint8', golden.values]);
    assert.deepEqual([y!.shape, Array.from(y!.data), Object.keys(others)], [[2], [1, 0], ['x_test']]);
    assert.deepEqual(arrayDataset(x!, y!).inputShape, [2, 3]);
  }
  const stored = bytesOf(golden.archives['stored']!);
  await refuses(
    readNpz(stored.subarray(0, 300)),
    /expected a \.npz archive, received 300 bytes that do not unpack \(no zip directory\)/,
  );
  const flipped = Uint8Array.from(stored);
  // The last number of the first array, which is stored as it is.
  const at = Buffer.from(flipped).indexOf(Buffer.from([8, 9, 10]));
  flipped[at]! ^= 1;
  await refuses(
    readNpz(flipped),
    /expected "x_train\.npy" with the checksum that the archive states, received other bytes/,
  );
  const lost = Uint8Array.from(stored);
  lost[lost.length - 6]! ^= 1;
  await refuses(readNpz(lost), /do not unpack \(a damaged zip directory\)/);
  await refuses(
    readNpz(zipSync({ 'a.txt': Uint8Array.of(1) })),
    /expected an archive with \.npy files, received one with a\.txt\. Save it/,
  );
  await refuses(readNpz(zipSync({ 'a.npy': Uint8Array.of(1) })), /readNpz \("a\.npy"\): expected a \.npy file/);
});

/** An IDX file of numbers of a kind. */
function idx(kind: number, shape: readonly number[], numbers: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE((kind << 8) + shape.length);
  for (const [axis, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * axis);
  return Buffer.concat([header, numbers]);
}

test('IDX files of every kind, compressed or not', async () => {
  const read = async (kind: number, numbers: number[]) => {
    const { dtype, data } = await readIdx(gzipSync(idx(kind, [2], Uint8Array.from(numbers))));
    return [dtype, ...data];
  };
  assert.deepEqual(await read(8, [1, 255]), ['uint8', 1, 255]);
  assert.deepEqual(await read(9, [1, 255]), ['int8', 1, -1]);
  assert.deepEqual(await read(11, [1, 2, 255, 254]), ['int32', 258, -2]);
  assert.deepEqual(await read(12, [0, 0, 1, 2, 255, 255, 255, 254]), ['int32', 258, -2]);
  assert.deepEqual(await read(13, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]), ['float32', 1, -2]);
  assert.deepEqual(await read(14, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]), ['float32', 1, -2]);
  await refuses(
    readIdx(idx(7, [2], Uint8Array.of(1, 2))),
    /expected an IDX file \(it begins with 0x00000801 or the like\), received 10 bytes that begin with 0x00000701/,
  );
  await refuses(
    readIdx(idx(8, [2, 2], Uint8Array.of(1, 2))),
    /expected 16 bytes for the shape \[2, 2\], received 14\. Download it again/,
  );
  await refuses(readIdx(idx(8, [0xffffffff, 0xffffffff], Uint8Array.of(1, 2))), /expected 1844\d+ bytes for the shape/);
  await refuses(readIdx(Uint8Array.of(0, 0, 8)), /received 3 bytes that begin with nothing/);
  await refuses(
    readIdx(gzipSync(Buffer.alloc(999)).subarray(0, 20)),
    /expected a whole gzip file, received one that does not unpack/,
  );
});

test('CIFAR-10 records from memory', async () => {
  const { x, y } = await readCifar10(Buffer.concat([Uint8Array.of(3), Buffer.alloc(3072, 7)]));
  assert.deepEqual([x.shape, y.shape, y.data[0], x.data[3071]], [[1, 32, 32, 3], [1, 1], 3, 7]);
  await refuses(readCifar10(Buffer.alloc(3072)), /readCifar10: expected records of 3073 bytes, received 3072 bytes/);
});

test('HDF5 files by the names of their datasets', async () => {
  const file = bytesOf(golden.hdf5);
  assert.deepEqual(await listHdf5(file), [
    'inside/big',
    'inside/packed',
    'pairs',
    'train_set_x',
    'train_set_y',
    'words',
  ]);
  const x = await readHdf5(file, 'train_set_x');
  assert.deepEqual([x.dtype, x.shape, Array.from(x.data)], ['uint8', [2, 2, 3], golden.values]);
  assert.deepEqual(Array.from((await readHdf5(file, 'train_set_y')).data), [1, -2]);
  assert.deepEqual(Array.from((await readHdf5(file, 'inside/big')).data), [1, 258]);
  const packed = await readHdf5(file, 'inside/packed');
  assert.deepEqual(Array.from(packed.data), Array.from(Float32Array.from({ length: 64 }, (_, place) => place / 63)));
  await refuses(
    readHdf5(file, 'train_set_z'),
    /expected a dataset "train_set_z", received a file with inside\/big, .*words\. Did you mean "train_set_x"\? Give one/,
    DataError,
  );
  await refuses(
    readHdf5(file, 'words'),
    /\(words\): expected an array of numbers, received the type .*\. Choose another dataset/,
  );
  await refuses(readHdf5(file, 'pairs'), /\(pairs\): expected an array of numbers, received/);
  await refuses(
    readHdf5(file.subarray(0, 3000), 'words'),
    /expected a whole HDF5 file, received one that does not open \(.*\)\. The file is cut/,
  );
  await refuses(
    readHdf5(Buffer.from('no HDF5'), 'x'),
    /expected an HDF5 file \(it begins with .*\), received 7 bytes that begin otherwise/,
  );
});

test('damaged files throw errors of cajal and nothing else', async () => {
  const random = new Random(1, 'damage');
  const kinds: [string, Uint8Array, (bytes: Uint8Array) => Promise<unknown>][] = [
    ['npy', bytesOf(golden.arrays['>f8']!.file), readNpy],
    ['npz', bytesOf(golden.archives['deflated']!), readNpz],
    ['idx', idx(8, [3, 4], Buffer.alloc(12)), (bytes) => readIdx(bytes)],
    ['idx.gz', gzipSync(idx(8, [30, 40], Buffer.alloc(1200, 3))), (bytes) => readIdx(bytes)],
    ['cifar', Buffer.concat([Uint8Array.of(3), Buffer.alloc(3072, 7)]), readCifar10],
    ['hdf5', bytesOf(golden.hdf5), (bytes) => readHdf5(bytes, 'inside/packed')],
  ];
  for (const [kind, whole, read] of kinds) {
    let refused = 0;
    for (let attempt = 0; attempt < 120; attempt++) {
      const isCut = attempt % 4 === 0;
      const damaged = Uint8Array.from(isCut ? whole.subarray(0, random.integer(whole.length)) : whole);
      if (!isCut)
        for (let flips = 1 + random.integer(4); flips > 0; flips--)
          damaged[random.integer(whole.length)] = random.integer(256);
      try {
        await read(damaged);
      } catch (error) {
        assert.ok(error instanceof CajalError, `${kind} ${attempt}: ${(error as Error).stack}`);
        refused++;
      }
    }
    // Every cut file is refused at the least.
    assert.ok(refused >= 30, `${kind}: ${refused} of 120 refused`);
    await read(whole);
  }
});

const cats = realData('catvnoncat/train_catvnoncat.h5');
test('the cats of the binary lesson', { skip: cats.skip }, async () => {
  const [x, y] = await Promise.all([readHdf5(cats.path, 'train_set_x'), readHdf5(cats.path, 'train_set_y')]);
  assert.deepEqual([x.dtype, x.shape, y.shape], ['uint8', [209, 64, 64, 3], [209]]);
  assert.equal(
    Array.from(y.data).reduce((sum, label) => sum + label, 0),
    72,
  );
  assert.equal(arrayDataset(x, y).size, 209);
});
