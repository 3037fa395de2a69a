/** Transforms of pictures, written in ops: the 8 numbers of `affineTransform`, one set for each picture. They lead from a place
 * of the result to the place of the picture that is shown there. */
import { batchAxis, type Shape } from '../../../core/shape.ts';
import { type AffineTransformOptions, transformPictures } from '../../../ops/affine-transform.ts';
import { concatenateAll } from '../../../ops/concatenate.ts';
import { add, broadcastTo, multiply, negate, type Operand, subtract } from '../../../ops/elementwise.ts';
import type { Value } from '../../../ops/op.ts';
import { reshapeTo } from '../../../ops/reshape.ts';

/** x' = a0 · x + a1 · y + a2, y' = b0 · x + b1 · y + b2; values are `[batch, 1, 1, 1]`. */
export type Affine = readonly [a0: Operand, a1: Operand, a2: Operand, b0: Operand, b1: Operand, b2: Operand];

/** The place in the middle of pictures: between the middle pixels where their number is even. */
export function centreOf(shape: Shape): { x: number; y: number } {
  return { x: (shape[2]! - 1) / 2, y: (shape[1]! - 1) / 2 };
}

/** A turn, stretch or shear [a0, a1, b0, b1] about the middle, which stays where it is. */
export function aboutCentre(shape: Shape, a0: Operand, a1: Operand, b0: Operand, b1: Operand): Affine {
  const { x, y } = centreOf(shape);
  const offset = (middle: number, first: Operand, second: Operand) =>
    minus(middle, plus(times(first, x), times(second, y)));
  return [a0, a1, offset(x, a0, a1), b0, b1, offset(y, b0, b1)];
}

/** `[batch, 8]`: an affine transform and c0 = c1 = 0, or all 8 numbers of a projective one. */
export function transformRows(like: Value, numbers: readonly Operand[]): Value {
  const { graph } = like;
  const rows = [...numbers, 0, 0].slice(0, 8).map((number) => {
    const value = typeof number === 'number' ? graph.constant(number) : number;
    return reshapeTo(broadcastTo(value, [batchAxis, 1, 1, 1]), [batchAxis, 1]);
  });
  return concatenateAll(rows as [Value, ...Value[]]);
}

/** First `inner`, then `outer`: from places of the result through both. */
export function composed(outer: Affine, inner: Affine): Affine {
  const [a0, a1, a2, b0, b1, b2] = outer;
  const [c0, c1, c2, d0, d1, d2] = inner;
  return [
    plus(times(a0, c0), times(a1, d0)),
    plus(times(a0, c1), times(a1, d1)),
    plus(plus(times(a0, c2), times(a1, d2)), a2),
    plus(times(b0, c0), times(b1, d0)),
    plus(times(b0, c1), times(b1, d1)),
    plus(plus(times(b0, c2), times(b1, d2)), b2),
  ];
}

/** The pictures under the transforms `[batch, 8]`. */
export function moved(x: Value, transform: Value, options: AffineTransformOptions): Value {
  return transformPictures(x, transform, options);
}

function plus(a: Operand, b: Operand): Operand {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  return b === 0 ? a : add(a, b);
}

function minus(a: Operand, b: Operand): Operand {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (b === 0) return a;
  return a === 0 ? negate(b as Value) : subtract(a, b);
}

function times(a: Operand, b: Operand): Operand {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  return b === 1 ? a : multiply(a, b);
}
