/** Constraints on lengths, as Keras 3: each unit's weights, along some axes, are made longer or shorter. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { add, clip, divide, multiply, sqrt, square } from '../../ops/elementwise.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import type { PartDefinition } from '../part.ts';

/** Keras's fuzz factor. */
const epsilon = 1e-7;

/** Along which axes a length is measured. */
export interface NormOptions {
  /** One or several; default 0, the inputs of a dense kernel. `[0, 1, 2]` are those of a convolution's. */
  axis: number | readonly number[];
}

/** Options of `maxNorm`. */
export interface MaxNormOptions extends NormOptions {
  /** Default 2. */
  maxValue: number;
}

/** Options of `minMaxNorm`. */
export interface MinMaxNormOptions extends NormOptions {
  /** Default 0. */
  minValue: number;
  /** Default 1. */
  maxValue: number;
  /** How far each update goes towards the bounds; 1 holds them strictly, the default. */
  rate: number;
}

type Row<Options extends NormOptions> = PartDefinition<Options, (weight: Value) => Value>;

// A list, because a default that is a number would refuse lists.
const axis: number | readonly number[] = [0];

/** w · clip(n, 0, max) / (ε + n), n = ‖w‖ along the axes. */
export const maxNorm: Row<MaxNormOptions> = {
  defaults: { maxValue: 2, axis },
  make({ maxValue, axis }, where) {
    checkNumber(where, 'maxValue', maxValue, { min: 0 });
    const normOf = norm(where, axis);
    return (weight) => {
      const length = normOf(weight);
      return scaled(weight, clip(length, 0, maxValue), length);
    };
  },
};

/** w · (rate · clip(n, min, max) + (1 − rate) · n) / (ε + n). */
export const minMaxNorm: Row<MinMaxNormOptions> = {
  defaults: { minValue: 0, maxValue: 1, rate: 1, axis },
  make({ minValue, maxValue, rate, axis }, where) {
    checkNumber(where, 'minValue', minValue, { min: 0 });
    checkNumber(where, 'maxValue', maxValue, { min: minValue });
    checkNumber(where, 'rate', rate, { min: 0, max: 1 });
    const normOf = norm(where, axis);
    return (weight) => {
      const length = normOf(weight);
      const bound = clip(length, minValue, maxValue);
      return scaled(weight, rate === 1 ? bound : add(multiply(bound, rate), multiply(length, 1 - rate)), length);
    };
  },
};

/** w / (ε + n). */
export const unitNorm: Row<NormOptions> = {
  defaults: { axis },
  make({ axis }, where) {
    const normOf = norm(where, axis);
    return (weight) => divide(weight, add(normOf(weight), epsilon));
  },
};

function scaled(weight: Value, desired: Value, length: Value): Value {
  return multiply(weight, divide(desired, add(length, epsilon)));
}

/** The length along the axes, which stay with length 1. */
function norm(where: string, given: number | readonly number[]): (weight: Value) => Value {
  const axes = typeof given === 'number' ? [given] : given;
  if (!Array.isArray(axes) || axes.length === 0 || !axes.every(Number.isInteger)) {
    throw new OptionError(
      `${where}: axis must be a whole number or a list of them, received ${show(given)}. Use 0 for dense kernels, [0, 1, 2] for convolutions.`,
    );
  }
  return (weight) => {
    const { length } = weight.shape;
    const isSummed = weight.shape.map((_, place) => axes.includes(place) || axes.includes(place - length));
    if (axes.some((place) => place >= length || place < -length)) {
      throw new ShapeError(
        `${where}: expected axes of a weight of shape ${formatShape(weight.shape)}, received ${show(given)}. Use axes from 0 to ${length - 1}.`,
      );
    }
    const sums = isSummed.reduce<Value>((x, sums, place) => (sums ? sum(x, place, place, 'yes') : x), square(weight));
    return sqrt(sums);
  };
}
