/** Average pooling and its gradient: the mean of a window is the mean of its rows' means. */
import type { AttributesFor } from '../../ops/table.ts';
import type { Kernel } from './kernel.ts';
import { turned, type Weights, weighPictures } from './weigh-axis.ts';

/** Along one axis: each place of a window that lies in the picture counts alike. */
function axisWeights(outputs: number, length: number, pool: number, stride: number, padding: number): Weights {
  return Array.from({ length: outputs }, (_, i) => {
    const isMet = (place: number) => place >= i * stride - padding && place < i * stride - padding + pool;
    const met = Array.from({ length }, (__, place) => (isMet(place) ? 1 : 0));
    const count = Math.max(
      met.reduce<number>((total, one) => total + one, 0),
      1,
    );
    return met.map((one) => one / count);
  });
}

function weightsOf(
  pictures: readonly number[],
  pooled: readonly number[],
  attributes: AttributesFor<'averagePool2d'>,
): [rows: Weights, columns: Weights] {
  const { poolHeight, poolWidth, strideHeight, strideWidth, paddingTop, paddingLeft } = attributes;
  return [
    axisWeights(pooled[1]!, pictures[1]!, poolHeight, strideHeight, paddingTop),
    axisWeights(pooled[2]!, pictures[2]!, poolWidth, strideWidth, paddingLeft),
  ];
}

/** y = the mean of each window's places that lie in the picture. */
export const averagePool2d: Kernel<'averagePool2d'> = ([x], [y], attributes) => {
  weighPictures(x!, y!, ...weightsOf(x!.shape, y!.shape, attributes));
};

/** dx = what each place counts for, times dy there. */
export const averagePool2dGradient: Kernel<'averagePool2dGradient'> = ([dy], [dx], attributes) => {
  const [rows, columns] = weightsOf(dx!.shape, dy!.shape, attributes);
  weighPictures(dy!, dx!, turned(rows, dx!.shape[1]!), turned(columns, dx!.shape[2]!));
};
