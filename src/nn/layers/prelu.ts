/** PReLU: x above 0, a trained multiple of x below (He et al., 2015). */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { multiply, negate, relu, subtract } from '../../ops/elementwise.ts';
import { checkFeatures, resolveAxis } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkWeightOptions,
  type WeightConfig,
  type WeightOptions,
  weightOptionNames,
  weightSpec,
} from './weight-options.ts';

/** Options of `prelu`, named as in Keras. The multiples begin as `zeros`. */
export interface PReluOptions extends WeightOptions<'alpha'> {
  /** Axes along which all places have one multiple, counted with the batch: `[1, 2]` for one of each channel of a picture. */
  sharedAxes?: number | readonly number[];
}

type Config = WeightConfig<'alpha'> & {
  readonly sharedAxes?: readonly number[];
};

/** The output has the input's shape. */
export const prelu: LayerDefinition<PReluOptions, Config> = {
  className: 'PReLU',
  options: [...weightOptionNames('alpha'), 'sharedAxes'],
  configure: (options, where) => ({
    ...checkWeightOptions<'alpha'>(where, options, { alpha: 'zeros' }),
    ...(options.sharedAxes !== undefined && { sharedAxes: checkAxes(where, options.sharedAxes) }),
  }),
  weights(config, inputShape, where) {
    checkFeatures(inputShape, where);
    const shared = new Set(config.sharedAxes?.map((axis) => resolveAxis(where, axis, inputShape)));
    const shape = inputShape.map((size, axis) => (shared.has(axis) ? 1 : size)).slice(1);
    return { alpha: weightSpec<'alpha'>(config, 'alpha', shape) };
  },
  call: ({ inputs: [x], weights: { alpha } }) => subtract(relu(x!), multiply(relu(negate(x!)), alpha!)),
};

function checkAxes(where: string, given: unknown): readonly number[] {
  const axes = typeof given === 'number' ? [given] : given;
  if (Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis))) return axes;
  throw new OptionError(`${where}: sharedAxes must be whole numbers, as [1, 2], received ${show(given)}.`);
}
