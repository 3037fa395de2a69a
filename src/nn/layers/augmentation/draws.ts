/** The random numbers of one call of a layer, taken one after the other, and ranges that they are spread over. */
import { batchAxis } from '../../../core/shape.ts';
import { add, multiply } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { reshapeTo } from '../../../ops/reshape.ts';
import { sliceOf } from '../../../ops/slice.ts';

/** A lower and an upper bound. */
export type Range = readonly [number, number];

/** Hands out the columns of `[batch, count]` uniform numbers. */
export class Draws {
  readonly #numbers: Value;
  #taken = 0;

  constructor(numbers: Value) {
    this.#numbers = numbers;
  }

  /** A number for each picture, `[batch, 1, 1, 1]`, uniform from `low` to below `high`. */
  next([low, high]: Range = [0, 1]): Value {
    return spread(reshapeTo(this.#take(1), [batchAxis, 1, 1, 1]), [low, high]);
  }

  /** Numbers of the given shape for each picture, `[batch, ...shape]`, uniform from 0 to below 1. */
  nextOf(shape: readonly number[]): Value {
    const count = shape.reduce((product, size) => product * size, 1);
    return reshapeTo(this.#take(count), [batchAxis, ...shape]);
  }

  #take(count: number): Value {
    const first = this.#taken;
    this.#taken += count;
    if (first === 0 && count === this.#numbers.shape[1]) return this.#numbers;
    return sliceOf(this.#numbers, [0, first], [batchAxis, count]);
  }
}

/** Uniform numbers in [0, 1) spread over a range. */
export function spread(drawn: Value, [low, high]: Range): Value {
  if (low === 0 && high === 1) return drawn;
  const scaled = multiply(drawn, high - low);
  return low === 0 ? scaled : add(scaled, low);
}
