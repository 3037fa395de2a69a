/** RandomShear: pictures whose rows or columns slide. */
import { greater, multiply, rescale } from '../../../ops/elementwise.ts';
import { aroundZero, checkFactor, type Factor } from './picture-options.ts';
import { type RandomLayer, randomLayer } from './random-layer.ts';
import { checkMoving, type MovingConfig, type MovingOptions, movingOptions, samplingOf } from './sampling-options.ts';
import { moved, transformRows } from './transforms.ts';

/** Options of `randomShear`. */
export interface RandomShearOptions extends MovingOptions {
  /** How far each row slides, in pixels for each row of the picture above it: from −factor to factor, or between the two numbers
   * and in either direction; 0 … 1, default 0. */
  xFactor?: Factor;
  /** The same for columns. */
  yFactor?: Factor;
}

type Config = { readonly xFactor: Factor; readonly yFactor: Factor } & MovingConfig;

/** The first row and the first column stay, as in Keras. Input and output `[batch, height, width, channels]`. */
export const randomShear: RandomLayer<RandomShearOptions, Config, 'transform'> = randomLayer({
  className: 'RandomShear',
  options: ['xFactor', 'yFactor', ...movingOptions],
  configure: ({ xFactor = 0, yFactor = 0, ...moving }, where) => ({
    xFactor: checkFactor(where, 'xFactor', xFactor, { min: 0, max: 1 }),
    yFactor: checkFactor(where, 'yFactor', yFactor, { min: 0, max: 1 }),
    ...checkMoving(where, moving),
  }),
  draws: () => 3,
  parameters(draws, { xFactor, yFactor }) {
    const side = rescale(greater(draws.next(), 0.5), -2, 1);
    const x = multiply(draws.next(aroundZero(xFactor)), side);
    const y = multiply(draws.next(aroundZero(yFactor)), side);
    return { transform: transformRows(x, [1, x, 0, y, 1, 0]) };
  },
  pixels: (x, { transform }, config) => moved(x, transform, samplingOf(config)),
});
