/** Ops that move numbers and compute nothing: transposing, parts, margins and arrays one behind the other. */
import type { Kernel, View } from './kernel.ts';

/** Calls `visit` with the coordinates of each element of a shape, in row-major order, and its place there. */
function visitAll(shape: readonly number[], visit: (coordinates: readonly number[], place: number) => void): void {
  const coordinates = shape.map(() => 0);
  const count = shape.reduce((product, size) => product * size, 1);
  for (let place = 0; place < count; place++) {
    visit(coordinates, place);
    for (let axis = shape.length - 1; axis >= 0 && ++coordinates[axis]! === shape[axis]; axis--) coordinates[axis] = 0;
  }
}

/** The place of an element in an array. */
function placeOf(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((place, coordinate, axis) => place * shape[axis]! + coordinate, 0);
}

/** Writes an array into a larger one, from the places `start` on. */
function put(part: View, start: readonly number[], whole: View): void {
  visitAll(part.shape, (coordinates, place) => {
    const target = coordinates.map((coordinate, axis) => coordinate + start[axis]!);
    whole.values[placeOf(target, whole.shape)] = part.values[place]!;
  });
}

/** Axis i of y is axis permutation[i] of x. */
export const transpose: Kernel<'transpose'> = ([x], [y], { permutation }) => {
  visitAll(y!.shape, (coordinates, place) => {
    const source = x!.shape.map((_, axis) => coordinates[permutation.indexOf(axis)]!);
    y!.values[place] = x!.values[placeOf(source, x!.shape)]!;
  });
};

/** y[i, j, …] = x[i + start[0], j + start[1], …]. */
export const slice: Kernel<'slice'> = ([x], [y], { start }) => {
  visitAll(y!.shape, (coordinates, place) => {
    const source = coordinates.map((coordinate, axis) => coordinate + start[axis]!);
    y!.values[place] = x!.values[placeOf(source, x!.shape)]!;
  });
};

/** x within y, and the value around it. */
export const pad: Kernel<'pad'> = ([x], [y], { start, value }) => {
  y!.values.fill(value);
  put(x!, start, y!);
};

/** Each input behind the one before. */
export const concatenate: Kernel<'concatenate'> = (inputs, [y], { axis }) => {
  let first = 0;
  for (const input of inputs) {
    put(
      input,
      y!.shape.map((_, place) => (place === axis ? first : 0)),
      y!,
    );
    first += input.shape[axis]!;
  }
};

/** y[i] = x[indices[i]], with the indices held within x. */
export const take: Kernel<'take'> = ([x, indices], [y]) => {
  const size = y!.values.length / indices!.values.length;
  for (const [place, index] of indices!.values.entries()) {
    const from = Math.min(Math.max(index, 0), x!.shape[0]! - 1) * size;
    y!.values.set(x!.values.subarray(from, from + size), place * size);
  }
};
