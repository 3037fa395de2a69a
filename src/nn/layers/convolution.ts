/** What the convolutions have in common: how their windows move, and the activation at their end. */

import { checkSwitch } from '../../core/options.ts';
import { type Conv2dAttributes, convolve, kernelExtent } from '../../ops/conv2d.ts';
import type { Value } from '../../ops/op.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import { type Padding, windowFor } from '../../ops/window.ts';
import { type ActivationPart, checkActivation } from '../activations/table.ts';
import { checkDataFormat, checkPadding, checkSize, type DataFormat, type Pair, type Size } from './arguments.ts';

/** Options of every convolution, named as in Keras. */
export interface ConvolutionOptions {
  /** Height and width of a filter. */
  kernelSize: Size;
  /** Steps between places; default 1. */
  strides?: Size;
  /** `valid` (default) or `same`. */
  padding?: Padding;
  /** Gaps between the taps of a filter; default 1: none. */
  dilationRate?: Size;
  /** Only `channelsLast`. */
  dataFormat?: DataFormat;
  /** Default `linear`. */
  activation?: ActivationPart;
  /** Default true. */
  useBias?: boolean;
}

/** The names of these options. */
export const convolutionOptionNames: readonly (keyof ConvolutionOptions)[] = [
  'kernelSize',
  'strides',
  'padding',
  'dilationRate',
  'dataFormat',
  'activation',
  'useBias',
];

/** These options, checked. */
export interface ConvolutionConfig {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilationRate: Pair;
  readonly activation: ActivationPart;
  readonly useBias: boolean;
}

/** Checks the options and fills in the defaults. @throws OptionError that names `where` */
export function checkConvolution(where: string, options: ConvolutionOptions): ConvolutionConfig {
  checkDataFormat(where, options.dataFormat);
  return {
    kernelSize: checkSize(where, 'kernelSize', options.kernelSize),
    strides: checkSize(where, 'strides', options.strides ?? 1),
    padding: checkPadding(where, options.padding ?? 'valid'),
    dilationRate: checkSize(where, 'dilationRate', options.dilationRate ?? 1),
    activation: checkActivation(where, options.activation ?? 'linear'),
    useBias: checkSwitch(where, 'useBias', options.useBias ?? true),
  };
}

/** Rows and columns that a filter spans. */
export function extentOf({ kernelSize, dilationRate }: ConvolutionConfig): [number, number] {
  const [dilationHeight, dilationWidth] = dilationRate;
  return kernelExtent(kernelSize[0], kernelSize[1], { dilationHeight, dilationWidth });
}

/** How the windows lie on pictures of a shape. */
export function windowsOn(
  shape: readonly number[],
  config: ConvolutionConfig,
): Omit<Conv2dAttributes, 'activation' | 'groups'> {
  const [dilationHeight, dilationWidth] = config.dilationRate;
  return { ...windowFor(shape, extentOf(config), config.strides, config.padding), dilationHeight, dilationWidth };
}

/** Filters that see one channel each: a kernel [height, width, channels, multiplier] on pictures. The output has
 * channels · multiplier channels; those of the first input channel come first. */
export function convolveDepthwise(x: Value, kernel: Value, bias: Value | undefined, config: ConvolutionConfig): Value {
  const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number];
  const filters = reshapeTo(kernel, [height, width, 1, channels * multiplier]);
  return convolve(x, filters, bias, { ...windowsOn(x.shape, config), groups: channels, activation: 'linear' });
}
