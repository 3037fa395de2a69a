/** A convolution together with the max pooling of its result, and its gradients from what arrives at the pooled values: the
 * pictures in between, the largest of a network, never lie in memory. Windows lie side by side (strides equal the pool's
 * sizes, no padding), and the convolution has one group. Only the simplification of graphs makes these ops, when gradients are
 * there already, so they have none. */
import { OptionError } from '../core/errors.ts';
import { elementCount } from '../core/shape.ts';
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from './conv2d.ts';
import { maxPool2d } from './max-pool2d.ts';
import { type AttributesOf, defineOp, int, type OpDefinition, type ValueType } from './op.ts';

const poolFields = { poolHeight: int, poolWidth: int };
const { groups: _, ...convolutionFields } = conv2d.fields;
const { groups: __, ...ofPictures } = conv2dInputGradient.fields;
const { groups: ___, ...ofKernel } = conv2dKernelGradient.fields;
const fields = { ...convolutionFields, ...poolFields };
const inputGradientFields = { ...ofPictures, ...poolFields };
const kernelGradientFields = { ...ofKernel, ...poolFields, height: int, width: int };

/** The place of a window from which nothing passes, because its largest value was not above a ReLU's 0. */
export const noPlace = 255;

/** Attributes of a pooling whose windows lie side by side. */
export function poolingSideBySide({
  poolHeight,
  poolWidth,
}: AttributesOf<typeof poolFields>): AttributesOf<typeof maxPool2d.fields> {
  return {
    strideHeight: poolHeight,
    strideWidth: poolWidth,
    paddingTop: 0,
    paddingBottom: 0,
    paddingLeft: 0,
    paddingRight: 0,
    poolHeight,
    poolWidth,
  };
}

/** The type of the convolution's result. */
export function beforePooling(
  inputs: readonly ValueType[],
  attributes: AttributesOf<typeof fields>,
  where: string,
): ValueType {
  return conv2d.infer(inputs, { ...attributes, groups: 1 }, where)[0]!;
}

/** Inputs as conv2d's: pictures, kernel, and optionally bias [filters]. Outputs as maxPool2d's: the largest value of each
 * window, and its place there; with a ReLU, `noPlace` where the largest value is not above 0, so that the places say all
 * that gradients need to know. */
export const conv2dMaxPool2d: OpDefinition<typeof fields> = defineOp({
  fields,
  infer(inputs, attributes, where) {
    const { poolHeight, poolWidth } = attributes;
    if (poolHeight * poolWidth > noPlace) {
      throw new OptionError(
        `${where}: expected a pool window of at most ${noPlace} places, received ${poolHeight}×${poolWidth}.`,
      );
    }
    return maxPool2d.infer([beforePooling(inputs, attributes, where)], poolingSideBySide(attributes), where);
  },
  // Rows and columns that the pooling leaves over are not computed.
  flops([, kernel], [y], { poolHeight, poolWidth }) {
    const places = elementCount(y!.shape) * poolHeight * poolWidth;
    return places * (2 * kernel!.shape[0]! * kernel!.shape[1]! * kernel!.shape[2]! + 1);
  },
});

/** The gradient with respect to the pictures. Inputs: dy of the pooled values, kernel, and the places of the largest values. */
export const conv2dMaxPool2dInputGradient: OpDefinition<typeof inputGradientFields> = defineOp({
  fields: inputGradientFields,
  infer: ([dy, kernel], { height, width }) => [
    { shape: [dy!.shape[0]!, height, width, kernel!.shape[2]!], dtype: 'float32' },
  ],
  flops([dy, kernel], _, { poolHeight, poolWidth }) {
    const [kernelHeight, kernelWidth, channels] = kernel!.shape as [number, number, number];
    return elementCount(dy!.shape) * (poolHeight * poolWidth * 2 * kernelHeight * kernelWidth * channels + 1);
  },
});

/** The gradients with respect to the kernel and to the bias. Inputs: pictures, dy of the pooled values and the places of the
 * largest ones; `height` and `width` are those of the convolution's result. */
export const conv2dMaxPool2dKernelGradient: OpDefinition<typeof kernelGradientFields> = defineOp({
  fields: kernelGradientFields,
  infer: ([x, dy], attributes, where) => [
    ...conv2dKernelGradient.infer([x!, dy!], { ...attributes, groups: 1 }, where),
    { shape: [dy!.shape[3]!], dtype: 'float32' },
  ],
  flops: ([, dy], [kernel], { height, width }) =>
    2 * height * width * elementCount(kernel!.shape) + 2 * elementCount(dy!.shape),
});
