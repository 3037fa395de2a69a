/** Matrix product with an optional bias and activation: y = activation(a·b + bias). */
import { ShapeError } from '../core/errors.ts';
import { batchAxis, formatShape } from '../core/shape.ts';
import { type AttributesOf, applyOne, choice, defineOp, type OpDefinition, type Value } from './op.ts';
import { sum } from './reduce.ts';

const fields = {
  transposeA: choice('no', 'yes'),
  transposeB: choice('no', 'yes'),
  activation: choice('linear', 'relu'),
};
type Attributes = AttributesOf<typeof fields>;

/** Inputs: a [m, k] (or [k, m] transposed), b [k, n] (or [n, k]), and optionally bias [n]. */
export const matMul: OpDefinition<typeof fields> = defineOp({
  fields,
  infer([a, b, bias], { transposeA, transposeB }, where) {
    const [m, k] = transposeA === 'yes' ? [a!.shape[1], a!.shape[0]] : a!.shape;
    const [k2, n] = transposeB === 'yes' ? [b!.shape[1], b!.shape[0]] : b!.shape;
    if (a!.shape.length !== 2 || b!.shape.length !== 2 || k !== k2) {
      throw new ShapeError(
        `${where}: expected two matrices with equal inner sizes, received ${formatShape(a!.shape)} and ${formatShape(b!.shape)}.`,
      );
    }
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== n)) {
      throw new ShapeError(`${where}: expected a bias of shape [${n}], received ${formatShape(bias.shape)}.`);
    }
    return [{ shape: [m!, n!], dtype: 'float32' }];
  },
  gradient({ inputs: [a, b, bias], outputs: [y], gradients: [gradient], attributes }) {
    if (!gradient) return [];
    const dy = attributes.activation === 'relu' ? applyOne('reluGradient', [gradient, y!], {}) : gradient;
    const { transposeA, transposeB } = attributes;
    const da =
      transposeA === 'yes'
        ? product(b!, dy, transposeB, 'yes')
        : product(dy, b!, 'no', transposeB === 'yes' ? 'no' : 'yes');
    const db =
      transposeB === 'yes'
        ? product(dy, a!, 'yes', transposeA)
        : product(a!, dy, transposeA === 'yes' ? 'no' : 'yes', 'no');
    return bias ? [da, db, sum(dy, 0, 0)] : [da, db];
  },
  flops([a], [y], { transposeA }) {
    const k = a!.shape[transposeA === 'yes' ? 0 : 1]!;
    const [m, n] = y!.shape;
    return 2 * Math.abs(m! * n!) * (k === batchAxis ? 1 : k);
  },
});

function product(a: Value, b: Value, transposeA: 'no' | 'yes', transposeB: 'no' | 'yes'): Value {
  return applyOne('matMul', [a, b], { transposeA, transposeB, activation: 'linear' });
}

/** a·b + bias. */
export function matrixProduct(a: Value, b: Value, bias?: Value, attributes?: Partial<Attributes>): Value {
  return applyOne('matMul', bias ? [a, b, bias] : [a, b], {
    transposeA: 'no',
    transposeB: 'no',
    activation: 'linear',
    ...attributes,
  });
}
