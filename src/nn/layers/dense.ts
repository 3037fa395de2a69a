/** Dense: every output reads every input. */
import { checkSwitch } from '../../core/options.ts';
import { elementCount } from '../../core/shape.ts';
import { convolve } from '../../ops/conv2d.ts';
import { matrixProduct } from '../../ops/mat-mul.ts';
import type { Value } from '../../ops/op.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import { windowFor } from '../../ops/window.ts';
import { type ActivationPart, activation, checkActivation } from '../activations/table.ts';
import { checkCount, checkFeatures } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkWeightOptions,
  type WeightConfig,
  type WeightOptions,
  weightOptionNames,
  weightSpec,
} from './weight-options.ts';

type Weights = 'kernel' | 'bias';

/** Options of `dense`, named as in Keras. The kernel begins as `glorotUniform`, the bias as `zeros`. */
export interface DenseOptions extends WeightOptions<Weights> {
  /** The number of outputs. */
  units: number;
  /** Default `linear`. */
  activation?: ActivationPart;
  /** Default true. */
  useBias?: boolean;
}

type Config = WeightConfig<Weights> & {
  readonly units: number;
  readonly activation: ActivationPart;
  readonly useBias: boolean;
};

/** Input `[batch, …, features]`, output `[batch, …, units]`. */
export const dense: LayerDefinition<DenseOptions, Config> = {
  className: 'Dense',
  options: ['units', 'activation', 'useBias', ...weightOptionNames('kernel', 'bias')],
  configure: (options, where) => ({
    units: checkCount(where, 'units', options.units),
    activation: checkActivation(where, options.activation ?? 'linear'),
    useBias: checkSwitch(where, 'useBias', options.useBias ?? true),
    ...checkWeightOptions<Weights>(where, options, { kernel: 'glorotUniform', bias: 'zeros' }),
  }),
  weights: (config, inputShape, where) => ({
    kernel: weightSpec<Weights>(config, 'kernel', [checkFeatures(inputShape, where), config.units]),
    ...(config.useBias && { bias: weightSpec<Weights>(config, 'bias', [config.units]) }),
  }),
  call({ config, inputs: [x], weights: { kernel, bias } }) {
    const product = x!.shape.length === 2 ? matrixProduct : productOfRows;
    return activation(config.activation)(product(x!, kernel!, bias));
  },
};

/** The product over the last axis of more than two, as a convolution with 1×1 filters: rows of different examples stay apart,
 * because the number of examples is known only when a program runs. */
function productOfRows(x: Value, kernel: Value, bias: Value | undefined): Value {
  const features = x.shape.at(-1)!;
  const rows = reshapeTo(x, [x.shape[0]!, 1, elementCount(x.shape.slice(1, -1)), features]);
  const filters = reshapeTo(kernel, [1, 1, ...kernel.shape]);
  const window = windowFor(rows.shape, [1, 1], [1, 1], 'valid');
  const attributes = { ...window, dilationHeight: 1, dilationWidth: 1, activation: 'linear' } as const;
  const y = convolve(rows, filters, bias, attributes);
  return reshapeTo(y, [...x.shape.slice(0, -1), kernel.shape[1]!]);
}
