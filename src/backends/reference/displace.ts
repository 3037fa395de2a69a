/** Pictures of which each pixel is read at a place of its own, from src/ops/displace.ts. */
import type { Kernel } from './kernel.ts';
import { sample } from './sample.ts';

/** y = each pixel, read as far from it as its offset says. */
export const displace: Kernel<'displace'> = ([x, offsets], [y], attributes) => {
  const [batch, height, width, channels] = y!.shape as [number, number, number, number];
  let pixel = 0;
  for (let example = 0; example < batch; example++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, pixel++) {
        const place = [row + offsets!.values[2 * pixel]!, column + offsets!.values[2 * pixel + 1]!] as const;
        sample(x!, example, place, attributes, y!, pixel * channels);
      }
    }
  }
};
