/** 2-D convolution (cross-correlation, as every framework means it) and its two gradients. Kernels are
 * `[height, width, inputChannels / groups, filters]`, pictures `[batch, height, width, channels]`. With groups, channels and
 * filters are cut into as many runs, and each run of filters sees its run of channels only. As many groups as channels
 * make a depthwise convolution; Keras's kernel of one, [height, width, channels, multiplier], lies in memory as
 * [height, width, 1, channels · multiplier] does. */
import { OptionError, ShapeError } from '../core/errors.ts';
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

const steps = { ...windowFields, dilationHeight: int, dilationWidth: int };
const fields = { ...steps, activation: choice('linear', 'relu'), groups: int };
const inputGradientFields = { ...steps, height: int, width: int, groups: int };
const kernelGradientFields = { ...steps, kernelHeight: int, kernelWidth: int, groups: int };

/** Strides, paddings, dilations, activation and groups of a convolution. */
export type Conv2dAttributes = AttributesOf<typeof fields>;

/** Strides, paddings, dilations and groups, and the height and width of the result of a transposed convolution. */
export type TransposedConv2dAttributes = AttributesOf<typeof inputGradientFields>;

/** Groups are 1 where they are left out. */
type WithGroups<Attributes extends { readonly groups: number }> = Omit<Attributes, 'groups'> & {
  readonly groups?: number;
};

/** Rows and columns that a kernel spans with its dilation. */
export function kernelExtent(
  kernelHeight: number,
  kernelWidth: number,
  { dilationHeight, dilationWidth }: { dilationHeight: number; dilationWidth: number },
): [number, number] {
  return [(kernelHeight - 1) * dilationHeight + 1, (kernelWidth - 1) * dilationWidth + 1];
}

function checkOperands(x: ValueType, kernel: ValueType, groups: number, where: string): void {
  const filters = kernel.shape[3]!;
  if (x.shape.length !== 4 || kernel.shape.length !== 4 || x.shape[3] !== kernel.shape[2]! * groups) {
    const channels = groups === 1 ? 'channels' : `channels / ${groups}`;
    throw new ShapeError(
      `${where}: expected pictures [batch, height, width, channels] and a kernel [height, width, ${channels}, filters] ` +
        `with equal channels, received ${formatShape(x.shape)} and ${formatShape(kernel.shape)}.`,
    );
  }
  checkGroups(groups, filters, where);
}

function checkGroups(groups: number, filters: number, where: string): void {
  if (Number.isInteger(groups) && groups > 0 && filters % groups === 0) return;
  throw new OptionError(`${where}: expected groups that divide the ${filters} filters, received ${groups}.`);
}

function multiplyAdds(kernel: Shape, output: Shape): number {
  return 2 * output[1]! * output[2]! * kernel[0]! * kernel[1]! * kernel[2]! * kernel[3]!;
}

/** y = activation(x ∗ kernel + bias). Inputs: pictures, kernel, and optionally bias [filters]. */
export const conv2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([x, kernel, bias], attributes, where) {
    checkOperands(x!, kernel!, attributes.groups, where);
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

/** The gradient with respect to the pictures, which is what a transposed convolution computes. Inputs: dy, kernel. */
export const conv2dInputGradient: OpDefinition<typeof inputGradientFields> = defineOp({
  fields: inputGradientFields,
  infer([dy, kernel], { height, width, groups }, where) {
    const [, , channels, filters] = kernel!.shape as [number, number, number, number];
    if (dy!.shape.length !== 4 || kernel!.shape.length !== 4 || dy!.shape[3] !== filters) {
      throw new ShapeError(
        `${where}: expected pictures [batch, height, width, filters] and a kernel [height, width, channels, filters] ` +
          `with equal filters, received ${formatShape(dy!.shape)} and ${formatShape(kernel!.shape)}.`,
      );
    }
    checkGroups(groups, filters, where);
    return [{ shape: [dy!.shape[0]!, height, width, channels * groups], dtype: 'float32' }];
  },
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
  infer: ([x, dy], { kernelHeight, kernelWidth, groups }) => [
    { shape: [kernelHeight, kernelWidth, x!.shape[3]! / groups, dy!.shape[3]!], dtype: 'float32' },
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

/** activation(x ∗ kernel + bias). For a depthwise convolution set `groups` to the channels and reshape Keras's kernel
 * [height, width, channels, multiplier] to [height, width, 1, channels · multiplier].
 * @throws ShapeError where shapes do not fit; OptionError where groups do not divide the filters */
export function convolve(
  x: Value,
  kernel: Value,
  bias: Value | undefined,
  attributes: WithGroups<Conv2dAttributes>,
): Value {
  return applyOne('conv2d', bias ? [x, kernel, bias] : [x, kernel], { groups: 1, ...attributes });
}

/** The transposed convolution: the pictures of `height` × `width` from which a convolution with these strides, paddings and
 * dilations would read, with what it reads spread back over them: z[i · stride + a · dilation − padding, …, c] +=
 * Σ x[i, …, f] · kernel[a, b, c, f]. The kernel is [height, width, channels of the result, channels of x], as Keras's.
 * @throws ShapeError where shapes do not fit, or that convolution would not give the height and width of x */
export function transposedConvolve(x: Value, kernel: Value, attributes: WithGroups<TransposedConv2dAttributes>): Value {
  const where = 'transposedConvolve';
  const { height, width } = attributes;
  const z = applyOne('conv2dInputGradient', [x, kernel], { groups: 1, ...attributes });
  const extent = kernelExtent(kernel.shape[0]!, kernel.shape[1]!, attributes);
  const read = windowOutput(z.shape, extent, attributes, where);
  if (read[0] !== x.shape[1] || read[1] !== x.shape[2]) {
    throw new ShapeError(
      `${where}: expected pictures of ${read.join('×')} for a result of ${height}×${width}, ` +
        `received ${formatShape(x.shape)}. Use another height and width, or other paddings.`,
    );
  }
  return z;
}
