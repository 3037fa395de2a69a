/** Pictures that come as arrays instead of files: IDX (MNIST), NumPy and CIFAR-10 in one line each. The lesson writes
 * small ones by itself, byte by byte, so that it also shows what is in such files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { arrayDataset, type Tensor, toCategorical } from 'cajal';
import { readCifar10, readIdx, readNpy } from 'cajal/data/node';

const folder = 'build/examples/arrays';
await mkdir(folder, { recursive: true });
const say = (name: string, { shape, dtype, data }: Tensor) =>
  console.log(`${name}: [${shape.join(', ')}] ${dtype}, first numbers ${data.subarray(0, 4).join(' ')}`);

// IDX: two zeros, 8 for bytes, how many axes, each axis as four bytes, the numbers. MNIST's .gz files read the same.
const pictures = Uint8Array.from({ length: 6 * 28 * 28 }, (_, place) => place % 251);
await writeFile(`${folder}/images-idx3-ubyte`, [
  Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 28, 0, 0, 0, 28),
  pictures,
]);
await writeFile(`${folder}/labels-idx1-ubyte`, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 6, 7, 2, 1, 0, 4, 1));
const images = await readIdx(`${folder}/images-idx3-ubyte`);
const labels = await readIdx(`${folder}/labels-idx1-ubyte`);
say('IDX pictures', images);
say('IDX labels', labels);

// NumPy: a mark, a version, the length of a header that says kind and shape, the numbers.
const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117).concat('\n');
const npy = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
  Buffer.of(header.length, 0),
  Buffer.from(header),
  Buffer.from(Float32Array.of(0.5, 1, 1.5, 2, 2.5, 3).buffer),
]);
await writeFile(`${folder}/numbers.npy`, npy);
say('NumPy array', await readNpy(`${folder}/numbers.npy`));

// CIFAR-10: a label, then the red, the green and the blue picture, 1024 bytes each. It is read as pixels.
await writeFile(
  `${folder}/data_batch.bin`,
  Uint8Array.from({ length: 2 * 3073 }, (_, place) => (place % 3073 === 0 ? 3 : place % 256)),
);
const cifar = await readCifar10(`${folder}/data_batch.bin`);
say('CIFAR-10 pictures', cifar.x);

// From here on they are like any others: a channel, one-hot targets, batches.
const x = { ...images, shape: [6, 28, 28, 1] };
for await (const { inputs, targets } of arrayDataset(x, toCategorical(labels, 10), { batchSize: 4 })) {
  console.log(`a batch of [${inputs.shape.join(', ')}] with targets [${targets.shape.join(', ')}]`);
}
