/** 2-D convolution (cross-correlation, as every framework means it) and its two gradients. Kernels are
 * `[height, width, inputChannels, outputChannels]`, pictures `[batch, height, width, channels]`. */
import { ShapeError } from '../core/errors.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import {
  type AttributesOf,
  applyOne,
  choice,
  defineOp,
  int,
  type OpDefinition,
  type Value,
  type ValueType,
} from './op.ts';
import { sum } from './reduce.ts';
import { windowFields, windowOutput } from './window.ts';

const fields = { ...windowFields, dilationHeight: int, dilationWidth: int, activation: choice('linear', 'relu') };
const inputGradientFields = { ...windowFields, dilationHeight: int, dilationWidth: int, height: int, width: int };
const kernelGradientFields = {
  ...windowFields,
  dilationHeight: int,
  dilationWidth: int,
  kernelHeight: int,
  kernelWidth: int,
};

/** Strides, paddings, dilations and the activation of a convolution. */
export type Conv2dAttributes = AttributesOf<typeof fields>;

/** Rows and columns that a kernel spans with its dilation. */
export function kernelExtent(
  kernelHeight: number,
  kernelWidth: number,
  { dilationHeight, dilationWidth }: { dilationHeight: number; dilationWidth: number },
): [number, number] {
  return [(kernelHeight - 1) * dilationHeight + 1, (kernelWidth - 1) * dilationWidth + 1];
}

function checkOperands(x: ValueType, kernel: ValueType, where: string): void {
  if (x.shape.length !== 4 || kernel.shape.length !== 4 || x.shape[3] !== kernel.shape[2]) {
    throw new ShapeError(
      `${where}: expected pictures [batch, height, width, channels] and a kernel [height, width, channels, filters] ` +
        `with equal channels, received ${formatShape(x.shape)} and ${formatShape(kernel.shape)}.`,
    );
  }
}

function multiplyAdds(kernel: Shape, output: Shape): number {
  return 2 * output[1]! * output[2]! * kernel[0]! * kernel[1]! * kernel[2]! * kernel[3]!;
}

/** y = activation(x ∗ kernel + bias). Inputs: pictures, kernel, and optionally bias [filters]. */
export const conv2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, kernel, bias], attributes, where) {
    checkOperands(x!, kernel!, where);
    const [kernelHeight, kernelWidth, , filters] = kernel!.shape as [number, number, number, number];
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== filters)) {
      throw new ShapeError(`${where}: expected a bias of shape [${filters}], received ${formatShape(bias.shape)}.`);
    }
    const extent = kernelExtent(kernelHeight, kernelWidth, attributes);
    const [height, width] = windowOutput(x!.shape, extent, attributes, where);
    return [{ shape: [x!.shape[0]!, height, width, filters], dtype: 'float32' }];
  },
  gradient({ inputs: [x, kernel, bias], outputs: [y], gradients: [gradient], attributes: all }) {
    if (!gradient) return [];
    const { activation, ...attributes } = all;
    const dy = activation === 'relu' ? applyOne('reluGradient', [gradient, y!], {}) : gradient;
    const [, height, width] = x!.shape as [number, number, number, number];
    const [kernelHeight, kernelWidth] = kernel!.shape as [number, number, number, number];
    const dx = applyOne('conv2dInputGradient', [dy, kernel!], { ...attributes, height, width });
    const dk = applyOne('conv2dKernelGradient', [x!, dy], { ...attributes, kernelHeight, kernelWidth });
    return bias ? [dx, dk, sum(dy, 0, 2)] : [dx, dk];
  },
  flops: ([, kernel], [y]) => multiplyAdds(kernel!.shape, y!.shape),
});

/** The gradient with respect to the pictures. Inputs: dy, kernel. */
export const conv2dInputGradient: OpDefinition<typeof inputGradientFields> = defineOp({
  fields: inputGradientFields,
  infer: ([dy, kernel], { height, width }) => [
    { shape: [dy!.shape[0]!, height, width, kernel!.shape[2]!], dtype: 'float32' },
  ],
  gradient({ inputs: [dy, kernel], gradients: [g], attributes: { height: _h, width: _w, ...attributes } }) {
    if (!g) return [];
    const [kernelHeight, kernelWidth] = kernel!.shape as [number, number, number, number];
    return [
      applyOne('conv2d', [g, kernel!], { ...attributes, activation: 'linear' }),
      applyOne('conv2dKernelGradient', [g, dy!], { ...attributes, kernelHeight, kernelWidth }),
    ];
  },
  flops: ([dy, kernel]) => multiplyAdds(kernel!.shape, dy!.shape),
});

/** The gradient with respect to the kernel. Inputs: pictures, dy. */
export const conv2dKernelGradient: OpDefinition<typeof kernelGradientFields> = defineOp({
  fields: kernelGradientFields,
  infer: ([x, dy], { kernelHeight, kernelWidth }) => [
    { shape: [kernelHeight, kernelWidth, x!.shape[3]!, dy!.shape[3]!], dtype: 'float32' },
  ],
  gradient({ inputs: [x, dy], gradients: [g], attributes: { kernelHeight: _h, kernelWidth: _w, ...attributes } }) {
    if (!g) return [];
    const [, height, width] = x!.shape as [number, number, number, number];
    return [
      applyOne('conv2dInputGradient', [dy!, g], { ...attributes, height, width }),
      applyOne('conv2d', [x!, g], { ...attributes, activation: 'linear' }),
    ];
  },
  flops: ([, dy], [kernel]) => multiplyAdds(kernel!.shape, dy!.shape),
});

/** activation(x ∗ kernel + bias). */
export function convolve(x: Value, kernel: Value, bias: Value | undefined, attributes: Conv2dAttributes): Value {
  return applyOne('conv2d', bias ? [x, kernel, bias] : [x, kernel], attributes);
}
