/** Colours changed, from the formulas in src/ops/mix-colors.ts. */
import type { Kernel } from './kernel.ts';

/** y = m · (x, 1) for the channels of each pixel. */
export const mixChannels: Kernel<'mixChannels'> = ([x, weights], [y], { low, high }) => {
  const [batch, height, width, channels] = x!.shape as [number, number, number, number];
  const results = y!.shape[3]!;
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const example = Math.floor(pixel / (height * width));
    for (let k = 0; k < results; k++) {
      const row = (example * results + k) * (channels + 1);
      let total = weights!.values[row + channels]!;
      for (let j = 0; j < channels; j++) total += weights!.values[row + j]! * x!.values[pixel * channels + j]!;
      y!.values[pixel * results + k] = Math.min(Math.max(total, low), high);
    }
  }
};

/** y = x with another saturation and hue. */
export const adjustHsv: Kernel<'adjustHsv'> = ([x, changes], [y], { low, high }) => {
  const pixels = x!.shape[1]! * x!.shape[2]!;
  for (let place = 0; place < x!.values.length; place += 3) {
    const example = Math.floor(place / (3 * pixels));
    const [times, turn] = [changes!.values[2 * example]!, changes!.values[2 * example + 1]!];
    const [red, green, blue] = [0, 1, 2].map((channel) => x!.values[place + channel]! - low) as [
      number,
      number,
      number,
    ];
    const largest = Math.max(red, green, blue);
    const chroma = largest - Math.min(red, green, blue);
    let hue = 0;
    if (chroma > 0) {
      if (largest === red) hue = (green - blue) / chroma;
      else if (largest === green) hue = (blue - red) / chroma + 2;
      else hue = (red - green) / chroma + 4;
    }
    const changed = Math.min(chroma * times, largest);
    [5, 3, 1].forEach((offset, channel) => {
      const turned = offset + hue + 6 * turn;
      const k = turned - 6 * Math.floor(turned / 6);
      const value = largest - changed * Math.min(Math.max(Math.min(k, 4 - k), 0), 1);
      y!.values[place + channel] = Math.min(Math.max(value + low, low), high);
    });
  }
};
