/** The penalty for weights whose rows or columns are not orthogonal (Brock et al., 2017), as Keras 3. */
import { ShapeError } from '../../core/errors.ts';
import { checkName, checkNumber } from '../../core/options.ts';
import { formatShape } from '../../core/shape.ts';
import { abs, divide, maximum, multiply, sqrt, square, subtract } from '../../ops/elementwise.ts';
import { matrixProduct } from '../../ops/mat-mul.ts';
import type { Value } from '../../ops/op.ts';
import { sum } from '../../ops/reduce.ts';
import type { PartDefinition } from '../part.ts';

const modes = ['rows', 'columns'] as const;

/** Options of `orthogonalRegularizer`. */
export interface OrthogonalRegularizerOptions {
  /** Default 0.01. */
  readonly factor: number;
  /** What should be orthogonal; default `rows`. */
  readonly mode: (typeof modes)[number];
}

/** factor · the mean of |cos| over pairs of rows or columns. */
export const orthogonalRegularizer: PartDefinition<OrthogonalRegularizerOptions, (x: Value) => Value> = {
  defaults: { factor: 0.01, mode: 'rows' },
  make({ factor, mode }, where) {
    checkNumber(where, 'factor', factor, { min: 0 });
    checkName(where, 'mode', String(mode), modes);
    return (x) => {
      if (x.shape.length !== 2) {
        throw new ShapeError(
          `orthogonalRegularizer: expected a weight of two axes, received ${formatShape(x.shape)}. Choose another regularizer.`,
        );
      }
      const along = mode === 'rows' ? 1 : 0;
      const count = x.shape[1 - along]!;
      const lengths = sqrt(sum(square(x), along, along, 'yes'));
      const unit = divide(x, maximum(lengths, 1e-7));
      const products = matrixProduct(
        unit,
        unit,
        undefined,
        mode === 'rows' ? { transposeB: 'yes' } : { transposeA: 'yes' },
      );
      // The diagonal holds the squares of the lengths, so that no mask is needed.
      const offDiagonal = subtract(sum(abs(products)), sum(square(unit)));
      return multiply(offDiagonal, factor / (count * (count - 1)));
    };
  },
};
