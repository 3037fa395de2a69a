/** LayerNormalization: each example gets mean 0 and variance 1 over its last axes, then a trained scale and shift (Ba et al.,
 * 2016). */
import { OptionError } from '../../core/errors.ts';
import { show } from '../../core/options.ts';
import { elementCount, formatShape, type Shape } from '../../core/shape.ts';
import { multiply } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import { resolveAxis } from './arguments.ts';
import type { LayerDefinition } from './layer.ts';
import {
  checkNormalizing,
  type NormalizingConfig,
  type NormalizingOptions,
  normalize,
  normalizingOptionNames,
  normalizingWeights,
} from './normalizing.ts';

/** Options of `layerNormalization`, named as in Keras. */
export interface LayerNormalizationOptions extends NormalizingOptions {
  /** The axis or axes over which an example is normalized: the last one (default, -1), or a run that ends there. */
  axis?: number | readonly number[];
}

type Config = NormalizingConfig & {
  readonly axis: number | readonly number[];
};

/** Input and output `[batch, …]`. */
export const layerNormalization: LayerDefinition<LayerNormalizationOptions, Config> = {
  className: 'LayerNormalization',
  options: ['axis', ...normalizingOptionNames],
  configure: (options, where) => ({
    axis: checkAxes(where, options.axis ?? -1),
    ...checkNormalizing(where, options),
  }),
  weights: (config, inputShape, where) =>
    normalizingWeights(config, inputShape.slice(firstAxis(config.axis, inputShape, where))),
  call({ config, inputs: [x], weights: { gamma, beta } }) {
    const first = firstAxis(config.axis, x!.shape, 'LayerNormalization');
    const last = x!.shape.length - 1;
    const share = 1 / elementCount(x!.shape.slice(first));
    const meanOf = (value: Value) => multiply(sum(value, first, last, 'yes'), share);
    return normalize(x!, meanOf, { epsilon: config.epsilon, gamma, beta }).y;
  },
};

function checkAxes(where: string, given: unknown): number | readonly number[] {
  const axes = typeof given === 'number' ? [given] : given;
  if (Array.isArray(axes) && axes.length > 0 && axes.every((axis) => Number.isInteger(axis))) {
    return given as number | readonly number[];
  }
  throw new OptionError(`${where}: axis must be a whole number or a list of them, received ${show(given)}.`);
}

/** The first of the axes, which must reach to the last of the shape without a gap. */
function firstAxis(axis: number | readonly number[], shape: Shape, where: string): number {
  const axes = [axis].flat().map((one) => resolveAxis(where, one, shape));
  const first = Math.min(...axes);
  if (new Set(axes).size === axes.length && axes.length === shape.length - first) return first;
  throw new OptionError(
    `${where}: axis must be the last axis or a run of axes that ends there, received ${show(axis)} for an input ${formatShape(shape)}.`,
  );
}
