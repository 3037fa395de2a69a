/** Checks of what functions of the user's own return where a value of a graph belongs: layers, regularizers, constraints,
 * optimizers and losses are written in ops, and a forgotten `return` or a plain number must not go unseen. */
import { OptionError, ShapeError } from '../core/errors.ts';
import { show } from '../core/options.ts';
import { batchAxis, formatShape } from '../core/shape.ts';
import type { Value } from '../ops/op.ts';

/** Returns what was given where it is a value. @throws OptionError where it is something else */
export function checkValue(where: string, given: unknown): Value {
  if (isValue(given)) return given;
  throw new OptionError(
    `${where}: expected a value that ops give, received ${show(given)}. Return what a function of cajal/ops gives.`,
  );
}

/** Returns a value for each example. @throws OptionError where it is no value; ShapeError where the batch axis is lost */
export function checkBatchValue(where: string, given: unknown): Value {
  const value = checkValue(where, given);
  if (value.shape[0] === batchAxis) return value;
  throw new ShapeError(
    `${where}: expected an output for each example, a value of shape [batch, …], received ${formatShape(value.shape)}. Sum or average over the other axes only.`,
  );
}

/** Returns one number, plain or in a graph. @throws OptionError where it is something else */
export function checkOneNumber<Given>(where: string, given: Given): Given {
  if (Number.isFinite(given) || (isValue(given) && given.shape.length === 0)) return given;
  const received = isValue(given) ? `a value of shape ${formatShape(given.shape)}` : show(given);
  throw new OptionError(`${where}: expected one number, received ${received}. Sum over all axes.`);
}

function isValue(given: unknown): given is Value {
  return typeof given === 'object' && given !== null && 'node' in given && 'shape' in given;
}
