/** Numbers that a layer's options hold, as a weight that is not trained: one for each channel, in rescaling and
 * normalization. */
import { OptionError, ShapeError } from '../../core/errors.ts';
import { checkNumber, show } from '../../core/options.ts';
import { formatShape, type Shape } from '../../core/shape.ts';
import type { WeightSpec } from './layer.ts';

/** One number, or a list with one for each place of an axis. */
export type NumberOrList = number | readonly number[];

/** Checks a number or a list of numbers. @throws OptionError that names `where` and `name` */
export function checkNumberOrList(where: string, name: string, given: unknown): NumberOrList {
  if (!Array.isArray(given)) return checkNumber(where, name, given);
  if (given.length === 0) {
    throw new OptionError(`${where}: ${name} must be a number or a list of numbers, received ${show(given)}.`);
  }
  return given.map((number) => checkNumber(where, `each number of ${name}`, number));
}

/** The weight of a list, for the last axis of the input; nothing for a number. @throws ShapeError where lengths differ */
export function weightOfList(
  where: string,
  name: string,
  given: NumberOrList,
  inputShape: Shape,
): Record<string, WeightSpec> {
  if (typeof given === 'number') return {};
  if (given.length !== 1 && given.length !== inputShape.at(-1)) {
    throw new ShapeError(
      `${where}: expected ${name} with one number for each of the ${inputShape.at(-1)} places of the last axis of ${formatShape(inputShape)}, received ${given.length}.`,
    );
  }
  return { [name]: fixedWeight(given, [given.length]) };
}

/** A weight of a shape that holds the numbers and is not trained. */
export function fixedWeight(numbers: readonly number[], shape: Shape): WeightSpec {
  const initializer = () => {
    let place = 0;
    return () => numbers[place++]!;
  };
  return { shape, initializer, trainable: false };
}
