/** RandomRot90: quarter turns, for pictures that have no up and down, as those of a microscope. */
import { ShapeError } from '../../../core/errors.ts';
import { formatShape } from '../../../core/shape.ts';
import { equal, floor, multiply, negate, subtract } from '../../../ops/elementwise.ts';
import type { DataFormatOption } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { aboutCentre, moved, transformRows } from './transforms.ts';

/** `randomRot90` takes no options of its own. */
export interface RandomRot90Options extends DataFormatOption {}

/** 0, 1, 2 or 3 quarter turns, equally often; pixels keep their values. Input and output `[batch, size, size, channels]`. */
export const randomRot90: RandomLayer<RandomRot90Options, Record<never, never>, 'transform'> = randomLayer({
  className: 'RandomRot90',
  options: [],
  configure: () => ({}),
  checkShape(shape, where) {
    if (shape[1] === shape[2]) return;
    throw new ShapeError(
      `${where}: expected square pictures [batch, size, size, channels], received ${formatShape(shape)}. Resize or crop them first, or use randomFlip.`,
    );
  },
  draws: () => 1,
  parameters(draws, _, shape) {
    const quarters = floor(multiply(draws.next(), 4));
    const cosine = subtract(equal(quarters, 0), equal(quarters, 2));
    const sine = subtract(equal(quarters, 1), equal(quarters, 3));
    return { transform: transformRows(cosine, aboutCentre(shape, cosine, negate(sine), sine, cosine)) };
  },
  pixels: (x, { transform }) => moved(x, transform, { interpolation: 'nearest', fillMode: 'nearest' }),
});
