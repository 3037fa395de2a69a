/** Shapes: lists of sizes, channels last. The first size may be `batchSize` (-1): known only when a program runs. */
import { ShapeError } from './errors.ts';

/** Sizes of each axis; images are `[batch, height, width, channels]`. */
export type Shape = readonly number[];

/** Stands for the batch axis, whose size is known only at run time. */
export const batchAxis = -1;

/** The number of elements, with `batch` in place of the batch axis. */
export function elementCount(shape: Shape, batch = 1): number {
  let count = 1;
  for (const size of shape) count *= size === batchAxis ? batch : size;
  return count;
}

/** True where the shape has the symbolic batch axis. */
export function hasBatch(shape: Shape): boolean {
  return shape[0] === batchAxis;
}

/** The shape with a number in place of the batch axis. */
export function withBatch(shape: Shape, batch: number): number[] {
  return shape.map((size) => (size === batchAxis ? batch : size));
}

/** `[batch, 28, 28, 1]`: a shape as messages print it. */
export function formatShape(shape: Shape): string {
  return `[${shape.map((size) => (size === batchAxis ? 'batch' : String(size))).join(', ')}]`;
}

/** True where both shapes have the same sizes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The shape of `a ∘ b` under NumPy's broadcasting; the batch axis broadcasts against itself and against 1. */
export function broadcastShapes(a: Shape, b: Shape, where: string): number[] {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ShapeError(
        `${where}: expected shapes that broadcast together, received ${formatShape(a)} and ${formatShape(b)}. ` +
          'Sizes must be equal or 1, counted from the last axis.',
      );
    }
    result.push(sizeA === 1 ? sizeB : sizeA);
  }
  return result;
}
