/** Conv2D: a set of filters slid over a picture. */
import { ShapeError } from '../../core/errors.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import { convolve, kernelExtent } from '../../ops/conv2d.ts';
import { type Padding, windowFor } from '../../ops/window.ts';
import { type ActivationName, activation, checkActivation } from '../activations/table.ts';
import { checkInitializer, type InitializerPart } from '../initializers/table.ts';
import { checkCount, checkPadding, checkSize, type Size } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `conv2d`, named as in Keras. */
export interface Conv2dOptions {
  /** The number of filters: channels of the output. */
  filters: number;
  /** Height and width of a filter. */
  kernelSize: Size;
  /** Steps between places; default 1. */
  strides?: Size;
  /** `valid` (default) or `same`. */
  padding?: Padding;
  /** Gaps between the taps of a filter; default 1: none. */
  dilationRate?: Size;
  /** Default `linear`. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorotUniform`. */
  kernelInitializer?: InitializerPart;
  /** Default `zeros`. */
  biasInitializer?: InitializerPart;
}

type Pair = readonly [number, number];
type Config = Omit<Required<Conv2dOptions>, 'kernelSize' | 'strides' | 'dilationRate'> &
  Record<'kernelSize' | 'strides' | 'dilationRate', Pair>;

/** Input `[batch, height, width, channels]`, output `[batch, newHeight, newWidth, filters]`. */
export const conv2d: LayerDefinition<Conv2dOptions, Config> = {
  className: 'Conv2D',
  options: [
    'filters',
    'kernelSize',
    'strides',
    'padding',
    'dilationRate',
    'activation',
    'useBias',
    'kernelInitializer',
    'biasInitializer',
  ],
  configure: (options, where) => ({
    filters: checkCount(where, 'filters', options.filters),
    kernelSize: checkSize(where, 'kernelSize', options.kernelSize),
    strides: checkSize(where, 'strides', options.strides ?? 1),
    padding: checkPadding(where, options.padding ?? 'valid'),
    dilationRate: checkSize(where, 'dilationRate', options.dilationRate ?? 1),
    activation: checkActivation(where, options.activation ?? 'linear'),
    useBias: options.useBias ?? true,
    kernelInitializer: checkInitializer(where, options.kernelInitializer ?? 'glorotUniform'),
    biasInitializer: checkInitializer(where, options.biasInitializer ?? 'zeros'),
  }),
  weights(config, inputShape, where) {
    const channels = checkPictures(inputShape, where);
    const kernel = [...config.kernelSize, channels, config.filters];
    return {
      kernel: { shape: kernel, initializer: config.kernelInitializer, trainable: true },
      ...(config.useBias && {
        bias: { shape: [config.filters], initializer: config.biasInitializer, trainable: true },
      }),
    };
  },
  call({ config, inputs: [x], weights: { kernel, bias } }) {
    const [dilationHeight, dilationWidth] = config.dilationRate;
    const extent = kernelExtent(config.kernelSize[0], config.kernelSize[1], { dilationHeight, dilationWidth });
    const window = windowFor(x!.shape, extent, config.strides, config.padding);
    const attributes = { ...window, dilationHeight, dilationWidth, activation: 'linear' } as const;
    return activation(config.activation)(convolve(x!, kernel!, bias, attributes));
  },
};

/** The channels of a picture's shape. @throws ShapeError where it is not `[batch, height, width, channels]` */
export function checkPictures(shape: Shape, where: string): number {
  if (shape.length !== 4) {
    throw new ShapeError(
      `${where}: expected pictures [batch, height, width, channels], received ${formatShape(shape)}.`,
    );
  }
  return shape[3]!;
}
