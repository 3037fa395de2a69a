// Small coloured pictures in class folders, which a small network learns in a second.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

const colours = { cats: [200, 60, 40], dogs: [40, 70, 200], owls: [60, 180, 60] } as const;

/** Writes `count` pictures of each of three classes; names are `_GROUP_NUMBER.png` with four groups. */
export async function writeTinyPictures(folder: string, count = 12): Promise<string> {
  for (const [className, [red, green, blue]] of Object.entries(colours)) {
    mkdirSync(path.join(folder, className), { recursive: true });
    for (let index = 0; index < count; index++) {
      // Colours overlap a little, so that neither loss nor accuracy is settled in the first epoch.
      const shift = ((index * 37) % 90) - 45;
      const pixels = Uint8Array.from({ length: 14 * 12 * 3 }, (_, place) => {
        const base = [red - shift, green + shift, blue - shift][place % 3]!;
        return Math.max(0, Math.min(255, base + ((place * 7919 + index * 104729) % 61) - 30));
      });
      const png = await sharp(pixels, { raw: { width: 14, height: 12, channels: 3 } })
        .png()
        .toBuffer();
      writeFileSync(path.join(folder, className, `_${index % 4}_${index}.png`), png);
    }
  }
  return folder;
}

/** Flags of a network that trains on them in a moment. */
export const tinyNetwork: readonly string[] = '--size 12 --filters 4 --units 8 --batch-size 8'.split(' ');
