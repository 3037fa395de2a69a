/** BatchNormalization: each channel gets mean 0 and variance 1 over the batch, then a trained scale and shift (Ioffe and
 * Szegedy, 2015). Outside training, and in a frozen layer, moving statistics stand in for those of the batch. */
import { OptionError } from '../../core/errors.ts';
import { checkNumber } from '../../core/options.ts';
import { elementCount } from '../../core/shape.ts';
import { add, divide, multiply, subtract } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { withoutGradient } from '../../ops/stop-gradient.ts';
import { checkInitializer, type InitializerPart } from '../initializers/table.ts';
import { checkFeatures } from './arguments.ts';
import type { CallContext, LayerDefinition } from './layer.ts';
import {
  checkNormalizing,
  type NormalizingConfig,
  type NormalizingOptions,
  normalize,
  normalizingOptionNames,
  normalizingWeights,
  scaleOf,
} from './normalizing.ts';

/** Options of `batchNormalization`, named as in Keras. */
export interface BatchNormalizationOptions extends NormalizingOptions {
  /** Only -1: each place of the last axis has statistics of its own. */
  axis?: number;
  /** The share of the old moving statistics that stays at each step; default 0.99. */
  momentum?: number;
  /** Default `zeros`. */
  movingMeanInitializer?: InitializerPart;
  /** Default `ones`. */
  movingVarianceInitializer?: InitializerPart;
}

type Config = NormalizingConfig & {
  readonly axis: number;
  readonly momentum: number;
  readonly movingMeanInitializer: InitializerPart;
  readonly movingVarianceInitializer: InitializerPart;
};

/** Input and output `[batch, …, channels]`. */
export const batchNormalization: LayerDefinition<BatchNormalizationOptions, Config> = {
  className: 'BatchNormalization',
  options: ['axis', 'momentum', ...normalizingOptionNames, 'movingMeanInitializer', 'movingVarianceInitializer'],
  configure: (options, where) => ({
    axis: checkNumber(where, 'axis', options.axis ?? -1, { integer: true }),
    momentum: checkNumber(where, 'momentum', options.momentum ?? 0.99, { min: 0, max: 1 }),
    ...checkNormalizing(where, options),
    movingMeanInitializer: checkInitializer(where, options.movingMeanInitializer ?? 'zeros'),
    movingVarianceInitializer: checkInitializer(where, options.movingVarianceInitializer ?? 'ones'),
  }),
  weights(config, inputShape, where) {
    const shape = [checkFeatures(inputShape, where)];
    if (config.axis !== -1 && config.axis !== inputShape.length - 1) {
      throw new OptionError(
        `${where}: axis must be -1, the last one, where cajal has the channels, received ${config.axis}.`,
      );
    }
    const { movingMeanInitializer, movingVarianceInitializer } = config;
    return {
      ...normalizingWeights(config, shape),
      movingMean: { shape, initializer: movingMeanInitializer, trainable: false },
      movingVariance: { shape, initializer: movingVarianceInitializer, trainable: false },
    };
  },
  call: (context) => (context.training && context.trainable ? callInTraining(context) : callInInference(context)),
};

/** One multiply-add for each value: scale and shift are computed once for each channel. */
function callInInference({ config, inputs: [x], weights }: CallContext<Config>): Value {
  const scale = scaleOf(weights['movingVariance']!, config.epsilon, weights['gamma']);
  const shift = subtract(weights['beta'] ?? 0, multiply(weights['movingMean']!, scale));
  return add(multiply(x!, scale), shift);
}

function callInTraining({ graph, config, inputs: [x], weights, assign }: CallContext<Config>): Value {
  const places = elementCount(x!.shape.slice(1, -1));
  const count = multiply(graph.scalar('batchSize'), places);
  const last = x!.shape.length - 1;
  const meanOf = (value: Value) => divide(sum(value, 0, last - 1), count);
  const { gamma, beta } = weights;
  const { y, mean, variance } = normalize(x!, meanOf, { epsilon: config.epsilon, gamma, beta });
  const moved = (name: string, value: Value) => {
    const kept = multiply(weights[name]!, config.momentum);
    assign(name, add(kept, multiply(withoutGradient(value), 1 - config.momentum)));
  };
  moved('movingMean', mean);
  moved('movingVariance', variance);
  return y;
}
