/** Conv2D: a set of filters slid over a picture. */
import { convolve } from '../../ops/conv2d.ts';
import { activation } from '../activations/table.ts';
import { checkCount, checkPictures } from './arguments.ts';
import {
  type ConvolutionConfig,
  type ConvolutionOptions,
  checkConvolution,
  convolutionOptionNames,
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

/** Options of `conv2d`, named as in Keras. The kernel begins as `glorotUniform`, the bias as `zeros`. */
export interface Conv2dOptions extends ConvolutionOptions, WeightOptions<Weights> {
  /** The number of filters: channels of the output. */
  filters: number;
}

type Config = ConvolutionConfig & WeightConfig<Weights> & { readonly filters: number };

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, filters]`. */
export const conv2d: LayerDefinition<Conv2dOptions, Config> = {
  className: 'Conv2D',
  options: ['filters', ...convolutionOptionNames, ...weightOptionNames('kernel', 'bias')],
  configure: (options, where) => ({
    filters: checkCount(where, 'filters', options.filters),
    ...checkConvolution(where, options),
    ...checkWeightOptions<Weights>(where, options, { kernel: 'glorotUniform', bias: 'zeros' }),
  }),
  weights(config, inputShape, where) {
    const channels = checkPictures(inputShape, where);
    return {
      kernel: weightSpec<Weights>(config, 'kernel', [...config.kernelSize, channels, config.filters]),
      ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [config.filters]) }),
    };
  },
  call: ({ config, inputs: [x], weights: { kernel, bias } }) =>
    activation(config.activation)(
      convolve(x!, kernel!, bias, { ...windowsOn(x!.shape, config), activation: 'linear' }),
    ),
};
