/** A tensor on the host: a shape, a dtype and a typed array. Nothing to dispose of. */
import { arrayClass, type DType, dtypes, type TypedArray } from './dtype.ts';
import { OptionError, ShapeError } from './errors.ts';
import { checkName, show } from './options.ts';
import { elementCount, formatShape, type Shape } from './shape.ts';

/** Numbers in row-major order with their shape; images are `[batch, height, width, channels]`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** Nested lists of numbers, as literals are written. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * Makes a tensor from a typed array and a shape, or from nested lists.
 *
 * @param values numbers in row-major order, or nested lists whose nesting gives the shape
 * @param shape sizes of the axes; required with a typed array, checked with lists
 * @param dtype the element type; by default that of the typed array, or float32
 * @throws ShapeError where the number of values and the shape differ, or where lists are ragged
 * @example
 * const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * // x.shape is [4, 2]
 */
export function tensor(values: TypedArray | NestedNumbers, shape?: Shape, dtype?: DType): Tensor {
  const isTyped = ArrayBuffer.isView(values);
  if (shape !== undefined && shape !== null && !isShape(shape)) {
    throw new OptionError(`tensor: expected a shape as a list of sizes, as [2, 3], received ${show(shape)}.`);
  }
  const listShape = isTyped ? [values.length] : shapeOf(values);
  const finalShape = [...(shape ?? listShape)];
  const finalType = checkName('tensor', 'dtype', dtype ?? (isTyped ? typeOf(values) : 'float32'), dtypes);
  const flat = isTyped ? values : flatten(values, listShape);
  if (flat.length !== elementCount(finalShape)) {
    throw new ShapeError(
      `tensor: expected ${elementCount(finalShape)} values for shape ${formatShape(finalShape)}, received ${flat.length}.`,
    );
  }
  const Numbers = arrayClass(finalType);
  return { shape: finalShape, dtype: finalType, data: flat instanceof Numbers ? flat : Numbers.from(flat) };
}

/** Whether it is one tensor, by its parts. */
export function isTensor(given: unknown): given is Tensor {
  return typeof given === 'object' && given !== null && 'data' in given && 'dtype' in given && 'shape' in given;
}

/**
 * Returns what a user gave where it is a tensor whose parts belong together.
 *
 * @param what `inputs`, `targets`, `x`
 * @throws OptionError where it is something else; ShapeError where numbers and shape differ
 */
export function checkTensor(where: string, what: string, given: unknown): Tensor {
  if (!isTensor(given)) throw noTensor(where, what, given);
  const { shape, dtype, data } = given;
  checkName(where, `dtype of ${what}`, dtype, dtypes);
  if (!isShape(shape) || shape.length === 0 || !ArrayBuffer.isView(data) || elementCount(shape) !== data.length) {
    const numbers = ArrayBuffer.isView(data) ? `${data.length} numbers` : 'no typed array';
    throw new ShapeError(
      `${where}: expected ${what} as a tensor with a typed array of as many numbers as its shape says, received the shape ${show(shape)} with ${numbers}. Make it by tensor(numbers, shape).`,
    );
  }
  return given;
}

/** What is thrown where something else than a tensor was given. */
export function noTensor(where: string, what: string, given: unknown): OptionError {
  const isNumbers = Array.isArray(given) || ArrayBuffer.isView(given);
  return new OptionError(
    `${where}: expected ${what} as a tensor, received ${isNumbers ? 'a list' : show(given)}. Write tensor([[0, 1], [1, 0]]), or tensor(numbers, [examples, height, width, channels]).`,
  );
}

function isShape(given: unknown): given is Shape {
  return Array.isArray(given) && given.every((size) => Number.isInteger(size) && size >= 0);
}

function typeOf(array: TypedArray): DType {
  if (array instanceof Uint8Array) return 'uint8';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof Uint16Array) return 'uint16';
  if (array instanceof Int8Array) return 'int8';
  return 'float32';
}

function shapeOf(values: NestedNumbers): number[] {
  const shape: number[] = [];
  let level: NestedNumbers = values;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0] ?? 0;
  }
  return shape;
}

function flatten(values: NestedNumbers, shape: readonly number[]): number[] {
  const flat: number[] = [];
  const visit = (value: NestedNumbers, depth: number): void => {
    if (typeof value === 'number') {
      if (depth !== shape.length) throw raggedError(shape);
      flat.push(value);
      return;
    }
    if (!Array.isArray(value)) {
      throw new OptionError(
        `tensor: expected numbers, nested lists of them or a typed array, received ${show(value)}. Write tensor([[0, 1], [1, 0]]).`,
      );
    }
    if (value.length !== shape[depth]) throw raggedError(shape);
    for (const part of value) visit(part, depth + 1);
  };
  visit(values, 0);
  return flat;
}

function raggedError(shape: readonly number[]): ShapeError {
  return new ShapeError(
    `tensor: expected lists of equal lengths, received ragged ones (the first ones give ${formatShape(shape)}).`,
  );
}
