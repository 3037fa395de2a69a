/** Conv2D: a set of filters slid over a picture. */
import { OptionError, ShapeError } from '../../core/errors.ts';
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
  /** Channels and filters are cut into so many runs, and each run of filters sees its run of channels only; default 1. */
  groups?: number;
}

type Config = ConvolutionConfig & WeightConfig<Weights> & { readonly filters: number; readonly groups: number };

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, filters]`. */
export const conv2d: LayerDefinition<Conv2dOptions, Config> = {
  className: 'Conv2D',
  options: ['filters', 'groups', ...convolutionOptionNames, ...weightOptionNames('kernel', 'bias')],
  configure(options, where) {
    const filters = checkCount(where, 'filters', options.filters);
    const groups = checkCount(where, 'groups', options.groups ?? 1);
    if (filters % groups !== 0) {
      throw new OptionError(`${where}: groups must divide the ${filters} filters, received ${groups}.`);
    }
    return {
      filters,
      groups,
      ...checkConvolution(where, options),
      ...checkWeightOptions<Weights>(where, options, { kernel: 'glorotUniform', bias: 'zeros' }),
    };
  },
  weights(config, inputShape, where) {
    const { filters, groups, kernelSize } = config;
    const channels = checkPictures(inputShape, where);
    if (channels % groups !== 0) {
      throw new ShapeError(`${where}: expected groups to divide the ${channels} channels, received ${groups}.`);
    }
    return {
      kernel: weightSpec<Weights>(config, 'kernel', [...kernelSize, channels / groups, filters]),
      ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [filters]) }),
    };
  },
  call({ config, inputs: [x], weights: { kernel, bias } }) {
    const { groups } = config;
    const attributes = { ...windowsOn(x!.shape, config), groups, activation: 'linear' } as const;
    return activation(config.activation)(convolve(x!, kernel!, bias, attributes));
  },
};
