/** Affine and projective transforms of pictures, from the formula in src/ops/affine-transform.ts. */
import type { Kernel } from './kernel.ts';
import { sample } from './sample.ts';

/** y = each picture, read where its transform says. */
export const affineTransform: Kernel<'affineTransform'> = ([x, transforms], [y], attributes) => {
  const [batch, height, width, channels] = y!.shape as [number, number, number, number];
  for (let example = 0; example < batch; example++) {
    const t = transforms!.values.subarray(8 * example, 8 * example + 8);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const along = (first: number) => t[first]! * j + t[first + 1]! * i;
        const k = along(6) + 1;
        const place = [(along(3) + t[5]!) / k, (along(0) + t[2]!) / k] as const;
        sample(x!, example, place, attributes, y!, ((example * height + i) * width + j) * channels);
      }
    }
  }
};
