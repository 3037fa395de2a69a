/** Conv2DTranspose: the way back through a convolution, which makes pictures larger: each input value lays its multiple of the
 * filters over the output. */
import { OptionError } from '../../core/errors.ts';
import { transposedConvolve } from '../../ops/conv2d.ts';
import { add } from '../../ops/elementwise.ts';
import { activation } from '../activations/table.ts';
import { checkCount, checkPictures, checkSize, type Pair, type Size } from './arguments.ts';
import {
  type ConvolutionConfig,
  type ConvolutionOptions,
  checkConvolution,
  convolutionOptionNames,
  extentOf,
  windowsOn,
} from './convolution.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkWeightOptions,
  type WeightConfig,
  type WeightOptions,
  weightOptionNames,
  weightSpec,
} from './weight-options.ts';

type Weights = 'kernel' | 'bias';

/** Options of `conv2dTranspose`, named as in Keras. The kernel begins as `glorotUniform`, the bias as `zeros`. */
export interface Conv2dTransposeOptions extends ConvolutionOptions, WeightOptions<Weights> {
  /** The number of filters: channels of the output. */
  filters: number;
  /** Rows and columns added at the end of the smallest possible output, below the strides. By default the output is
   * `strides` times the input, and larger by what the filter reaches over with padding `valid`. */
  outputPadding?: Size;
}

type Config = ConvolutionConfig & WeightConfig<Weights> & { readonly filters: number; readonly outputPadding?: Pair };

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, filters]`. */
export const conv2dTranspose: LayerDefinition<Conv2dTransposeOptions, Config> = {
  className: 'Conv2DTranspose',
  options: ['filters', 'outputPadding', ...convolutionOptionNames, ...weightOptionNames('kernel', 'bias')],
  configure(options, where) {
    const convolution = checkConvolution(where, options);
    const outputPadding = checkOutputPadding(where, options.outputPadding, convolution.strides);
    return {
      filters: checkCount(where, 'filters', options.filters),
      ...(outputPadding && { outputPadding }),
      ...convolution,
      ...checkWeightOptions<Weights>(where, options, { kernel: 'glorotUniform', bias: 'zeros' }),
    };
  },
  weights(config, inputShape, where) {
    const { filters, kernelSize } = config;
    const channels = checkPictures(inputShape, where);
    return {
      kernel: weightSpec<Weights>(config, 'kernel', [...kernelSize, filters, channels]),
      ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [filters]) }),
    };
  },
  call({ config, inputs: [x], weights: { kernel, bias } }) {
    const [height, width] = [0, 1].map((axis) => outputSize(x!.shape[axis + 1]!, axis, config)) as [number, number];
    const windows = windowsOn([x!.shape[0]!, height, width, config.filters], config);
    const y = transposedConvolve(x!, kernel!, { ...windows, height, width });
    return activation(config.activation)(bias ? add(y, bias) : y);
  },
};

function checkOutputPadding(where: string, given: unknown, strides: Pair): Pair | undefined {
  if (given === undefined || given === null) return undefined;
  const padding = checkSize(where, 'outputPadding', given, 0);
  if (padding[0] < strides[0] && padding[1] < strides[1]) return padding;
  throw new OptionError(
    `${where}: outputPadding must be below the strides [${strides.join(', ')}], received [${padding.join(', ')}].`,
  );
}

/** The size of the output along an axis, as Keras on TensorFlow has it. */
function outputSize(size: number, axis: number, config: Config): number {
  const extent = extentOf(config)[axis]!;
  const stride = config.strides[axis]!;
  const added = config.outputPadding?.[axis];
  if (config.padding === 'same')
    return added === undefined ? size * stride : (size - 1) * stride + (extent % 2) + added;
  return (size - 1) * stride + extent + (added ?? Math.max(stride - extent, 0));
}
