/** GroupNormalization: the channels of each example, in groups, get mean 0 and variance 1 over all places, then a trained
 * scale and shift (Wu and He, 2018). One group of all channels is layer normalization, a group for each channel instance
 * normalization. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkNumber } from '../../core/options.ts';
import { elementCount, formatShape } from '../../core/shape.ts';
import { multiply } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { reshapeTo } from '../../ops/reshape.ts';
import { checkCount, checkFeatures } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkNormalizing,
  type NormalizingConfig,
  type NormalizingOptions,
  normalize,
  normalizingOptionNames,
  normalizingWeights,
} from './normalizing.ts';

/** Options of `groupNormalization`, named as in Keras. */
export interface GroupNormalizationOptions extends NormalizingOptions {
  /** The number of groups, a divisor of the number of channels; -1: one for each channel. Default 32. */
  groups?: number;
  /** Only -1: the channels are the last axis. */
  axis?: number;
}

type Config = NormalizingConfig & {
  readonly groups: number;
  readonly axis: number;
};

/** Input and output `[batch, …, channels]`. */
export const groupNormalization: LayerDefinition<GroupNormalizationOptions, Config> = {
  className: 'GroupNormalization',
  options: ['groups', 'axis', ...normalizingOptionNames],
  configure: ({ groups = 32, axis = -1, ...options }, where) => ({
    groups: groups === -1 ? -1 : checkCount(where, 'groups', groups),
    axis: checkNumber(where, 'axis', axis, { integer: true }),
    ...checkNormalizing(where, options),
  }),
  weights(config, inputShape, where) {
    const channels = checkFeatures(inputShape, where);
    if (config.axis !== -1 && config.axis !== inputShape.length - 1) {
      throw new OptionError(
        `${where}: axis must be -1, the last one, where cajal has the channels, received ${config.axis}.`,
      );
    }
    if (config.groups !== -1 && channels % config.groups !== 0) {
      throw new ShapeError(
        `${where}: expected groups to divide the ${channels} channels of ${formatShape(inputShape)}, received ${config.groups}.`,
      );
    }
    return normalizingWeights(config, [channels]);
  },
  call({ config, inputs: [x], weights: { gamma, beta } }) {
    const channels = x!.shape.at(-1)!;
    const groups = config.groups === -1 ? channels : config.groups;
    const places = elementCount(x!.shape.slice(1, -1));
    const inGroup = [groups, channels / groups];
    const grouped = reshapeTo(x!, [x!.shape[0]!, places, ...inGroup]);
    const share = 1 / (places * (channels / groups));
    const meanOf = (value: Value) => multiply(sum(sum(value, 3, 3, 'yes'), 1, 1, 'yes'), share);
    const weights = { gamma: gamma && reshapeTo(gamma, inGroup), beta: beta && reshapeTo(beta, inGroup) };
    return reshapeTo(normalize(grouped, meanOf, { epsilon: config.epsilon, ...weights }).y, x!.shape);
  },
};
