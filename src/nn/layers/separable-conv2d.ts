/** SeparableConv2D: filters that see one channel each, and then a mixture of the channels at each place: far fewer weights
 * than a convolution (Chollet, 2017). */
import { convolve } from '../../ops/conv2d.ts';
import { windowFor } from '../../ops/window.ts';
import { activation } from '../activations/table.ts';
import { checkCount, checkPictures } from './arguments.ts';
import {
  type ConvolutionConfig,
  type ConvolutionOptions,
  checkConvolution,
  convolutionOptionNames,
  convolveDepthwise,
} from './convolution.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkWeightOptions,
  type WeightConfig,
  type WeightOptions,
  weightOptionNames,
  weightSpec,
} from './weight-options.ts';

type Weights = 'depthwise' | 'pointwise' | 'bias';

/** Options of `separableConv2d`, named as in Keras. Both kernels begin as `glorotUniform`, the bias as `zeros`. */
export interface SeparableConv2dOptions extends ConvolutionOptions, WeightOptions<Weights> {
  /** The number of mixtures: channels of the output. */
  filters: number;
  /** Filters for each channel of the input; default 1. */
  depthMultiplier?: number;
}

type Config = ConvolutionConfig &
  WeightConfig<Weights> & { readonly filters: number; readonly depthMultiplier: number };

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, filters]`. */
export const separableConv2d: LayerDefinition<SeparableConv2dOptions, Config> = {
  className: 'SeparableConv2D',
  options: [
    'filters',
    'depthMultiplier',
    ...convolutionOptionNames,
    ...weightOptionNames('depthwise', 'pointwise', 'bias'),
  ],
  configure: (options, where) => ({
    filters: checkCount(where, 'filters', options.filters),
    depthMultiplier: checkCount(where, 'depthMultiplier', options.depthMultiplier ?? 1),
    ...checkConvolution(where, options),
    ...checkWeightOptions<Weights>(where, options, {
      depthwise: 'glorotUniform',
      pointwise: 'glorotUniform',
      bias: 'zeros',
    }),
  }),
  weights(config, inputShape, where) {
    const { filters, depthMultiplier, kernelSize } = config;
    const channels = checkPictures(inputShape, where);
    return {
      depthwiseKernel: weightSpec<Weights>(config, 'depthwise', [...kernelSize, channels, depthMultiplier]),
      pointwiseKernel: weightSpec<Weights>(config, 'pointwise', [1, 1, channels * depthMultiplier, filters]),
      ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [filters]) }),
    };
  },
  call({ config, inputs: [x], weights: { depthwiseKernel, pointwiseKernel, bias } }) {
    const features = convolveDepthwise(x!, depthwiseKernel!, undefined, config);
    const window = windowFor(features.shape, [1, 1], [1, 1], 'valid');
    const attributes = { ...window, dilationHeight: 1, dilationWidth: 1, activation: 'linear' } as const;
    return activation(config.activation)(convolve(features, pointwiseKernel!, bias, attributes));
  },
};
