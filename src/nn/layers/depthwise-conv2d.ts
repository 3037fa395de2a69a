/** DepthwiseConv2D: filters that see one channel each. */
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

type Weights = 'depthwise' | 'bias';

/** Options of `depthwiseConv2d`, named as in Keras. The kernel begins as `glorotUniform`, the bias as `zeros`. */
export interface DepthwiseConv2dOptions extends ConvolutionOptions, WeightOptions<Weights> {
  /** Filters for each channel; default 1. */
  depthMultiplier?: number;
}

type Config = ConvolutionConfig & WeightConfig<Weights> & { readonly depthMultiplier: number };

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, channels · depthMultiplier]`. */
export const depthwiseConv2d: LayerDefinition<DepthwiseConv2dOptions, Config> = {
  className: 'DepthwiseConv2D',
  options: ['depthMultiplier', ...convolutionOptionNames, ...weightOptionNames('depthwise', 'bias')],
  configure: (options, where) => ({
    depthMultiplier: checkCount(where, 'depthMultiplier', options.depthMultiplier ?? 1),
    ...checkConvolution(where, options),
    ...checkWeightOptions<Weights>(where, options, { depthwise: 'glorotUniform', bias: 'zeros' }),
  }),
  weights(config, inputShape, where) {
    const { kernelSize, depthMultiplier } = config;
    const channels = checkPictures(inputShape, where);
    return {
      kernel: weightSpec<Weights>(config, 'depthwise', [...kernelSize, channels, depthMultiplier]),
      ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [channels * depthMultiplier]) }),
    };
  },
  call: ({ config, inputs: [x], weights: { kernel, bias } }) =>
    activation(config.activation)(convolveDepthwise(x!, kernel!, bias, config)),
};
