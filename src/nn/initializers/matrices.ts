/** Initializers that see a weight as a matrix: orthogonal (Saxe et al., 2014) and identity, as Keras 3. */
import { ShapeError } from '../../core/errors.ts';
import { elementCount, formatShape, type Shape } from '../../core/shape.ts';
import type { PartDefinition } from '../part.ts';
import { type Initializer, type SeededDefaults, seeded } from './initializer.ts';

/** Options of `orthogonal`. */
export interface OrthogonalOptions extends SeededDefaults {
  /** What the matrix is multiplied by; default 1. */
  readonly gain: number;
}

/** Options of `identity`. */
export interface IdentityOptions {
  /** What the matrix is multiplied by; default 1. */
  readonly gain: number;
}

/** Rows of `length` numbers made orthonormal, one after another (Gram and Schmidt, modified), in place. The R of such a QR has
 * a positive diagonal, which makes Q uniform among orthogonal matrices where the numbers are normal (Mezzadri, 2007). */
export function orthonormalize(rows: readonly Float64Array[]): void {
  rows.forEach((row, index) => {
    let squares = 0;
    for (const number of row) squares += number * number;
    const scale = 1 / Math.sqrt(squares);
    for (let place = 0; place < row.length; place++) row[place]! *= scale;
    for (let other = index + 1; other < rows.length; other++) {
      const next = rows[other]!;
      let share = 0;
      for (let place = 0; place < row.length; place++) share += row[place]! * next[place]!;
      for (let place = 0; place < row.length; place++) next[place]! -= share * row[place]!;
    }
  });
}

/** All axes but the last are the matrix's rows, as for the kernel of a convolution. Whichever are fewer, rows or columns, are
 * orthogonal and of length 1. */
export const orthogonal: PartDefinition<OrthogonalOptions, Initializer> = {
  defaults: { gain: 1, seed: undefined },
  make: (options, where) =>
    seeded(where, options, (shape, random) => {
      if (shape.length < 2) {
        throw new ShapeError(
          `orthogonal: expected a weight of two axes or more, received ${formatShape(shape)}. Choose another initializer.`,
        );
      }
      const columns = shape.at(-1)!;
      const rows = elementCount(shape) / columns;
      const length = Math.max(rows, columns);
      const vectors = Array.from({ length: Math.min(rows, columns) }, () =>
        Float64Array.from({ length }, () => random.normal()),
      );
      orthonormalize(vectors);
      let place = 0;
      return () => {
        const row = Math.floor(place / columns);
        const column = place++ % columns;
        return options.gain * (rows < columns ? vectors[row]![column]! : vectors[column]![row]!);
      };
    }),
};

/** Ones on the diagonal, zeros elsewhere. */
export const identity: PartDefinition<IdentityOptions, Initializer> = {
  defaults: { gain: 1 },
  make:
    ({ gain }) =>
    (shape: Shape) => {
      if (shape.length !== 2) {
        throw new ShapeError(
          `identity: expected a weight of two axes, received ${formatShape(shape)}. Choose another initializer.`,
        );
      }
      const columns = shape[1]!;
      let place = 0;
      return () => {
        const isDiagonal = Math.floor(place / columns) === place % columns;
        place++;
        return isDiagonal ? gain : 0;
      };
    },
};
