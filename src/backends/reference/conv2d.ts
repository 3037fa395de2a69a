/** Convolution and its two gradients, straight from the formula
 * y[n, i, j, f] = Σ x[n, i·stride + a·dilation − padding, …, g·C + c] · kernel[a, b, c, f]
 * where C are the channels of a group, and g the group of f. */
import type { AttributesFor } from '../../ops/table.ts';
import type { Kernel, View } from './kernel.ts';

type Steps = Omit<AttributesFor<'conv2d'>, 'activation' | 'groups'>;

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
  const [kernelHeight, kernelWidth, groupChannels, filters] = kernel.shape as [number, number, number, number];
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
            visit(pictureStart, (a * kernelWidth + b) * groupChannels * filters, outputStart);
          }
        }
      }
    }
  }
}

/** The filters that see a channel of the pictures, and where in a tap of the kernel its weights start. */
function groupOf(channel: number, kernel: View, groups: number): { first: number; end: number; from: number } {
  const [, , groupChannels, filters] = kernel.shape as [number, number, number, number];
  const groupFilters = filters / groups;
  const first = Math.floor(channel / groupChannels) * groupFilters;
  return { first, end: first + groupFilters, from: (channel % groupChannels) * filters };
}

/** The same for all channels of the pictures. */
function groupsOf(x: View, kernel: View, { groups }: { groups: number }): ReturnType<typeof groupOf>[] {
  return Array.from({ length: x.shape[3]! }, (_, channel) => groupOf(channel, kernel, groups));
}

/** y = activation(x ∗ kernel + bias). */
export const conv2d: Kernel<'conv2d'> = ([x, kernel, bias], [y], attributes) => {
  const filters = kernel!.shape[3]!;
  const pictures = x!.values;
  const weights = kernel!.values;
  const output = y!.values;
  for (let index = 0; index < output.length; index++) output[index] = bias ? bias.values[index % filters]! : 0;
  const channels = groupsOf(x!, kernel!, attributes);
  visitTaps(x!, kernel!, y!, attributes, (pictureStart, kernelStart, outputStart) => {
    channels.forEach(({ first, end, from }, c) => {
      const value = pictures[pictureStart + c]!;
      for (let f = first; f < end; f++) output[outputStart + f]! += value * weights[kernelStart + from + f]!;
    });
  });
  if (attributes.activation === 'relu') {
    for (let index = 0; index < output.length; index++) output[index] = Math.max(output[index]!, 0);
  }
};

/** dx[…, c] = Σ dy[…, f] · kernel[a, b, c, f] over the taps that read that place. */
export const conv2dInputGradient: Kernel<'conv2dInputGradient'> = ([dy, kernel], [dx], attributes) => {
  const gradient = dy!.values;
  const weights = kernel!.values;
  const result = dx!.values.fill(0);
  const channels = groupsOf(dx!, kernel!, attributes);
  visitTaps(dx!, kernel!, dy!, attributes, (pictureStart, kernelStart, outputStart) => {
    channels.forEach(({ first, end, from }, c) => {
      let sum = 0;
      for (let f = first; f < end; f++) sum += gradient[outputStart + f]! * weights[kernelStart + from + f]!;
      result[pictureStart + c]! += sum;
    });
  });
};

/** dkernel[a, b, c, f] = Σ x[…, c] · dy[…, f] over all pixels of all pictures. */
export const conv2dKernelGradient: Kernel<'conv2dKernelGradient'> = ([x, dy], [dk], attributes) => {
  const pictures = x!.values;
  const gradient = dy!.values;
  const result = dk!.values.fill(0);
  const channels = groupsOf(x!, dk!, attributes);
  visitTaps(x!, dk!, dy!, attributes, (pictureStart, kernelStart, outputStart) => {
    channels.forEach(({ first, end, from }, c) => {
      const value = pictures[pictureStart + c]!;
      for (let f = first; f < end; f++) result[kernelStart + from + f]! += value * gradient[outputStart + f]!;
    });
  });
};
