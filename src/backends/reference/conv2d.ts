/** Convolution and its two gradients, straight from the formula
 * y[n, i, j, f] = Σ x[n, i·stride + a·dilation − padding, …, c] · kernel[a, b, c, f]. */
import type { AttributesFor } from '../../ops/table.ts';
import type { Kernel, View } from './kernel.ts';

type Steps = Omit<AttributesFor<'conv2d'>, 'activation'>;

/** Calls `visit` with the places of one output pixel, one input pixel and one kernel tap that meet, in units of numbers
 * (the first channel of each). Taps that fall outside the picture are skipped: they would meet zeros. */
function visitTaps(
  x: View,
  kernel: View,
  y: View,
  steps: Steps,
  visit: (pictureStart: number, kernelStart: number, outputStart: number) => void,
): void {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, , filters] = kernel.shape as [number, number, number, number];
  const [, outputHeight, outputWidth] = y.shape as [number, number, number, number];
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outputHeight; i++) {
      for (let j = 0; j < outputWidth; j++) {
        const outputStart = ((n * outputHeight + i) * outputWidth + j) * filters;
        for (let a = 0; a < kernelHeight; a++) {
          const row = i * steps.strideHeight + a * steps.dilationHeight - steps.paddingTop;
          if (row < 0 || row >= height) continue;
          for (let b = 0; b < kernelWidth; b++) {
            const column = j * steps.strideWidth + b * steps.dilationWidth - steps.paddingLeft;
            if (column < 0 || column >= width) continue;
            const pictureStart = ((n * height + row) * width + column) * channels;
            visit(pictureStart, (a * kernelWidth + b) * channels * filters, outputStart);
          }
        }
      }
    }
  }
}

/** y = activation(x ∗ kernel + bias). */
export const conv2d: Kernel<'conv2d'> = ([x, kernel, bias], [y], attributes) => {
  const channels = kernel!.shape[2]!;
  const filters = kernel!.shape[3]!;
  const pictures = x!.values;
  const weights = kernel!.values;
  const output = y!.values;
  for (let index = 0; index < output.length; index++) output[index] = bias ? bias.values[index % filters]! : 0;
  visitTaps(x!, kernel!, y!, attributes, (pictureStart, kernelStart, outputStart) => {
    for (let c = 0; c < channels; c++) {
      const value = pictures[pictureStart + c]!;
      const from = kernelStart + c * filters;
      for (let f = 0; f < filters; f++) output[outputStart + f]! += value * weights[from + f]!;
    }
  });
  if (attributes.activation === 'relu') {
    for (let index = 0; index < output.length; index++) output[index] = Math.max(output[index]!, 0);
  }
};

/** dx[…, c] = Σ dy[…, f] · kernel[a, b, c, f] over the taps that read that place. */
export const conv2dInputGradient: Kernel<'conv2dInputGradient'> = ([dy, kernel], [dx], attributes) => {
  const channels = kernel!.shape[2]!;
  const filters = kernel!.shape[3]!;
  const gradient = dy!.values;
  const weights = kernel!.values;
  const result = dx!.values.fill(0);
  visitTaps(dx!, kernel!, dy!, attributes, (pictureStart, kernelStart, outputStart) => {
    for (let c = 0; c < channels; c++) {
      const from = kernelStart + c * filters;
      let sum = 0;
      for (let f = 0; f < filters; f++) sum += gradient[outputStart + f]! * weights[from + f]!;
      result[pictureStart + c]! += sum;
    }
  });
};

/** dkernel[a, b, c, f] = Σ x[…, c] · dy[…, f] over all pixels of all pictures. */
export const conv2dKernelGradient: Kernel<'conv2dKernelGradient'> = ([x, dy], [dk], attributes) => {
  const channels = dk!.shape[2]!;
  const filters = dk!.shape[3]!;
  const pictures = x!.values;
  const gradient = dy!.values;
  const result = dk!.values.fill(0);
  visitTaps(x!, dk!, dy!, attributes, (pictureStart, kernelStart, outputStart) => {
    for (let c = 0; c < channels; c++) {
      const value = pictures[pictureStart + c]!;
      const to = kernelStart + c * filters;
      for (let f = 0; f < filters; f++) result[to + f]! += value * gradient[outputStart + f]!;
    }
  });
};
