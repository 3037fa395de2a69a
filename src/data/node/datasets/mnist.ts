/** MNIST: 70,000 handwritten digits, 28 × 28, grey (LeCun, Cortes and Burges). */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, FormatError } from '../../../core/errors.ts';
import { formatShape } from '../../../core/shape.ts';
import type { Arrays } from '../../array-dataset.ts';
import { readIdx } from '../arrays/read-idx.ts';

/** Examples to train on and examples to test on. */
export interface TrainAndTest {
  /** `x`: uint8 `[examples, height, width, channels]`; `y`: uint8 class numbers `[examples, 1]`. */
  readonly train: Arrays;
  readonly test: Arrays;
  readonly classNames: readonly string[];
}

/**
 * Reads MNIST, or a set in the same form (Fashion-MNIST, KMNIST), from a folder with its four IDX files, `.gz` or not.
 *
 * @returns `train.x` is uint8 `[60000, 28, 28, 1]`, 0 background to 255 ink; `train.y` `[60000, 1]`; `test` has 10,000
 * @throws DataError where a file is missing
 * @throws FormatError where a file is not whole, or pictures and labels differ in number
 * @example
 * const { train, test } = await datasets.mnist('mnist');
 * await model.fit(train.x, toCategorical(train.y, 10), { epochs: 3 });
 */
export async function mnist(path: string): Promise<TrainAndTest> {
  const [train, test] = await Promise.all([readSubset(path, 'train'), readSubset(path, 't10k')]);
  return { train, test, classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] };
}

async function readSubset(folder: string, prefix: string): Promise<Arrays> {
  const pictures = await readIdx(await findFile(folder, `${prefix}-images-idx3-ubyte`), { rank: 3 });
  const labels = await readIdx(await findFile(folder, `${prefix}-labels-idx1-ubyte`), { rank: 1 });
  const [count] = pictures.shape;
  if (count !== labels.shape[0]) {
    throw new FormatError(
      `${join(folder, prefix)}: expected a label for each picture, received pictures ${formatShape(pictures.shape)} ` +
        `and labels ${formatShape(labels.shape)}. Take files of the same set.`,
    );
  }
  const x = { ...pictures, shape: [...pictures.shape, 1] };
  return { x, y: { ...labels, shape: [labels.shape[0]!, 1] } };
}

async function findFile(folder: string, name: string): Promise<string> {
  let names: string[] = [];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new DataError(
      `${folder}: expected a folder with the MNIST files, received an error (${(cause as Error).message}). Check the path.`,
      { cause },
    );
  }
  // Some archives write `train-images.idx3-ubyte`.
  const known = [name, name.replace('-idx', '.idx')].flatMap((plain) => [plain, `${plain}.gz`]);
  const found = known.find((candidate) => names.includes(candidate));
  if (found !== undefined) return join(folder, found);
  throw new DataError(
    `${folder}: expected the file ${name} or ${name}.gz, received a folder without it. Put MNIST's four files there.`,
  );
}
