/** Writes augmented pictures as PNG files, into class folders like those that they come from. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { storageFailure } from '../../formats/node/storage-failure.ts';
import { writeFileAtomic } from '../../formats/node/write-file-atomic.ts';
import type { SheetRow } from '../augmentation-sheet.ts';

/**
 * Writes what training sees of each picture in each epoch: `cats/tom.jpg` becomes `cats/tom.jpg.epoch-1.png`, …
 *
 * @returns how many files
 * @throws StorageError where one cannot be written
 */
export async function saveVariants(folder: string, rows: readonly SheetRow[]): Promise<number> {
  let count = 0;
  for (const { file, pictures } of rows) {
    const place = path.join(folder, ...file.split('/'));
    await mkdir(path.dirname(place), { recursive: true }).catch((error: unknown) => {
      throw storageFailure(path.dirname(place), error);
    });
    for (const [epoch, { pixels, width, height }] of pictures.entries()) {
      if (epoch === 0) continue;
      const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
      await writeFileAtomic(`${place}.epoch-${epoch}.png`, png);
      count++;
    }
  }
  return count;
}
