/** Dense: every output reads every input. */
import { ShapeError } from '../../core/errors.ts';
import { formatShape } from '../../core/shape.ts';
import { matrixProduct } from '../../ops/mat-mul.ts';
import { type ActivationName, activation, checkActivation } from '../activations/table.ts';
import { checkInitializer, type InitializerPart } from '../initializers/table.ts';
import { checkCount } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `dense`, named as in Keras. */
export interface DenseOptions {
  /** The number of outputs. */
  units: number;
  /** Default `linear`. */
  activation?: ActivationName;
  /** Default true. */
  useBias?: boolean;
  /** Default `glorotUniform`. */
  kernelInitializer?: InitializerPart;
  /** Default `zeros`. */
  biasInitializer?: InitializerPart;
}

/** Input `[batch, features]`, output `[batch, units]`. */
export const dense: LayerDefinition<DenseOptions, Required<DenseOptions>> = {
  className: 'Dense',
  options: ['units', 'activation', 'useBias', 'kernelInitializer', 'biasInitializer'],
  configure: (options, where) => ({
    units: checkCount(where, 'units', options.units),
    activation: checkActivation(where, options.activation ?? 'linear'),
    useBias: options.useBias ?? true,
    kernelInitializer: checkInitializer(where, options.kernelInitializer ?? 'glorotUniform'),
    biasInitializer: checkInitializer(where, options.biasInitializer ?? 'zeros'),
  }),
  weights({ units, useBias, kernelInitializer, biasInitializer }, inputShape, where) {
    if (inputShape.length !== 2) {
      throw new ShapeError(
        `${where}: expected features [batch, features], received ${formatShape(inputShape)}. Put a flatten layer before it.`,
      );
    }
    return {
      kernel: { shape: [inputShape[1]!, units], initializer: kernelInitializer, trainable: true },
      ...(useBias && { bias: { shape: [units], initializer: biasInitializer, trainable: true } }),
    };
  },
  call: ({ config, inputs: [x], weights: { kernel, bias } }) =>
    activation(config.activation)(matrixProduct(x!, kernel!, bias)),
};
