/** Writes pictures of a batch to files, to look at what training sees. */
import { join } from 'node:path';
import sharp from 'sharp';
import { OptionError, StorageError } from '../../core/errors.ts';
import { elementCount } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';

/**
 * Writes each picture to a file, in the format of its extension, stretched so that its smallest value is black and its largest
 * white, as Keras's `array_to_img` does.
 *
 * @param folder exists
 * @param names one for each picture
 * @param pictures `[batch, height, width, channels]` with 1, 3 or 4 channels
 * @throws OptionError where there are other numbers of channels; StorageError where a file cannot be written
 */
export async function savePictures(folder: string, names: readonly string[], pictures: Tensor): Promise<void> {
  const [, height, width, channels] = pictures.shape as [number, number, number, number];
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new OptionError(`savePictures: expected pictures of 1, 3 or 4 channels, received ${channels}.`);
  }
  const size = elementCount([height, width, channels]);
  const save = async (name: string, index: number): Promise<void> => {
    const bytes = stretched(pictures.data.subarray(index * size, (index + 1) * size));
    const file = join(folder, name);
    const raw = { width, height, channels: channels as 1 | 3 | 4 };
    await sharp(bytes, { raw })
      .toFile(file)
      .catch((cause: Error) => {
        throw new StorageError(`${file}: expected to write a picture, but ${cause.message}.`, { cause });
      });
  };
  await Promise.all(names.map(save));
}

function stretched(values: Tensor['data']): Uint8Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = high > low ? 255 / (high - low) : 1;
  return Uint8Array.from(values, (value) => Math.round((value - low) * scale));
}
