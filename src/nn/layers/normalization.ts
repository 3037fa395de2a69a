/** Normalization: (x − mean) / √variance, with numbers that are given or were computed over data by `adapt`. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkNumber, checkSwitch, show } from '../../core/options.ts';
import { elementCount, formatShape, type Shape } from '../../core/shape.ts';
import { add, divide, maximum, multiply, type Operand, sqrt, subtract } from '../../ops/elementwise.ts';
import { resolveAxis } from './arguments.ts';
import { checkNumberOrList, fixedWeight, type NumberOrList } from './fixed-weight.ts';
import type { LayerDefinition } from './layer.ts';

/** Options of `normalization`, named as in Keras. Without `mean` and `variance` they come from `adapt`. */
export interface NormalizationOptions {
  /** The axis or axes of which each place has a mean and variance of its own, counted with the batch; default -1: one for each
   * channel. `null`: one for all values. */
  axis?: number | readonly number[] | null;
  /** A number for all places, or a number for each (row-major where there are several axes). */
  mean?: NumberOrList;
  variance?: NumberOrList;
  /** True computes the way back, x · √variance + mean; default false. */
  invert?: boolean;
}

/** The options, checked. `adapt` writes mean and variance. */
export type NormalizationConfig = {
  readonly axis: number | readonly number[] | null;
  readonly invert: boolean;
  mean?: NumberOrList;
  variance?: NumberOrList;
};

/** Where a variance is 0, this takes the place of its root. */
const smallestDeviation = 1e-7;

/** The configurations of layers whose mean and variance are in use. */
const used = new WeakSet<object>();

/** True where a layer of this configuration has weights already, so that another mean would come too late. */
export function isUsed(config: object): boolean {
  return used.has(config);
}

/** The output has the input's shape. Lists are kept as weights that are not trained. */
export const normalization: LayerDefinition<NormalizationOptions, NormalizationConfig> = {
  className: 'Normalization',
  options: ['axis', 'mean', 'variance', 'invert'],
  configure({ axis = -1, mean, variance, invert = false }, where) {
    if ((mean === undefined) !== (variance === undefined)) {
      throw new OptionError(
        `${where}: mean and variance go together, received ${mean === undefined ? 'variance' : 'mean'} alone.`,
      );
    }
    return {
      axis: checkAxes(where, axis),
      invert: checkSwitch(where, 'invert', invert),
      ...(mean !== undefined && {
        mean: checkNumberOrList(where, 'mean', mean),
        variance: checkVariance(where, variance),
      }),
    };
  },
  weights(config, inputShape, where) {
    const { mean, variance } = config;
    if (mean === undefined || variance === undefined) {
      throw new OptionError(`${where}: expected a mean and a variance, received none. Call adapt(data) first.`);
    }
    const shape = placesOf(where, config.axis, inputShape);
    const weights = Object.entries({ mean, variance }).flatMap(([name, numbers]) => {
      if (typeof numbers === 'number') return [];
      if (numbers.length === elementCount(shape)) return [[name, fixedWeight(numbers, shape)]];
      throw new ShapeError(
        `${where}: expected ${name} with ${elementCount(shape)} numbers for an input ${formatShape(inputShape)}, received ${numbers.length}.`,
      );
    });
    used.add(config);
    return Object.fromEntries(weights);
  },
  call({ config, inputs: [x], weights }) {
    const mean: Operand = weights['mean'] ?? (config.mean as number);
    const deviation: Operand = weights['variance']
      ? maximum(sqrt(weights['variance']), smallestDeviation)
      : Math.max(Math.sqrt(config.variance as number), smallestDeviation);
    return config.invert ? add(multiply(x!, deviation), mean) : divide(subtract(x!, mean), deviation);
  },
};

/** The shape that mean and variance have beside an input: its sizes along the axes that are kept, else 1, without batch. */
export function placesOf(where: string, axis: NormalizationConfig['axis'], inputShape: Shape): Shape {
  const axes = axis === null ? [] : [axis].flat().map((one) => resolveAxis(where, one, inputShape));
  return inputShape.map((size, place) => (axes.includes(place) ? size : 1)).slice(1);
}

function checkAxes(where: string, given: unknown): NormalizationConfig['axis'] {
  const axes = Array.isArray(given) ? given : [given];
  if (given === null || axes.every((axis) => Number.isInteger(axis))) return given as NormalizationConfig['axis'];
  throw new OptionError(`${where}: axis must be a whole number, a list of them or null, received ${show(given)}.`);
}

function checkVariance(where: string, given: unknown): NumberOrList {
  const variance = checkNumberOrList(where, 'variance', given);
  for (const number of [variance].flat()) checkNumber(where, 'variance', number, { min: 0 });
  return variance;
}
