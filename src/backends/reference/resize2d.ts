/** Resizing of pictures and its gradient, from the formula in src/ops/resize2d.ts. */
import type { AttributesFor } from '../../ops/table.ts';
import type { Kernel } from './kernel.ts';
import { turned, type Weights, weighPictures } from './weigh-axis.ts';

type Attributes = AttributesFor<'resize2d'>;

function triangle(distance: number): number {
  return Math.max(1 - Math.abs(distance), 0);
}

function cubic(distance: number): number {
  const d = Math.abs(distance);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}

function axisWeights(size: number, length: number, { interpolation, antialias }: Attributes): Weights {
  return Array.from({ length: size }, (_, i) => {
    if (interpolation === 'nearest') {
      const nearest = Math.floor(((2 * i + 1) * length) / (2 * size));
      return Array.from({ length }, (__, place) => (place === nearest ? 1 : 0));
    }
    const at = ((i + 0.5) * length) / size - 0.5;
    const spread = antialias === 'yes' ? Math.max(length / size, 1) : 1;
    const kernel = interpolation === 'bilinear' ? triangle : cubic;
    const weights = Array.from({ length }, (__, place) => kernel((at - place) / spread));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  });
}

/** y = the picture in another size. */
export const resize2d: Kernel<'resize2d'> = ([x], [y], attributes) => {
  const [rows, columns] = [1, 2].map((axis) => axisWeights(y!.shape[axis]!, x!.shape[axis]!, attributes));
  weighPictures(x!, y!, rows!, columns!);
};

/** dx = what each pixel counts for, times dy there. */
export const resize2dGradient: Kernel<'resize2dGradient'> = ([dy], [dx], attributes) => {
  const [rows, columns] = [1, 2].map((axis) =>
    turned(axisWeights(dy!.shape[axis]!, dx!.shape[axis]!, attributes), dx!.shape[axis]!),
  );
  weighPictures(dy!, dx!, rows!, columns!);
};
