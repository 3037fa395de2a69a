/** Class numbers from probabilities: the place of each row's largest number, as NumPy's `argmax(axis=-1)`. */
import { ShapeError } from './errors.ts';
import { formatShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/**
 * The place of the largest number in each row, counted from 0; of equal ones the first. A row is the last axis.
 *
 * @param x predictions `[examples, classes]`, or any tensor with at least one axis
 * @returns one place per row, in order: `[examples]`
 * @throws ShapeError where `x` has no axis, or rows without numbers
 * @example
 * const classes = argMax(await model.predict(pictures)); // 7 2 1 0 4 …
 */
export function argMax({ data, shape }: Tensor): Uint32Array {
  const width = shape.at(-1) ?? 0;
  if (width === 0) {
    throw new ShapeError(
      `argMax: expected rows of at least one number, received a tensor of shape ${formatShape(shape)}.`,
    );
  }
  return Uint32Array.from({ length: data.length / width }, (_, row) => {
    let best = row * width;
    for (let place = best + 1; place < (row + 1) * width; place++) if (data[place]! > data[best]!) best = place;
    return best - row * width;
  });
}
