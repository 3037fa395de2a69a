/** Matrix product: y[i, j] = activation(Σ a[i, l] · b[l, j] + bias[j]), with either matrix given transposed. */
import type { Kernel } from './kernel.ts';

export const matMul: Kernel<'matMul'> = ([a, b, bias], [y], { transposeA, transposeB, activation }) => {
  const [m, n] = y!.shape as [number, number];
  const k = a!.shape[transposeA === 'yes' ? 0 : 1]!;
  const [rowStepA, columnStepA] = transposeA === 'yes' ? [1, m] : [k, 1];
  const [rowStepB, columnStepB] = transposeB === 'yes' ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum += a!.values[i * rowStepA + l * columnStepA]! * b!.values[l * rowStepB + j * columnStepB]!;
      }
      if (bias) sum += bias.values[j]!;
      y!.values[i * n + j] = activation === 'relu' ? Math.max(sum, 0) : sum;
    }
  }
};
