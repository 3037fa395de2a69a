/** Max pooling and its gradient. A NaN in a window wins, the first one where there are several; places outside the
 * picture never win. */
import type { Kernel } from './kernel.ts';

/** Outputs: the largest value of each window, and its place in the window (row-major). */
export const maxPool2d: Kernel<'maxPool2d'> = ([x], [y, places], attributes) => {
  const [, height, width, channels] = x!.shape as [number, number, number, number];
  const [batch, outputHeight, outputWidth] = y!.shape as [number, number, number, number];
  const { strideHeight, strideWidth, paddingTop, paddingLeft, poolHeight, poolWidth } = attributes;
  for (let index = 0; index < batch * outputHeight * outputWidth * channels; index++) {
    const c = index % channels;
    const j = Math.floor(index / channels) % outputWidth;
    const i = Math.floor(index / (channels * outputWidth)) % outputHeight;
    const n = Math.floor(index / (channels * outputWidth * outputHeight));
    let largest = -Infinity;
    let place = -1;
    for (let a = 0; a < poolHeight; a++) {
      const row = i * strideHeight + a - paddingTop;
      if (row < 0 || row >= height) continue;
      for (let b = 0; b < poolWidth; b++) {
        const column = j * strideWidth + b - paddingLeft;
        if (column < 0 || column >= width) continue;
        const value = x!.values[((n * height + row) * width + column) * channels + c]!;
        if (place >= 0 && !(value > largest) && !(Number.isNaN(value) && !Number.isNaN(largest))) continue;
        largest = value;
        place = a * poolWidth + b;
      }
    }
    y!.values[index] = largest;
    places!.values[index] = Math.max(place, 0);
  }
};

/** Sends each dy to the place that was largest; where windows overlap, the shares add up. */
export const maxPool2dGradient: Kernel<'maxPool2dGradient'> = ([dy, places], [dx], attributes) => {
  const [batch, height, width, channels] = dx!.shape as [number, number, number, number];
  const [, outputHeight, outputWidth] = dy!.shape as [number, number, number, number];
  const { strideHeight, strideWidth, paddingTop, paddingLeft, poolWidth } = attributes;
  dx!.values.fill(0);
  for (let index = 0; index < batch * outputHeight * outputWidth * channels; index++) {
    const c = index % channels;
    const j = Math.floor(index / channels) % outputWidth;
    const i = Math.floor(index / (channels * outputWidth)) % outputHeight;
    const n = Math.floor(index / (channels * outputWidth * outputHeight));
    const place = places!.values[index]!;
    const row = i * strideHeight + Math.floor(place / poolWidth) - paddingTop;
    const column = j * strideWidth + (place % poolWidth) - paddingLeft;
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    dx!.values[((n * height + row) * width + column) * channels + c]! += dy!.values[index]!;
  }
};
